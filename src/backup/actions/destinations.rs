//! Destinations: added when they answer, tested, removed with what lies there.

use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::backup::lock::Lock;
use crate::backup::model::{Destination, DestinationId, Error};
use crate::backup::places;
use crate::backup::target::{instance, secret_name, way};
use crate::backup::{prune, sql};
use crate::base::{Secret, text};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;

/// What somebody entered.
#[derive(Clone, Debug)]
pub struct NewDestination {
    pub name: String,
    pub address: String,
    pub secret: Option<Secret>,
    pub pin: String,
    pub is_required: bool,
}

/// A step of a test, and what was wrong with it.
pub(in crate::backup) type Step = (&'static str, Option<String>);

/// Adds a destination, which has to answer and to take this instance's mark.
pub async fn add_destination(
    site: &Site,
    actor: Actor,
    new: NewDestination,
) -> Result<DestinationId, Error> {
    let now = site.clock.now();
    let destination = Destination {
        id: DestinationId::new(now),
        name: text::shorten(new.name.trim(), 100).into_owned(),
        address: new.address.trim().to_owned(),
        pin: new.pin.trim().to_owned(),
        is_required: new.is_required,
        created: now,
        used: None,
        fault: None,
    };
    let kept = secret_name(&destination);
    if let Some(secret) = &new.secret {
        site.keyring.keep(&kept, secret.reveal().as_bytes())?;
    }
    let added = match claim(site, destination.clone()).await {
        Ok(()) => insert(site, actor, destination.clone()).await,
        Err(error) => Err(error),
    };
    if added.is_err() {
        site.keyring.destroy(&kept)?;
    }
    added.map(|()| destination.id)
}

async fn insert(site: &Site, actor: Actor, new: Destination) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::add_destination(tx, &new)?;
            let entry = Entry::new(now, &actor, "backup_destination.added", &new.name);
            let said = json!({ "address": new.address, "required": new.is_required });
            let entry = entry.on("backup_destination", new.id.to_string());
            journal::record(tx, &entry.changed(&Value::Null, &said))?;
            Ok(())
        })
        .await
}

async fn claim(site: &Site, destination: Destination) -> Result<(), Error> {
    let (site, runtime) = (site.clone(), Handle::current());
    let work = move || {
        let lock = Lock::take(&site.config.data)?;
        let way = way(&site, &destination, &runtime)?;
        let data = site.config.data.canonicalize()?;
        if std::path::Path::new(&destination.address).starts_with(&data) {
            return Err(Error::Inside);
        }
        let mut place = places::open(&destination.address, &way)?;
        places::claim(&mut *place, &instance(&site), &lock.folder("mark")?)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| Error::Stopped)?
}

/// Tests a destination step by step, and keeps what came of it.
pub(in crate::backup) async fn check(
    site: &Site,
    actor: Actor,
    id: DestinationId,
) -> Result<Vec<Step>, Error> {
    let find = move |conn: &crate::store::Connection| sql::destination_of(conn, id);
    let found = site.system.read(find).await?;
    let destination = found.ok_or(Error::NoSuchDestination)?;
    let name = destination.name.clone();
    let (here, runtime) = (site.clone(), Handle::current());
    let work = move || {
        let lock = Lock::take(&here.config.data)?;
        let opened = way(&here, &destination, &runtime)
            .and_then(|way| Ok(places::open(&destination.address, &way)?));
        let mut place = match opened {
            Ok(place) => place,
            Err(error) => return Ok(vec![("Reach it and sign in", Some(error.to_string()))]),
        };
        let mut steps = vec![("Reach it and sign in", None)];
        let own = places::check(&mut *place, &instance(&here));
        steps.push((
            "Find the mark of this instance",
            own.err().map(|error| error.to_string()),
        ));
        let tried = places::examine(&mut *place, &lock.folder("test")?);
        let tried = tried.into_iter();
        steps.extend(tried.map(|(step, done)| (step, done.err().map(|error| error.to_string()))));
        Ok::<_, Error>(steps)
    };
    let done = tokio::task::spawn_blocking(work).await;
    let steps = done.map_err(|_panicked| Error::Stopped)??;
    let fault =
        { steps.iter() }.find_map(|(step, fault)| Some(format!("{step}: {}", fault.as_ref()?)));
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::used(tx, id, now, fault.as_deref())?;
            let entry = Entry::new(now, &actor, "backup_destination.tested", name);
            let entry = entry.on("backup_destination", id.to_string());
            journal::record(
                tx,
                &match fault {
                    Some(fault) => entry.failed(fault),
                    None => entry,
                },
            )?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(steps)
}

/// Destroys what lies at a destination, and forgets it. With `anyway` it is
/// forgotten also when what lies there cannot be destroyed.
pub(in crate::backup) async fn remove_destination(
    site: &Site,
    actor: Actor,
    (id, anyway): (DestinationId, bool),
) -> Result<(), Error> {
    let find = move |conn: &crate::store::Connection| sql::destination_of(conn, id);
    let found = site.system.read(find).await?;
    let destination = found.ok_or(Error::NoSuchDestination)?;
    let left = match prune::empty(site, destination.clone()).await {
        Ok(()) => None,
        Err(error) if anyway => Some(error.to_string()),
        Err(error) => return Err(error),
    };
    let now = site.clock.now();
    let (name, secret) = (destination.name.clone(), secret_name(&destination));
    site.system
        .write(move |tx| {
            sql::remove_destination(tx, id)?;
            let entry = Entry::new(now, &actor, "backup_destination.removed", name);
            let entry = entry.on("backup_destination", id.to_string());
            let gone =
                json!({ "address": destination.address, "required": destination.is_required });
            let entry = entry.changed(&gone, &Value::Null);
            journal::record(tx, &entry.with(json!({ "copies_left_because": left })))?;
            Ok::<_, Error>(())
        })
        .await?;
    site.keyring.destroy(&secret)?;
    crate::alerts::settle(site, &format!("backup.destination:{id}")).await?;
    Ok(())
}
