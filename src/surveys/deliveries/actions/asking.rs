//! A delivery asked for, taken back, and taken.

use aws_lc_rs::rand;

use super::going::ended;
use super::setting::{By, found};
use crate::base::Secret;
use crate::journal::{self, Actor, Entry, hex, sha256};
use crate::site::Site;
use crate::store::{self, Transaction};
use crate::surveys::deliveries::model::{
    Delivered, DeliveredId, Delivery, DeliveryId, Error, State,
};
use crate::surveys::deliveries::{lying, sql};

/// A line of the log as it begins: for somebody who asked, or for a moment of the schedule.
pub(super) fn begun(
    delivery: &Delivery,
    (user, by): (String, String),
    (now, slot): (crate::base::Time, Option<crate::base::Time>),
) -> Delivered {
    Delivered {
        of: delivery.of.clone(),
        id: DeliveredId::new(now),
        delivery: delivery.id,
        said: delivery.settings.clone(),
        asked: now,
        user,
        by,
        slot,
        state: State::Waiting,
        why: String::new(),
        tries: 0,
        next: Some(now),
        file: String::new(),
        responses: None,
        bytes: None,
        digest: None,
        file_key: None,
        ended: None,
        expires: None,
        taken: None,
        taken_from: String::new(),
    }
}

/// Asks for one now. A task makes it.
pub(in crate::surveys) async fn ask(
    site: &Site,
    by: &By,
    id: DeliveryId,
) -> Result<DeliveredId, Error> {
    by.stays()?;
    let delivery = found(site, &by.of, id).await?;
    let (now, by) = (site.clock.now(), by.clone());
    let new = begun(&delivery, (by.user(), by.actor.name.clone()), (now, None));
    let asked = site.system.write(move |tx| {
        if sql::has_open(tx, &new.of, new.delivery)? {
            let why = "one of it is on its way already: wait for it, or take it back";
            return Err(Error::Refused(why.to_owned()));
        }
        sql::insert(tx, &new)?;
        let entry = Entry::new(now, &by.actor, "delivery.asked", &*new.said.name);
        let entry = entry.on("survey", &*new.of.survey).with(new.detail());
        journal::record(tx, &entry)?;
        Ok(new.id)
    });
    asked.await
}

async fn line(site: &Site, by: &By, id: DeliveredId) -> Result<Delivered, Error> {
    let of = by.of.clone();
    let find = site.system.read(move |conn| sql::delivered(conn, &of, id));
    find.await?.ok_or(Error::Missing)
}

/// Takes one back that has not arrived, or that lies here, and its link with it.
pub(in crate::surveys) async fn withdraw(
    site: &Site,
    by: &By,
    id: DeliveredId,
) -> Result<(), Error> {
    let one = line(site, by, id).await?;
    if !one.state.is_open() {
        return Err(Error::Refused("it is over already".to_owned()));
    }
    let (now, actor, what) = (site.clock.now(), by.actor.clone(), one.clone());
    let done = site.system.write(move |tx: &Transaction<'_>| {
        let entry = ended(tx, (&what, &actor, now), (State::Withdrawn, ""))?;
        let late = || Error::Refused("it went on meanwhile; look again".to_owned());
        Ok::<_, Error>(journal::record(tx, &entry.ok_or_else(late)?)?)
    });
    done.await?;
    Ok(lying::remove(site, &one.of, one.id)?)
}

/// A link that opens its file once, while it lies here. It is shown now and never again;
/// the one before it opens nothing.
pub(in crate::surveys) async fn make_link(
    site: &Site,
    by: &By,
    id: DeliveredId,
) -> Result<Secret, Error> {
    let one = line(site, by, id).await?;
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    let link = hex(&bytes);
    let (hash, now, actor) = (sha256(link.as_bytes()), site.clock.now(), by.actor.clone());
    let made = site.system.write(move |tx| {
        if !sql::set_link(tx, (&one.of, one.id), (&hash, now))? {
            let gone = "its file does not lie here any more: deliver it again";
            return Err(Error::Refused(gone.to_owned()));
        }
        let entry = Entry::new(now, &actor, "delivery.link_made", &*one.said.name);
        let entry = entry.on("survey", &*one.of.survey).with(one.detail());
        journal::record(tx, &entry)?;
        Ok(())
    });
    made.await?;
    Ok(link.into())
}

/// Uses a link up, and gives what it opens; nothing where it opens none of these.
pub async fn take(site: &Site, actor: Actor, link: &str) -> Result<Option<Delivered>, Error> {
    let (now, hash) = (site.clock.now(), sha256(link.as_bytes()));
    let taken = site.system.write(move |tx| {
        let Some(one) = sql::by_link(tx, &hash, now)? else {
            return Ok(None);
        };
        sql::use_link(tx, (&one.of, one.id), (now, &actor.seen.address))?;
        let actor = actor.in_workspace(one.of.workspace.to_string());
        let entry = Entry::new(now, &actor, "delivery.taken", &*one.said.name);
        let entry = entry.on("survey", &*one.of.survey).with(one.detail());
        journal::record(tx, &entry)?;
        Ok(Some(one))
    });
    taken.await
}
