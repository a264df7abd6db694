//! Proof that backups can be put back: the newest point, by the same way a
//! restore goes, into a folder that is thrown away afterwards; and a look at
//! every byte of every copy.

use std::time::Instant;

use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::keys;
use super::lock::{Lock, clear};
use super::manifest::Manifest;
use super::model::{Destination, Tested};
use super::restore::{Filled, Only, Open, close, fill, settled};
use super::target::{Target, summed};
use super::{Error, actions};
use crate::apps::{self, Apps};
use crate::config::Config;
use crate::data::Data;
use crate::journal::Actor;
use crate::site::{SYSTEM, Site};
use crate::web::WorkspaceId;

/// Puts the newest point back into a scratch folder, compares all of it with
/// its manifest and shows an app of it. The report is signed; a test that fails
/// is told to those who asked for alerts.
pub async fn prove(site: &Site, actor: &Actor) -> Result<Tested, Error> {
    let standing = actions::standing(site).await?;
    let newest = standing.newest().ok_or(Error::NoPoint)?.id.clone();
    let holders = actions::proved_copies(site, &newest).await?;
    // Each destination in its turn: the one whose last test is longest ago.
    let tested = |one: &Destination| {
        let mut tests = standing.tests.iter();
        tests
            .find(|test| test.destination == one.name)
            .map(|test| test.at)
    };
    let destination = { standing.destinations.iter() }
        .filter(|one| holders.contains(&one.id))
        .min_by_key(|one| tested(one))
        .ok_or(Error::NoPoint)?
        .clone();
    let lock = Lock::take(&site.config.data)?;
    let (began, at) = (Instant::now(), site.clock.now());
    let scratch = lock.folder("scratch")?;
    let done = put_back(site, destination.clone(), &newest, &scratch).await;
    clear(&scratch)?;
    drop(lock);
    let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (fault, what) = match done {
        Ok(what) => (None, what),
        Err(error) => (Some(error.to_string()), Value::Null),
    };
    let report = json!({
        "restore_test_of": newest,
        "destination": destination.name,
        "at": at.rfc3339(),
        "took_ms": took,
        "onsight": env!("CARGO_PKG_VERSION"),
        "result": if fault.is_none() { "whole" } else { "failed" },
        "fault": fault,
        "put_back": what,
    })
    .to_string();
    let test = Tested {
        at,
        point: newest,
        destination: destination.name.clone(),
        took,
        signature: site.signer().sign(report.as_bytes()),
        fault,
        report,
    };
    actions::keep_test(site, actor, test.clone()).await?;
    actions::tell_test(site, &test).await?;
    Ok(test)
}

async fn put_back(
    site: &Site,
    destination: Destination,
    point: &str,
    scratch: &std::path::Path,
) -> Result<Value, Error> {
    let (here, runtime) = (site.clone(), Handle::current());
    let (point, into) = (point.to_owned(), scratch.to_owned());
    let work = move || {
        let mut target = Target::open(&here, destination, &runtime);
        let identity = keys::identity(&here.keyring, SYSTEM)?;
        let packs = into.join("packs");
        std::fs::create_dir(&packs)?;
        let mut there = Open {
            place: &mut **target.place()?,
            identities: &[identity],
            scratch: packs.clone(),
        };
        let secrets = there.secrets()?;
        let manifest = there.manifest(&point, &secrets.signing_key()?)?;
        let filled = fill(&mut there, &secrets, &manifest, (Only::Everything, &into))?;
        clear(&packs)?;
        Ok::<_, Error>((filled, manifest, secrets.tombstones))
    };
    let done = tokio::task::spawn_blocking(work).await;
    let (Filled { restored }, manifest, tombstones) =
        done.map_err(|_panicked| Error::Stopped)??;
    let config = Config {
        data: scratch.to_owned(),
        ..site.config.clone()
    };
    let (copy, _) = settled(config, site.clock.clone(), &manifest, tombstones).await?;
    let shown = shown(&copy).await;
    close(copy, scratch).await?;
    Ok(json!({
        "databases": restored.databases,
        "rows": restored.rows,
        "files": restored.files,
        "bytes": restored.bytes,
        "app": shown?,
    }))
}

/// Draws a page of the first app there is in any workspace.
async fn shown(copy: &Site) -> Result<Value, Error> {
    let apps = Apps::new(Data::new(copy.clone()));
    for name in copy.files.names()? {
        let Some(workspace) = WorkspaceId::parse(&name) else {
            continue;
        };
        let drawn = apps::look(&apps, workspace).await;
        let drawn =
            drawn.map_err(|error| Error::Differs(format!("an app cannot be shown: {error}")))?;
        if let Some((id, bytes)) = drawn {
            return Ok(json!({ "id": id, "bytes": bytes }));
        }
    }
    Ok(Value::Null)
}

/// Reads every copy of a point, or of all, and compares it with what was
/// written. Gives what is wrong; a copy that is damaged no longer counts.
pub async fn verify(site: &Site, point: Option<&str>) -> Result<Vec<String>, Error> {
    let standing = actions::standing(site).await?;
    let lock = Lock::take(&site.config.data)?;
    let folder = lock.folder("verify")?;
    let mut wrong = Vec::new();
    for one in &standing.points {
        if point.is_some_and(|wanted| !one.id.starts_with(wanted)) {
            continue;
        }
        let holders = actions::proved_copies(site, &one.id).await?;
        for destination in standing
            .destinations
            .iter()
            .filter(|one| holders.contains(&one.id))
        {
            let (here, to, runtime) = (site.clone(), destination.clone(), Handle::current());
            let (id, scratch) = (one.id.clone(), folder.clone());
            let work = move || read_through(&here, to, &id, (&scratch, &runtime));
            let done = tokio::task::spawn_blocking(work).await;
            if let Err(error) = done.map_err(|_panicked| Error::Stopped)? {
                let why = format!("{} at {}: {error}", one.id, destination.name);
                actions::lost(site, &one.id, destination.clone(), error.to_string()).await?;
                actions::tell_lost(site, &why).await?;
                wrong.push(why);
            }
        }
    }
    clear(&folder)?;
    Ok(wrong)
}

fn read_through(
    site: &Site,
    destination: Destination,
    point: &str,
    (scratch, runtime): (&std::path::Path, &Handle),
) -> Result<(), Error> {
    let mut target = Target::open(site, destination, runtime);
    let identity = keys::identity(&site.keyring, SYSTEM)?;
    let mut there = Open {
        place: &mut **target.place()?,
        identities: &[identity],
        scratch: scratch.to_owned(),
    };
    let manifest: Manifest = there.manifest(point, &site.signer().public())?;
    for pack in manifest.items.iter().flat_map(|item| &item.packs) {
        if summed(&mut *there.place, &pack.path())? != pack.sha256 {
            return Err(Error::Damaged(pack.path()));
        }
    }
    Ok(())
}
