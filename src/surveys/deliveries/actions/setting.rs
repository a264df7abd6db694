//! Deliveries set up, tried and removed.

use serde_json::{Value, json};

use super::going::ended;
use crate::journal::{self, Actor, Entry};
use crate::places::Step;
use crate::site::Site;
use crate::store::{Connection, Transaction};
use crate::surveys::deliveries::form::Given;
use crate::surveys::deliveries::model::{
    Delivery, DeliveryId, Error, Every, State, Whither, sealed,
};
use crate::surveys::deliveries::{lying, sql};
use crate::surveys::keeping::Of;
use crate::surveys::running::Surveys;

/// Deliveries a survey may have.
const MOST: usize = 20;

/// Who does something to the deliveries of a survey.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct By {
    pub(in crate::surveys) of: Of,
    pub(in crate::surveys) actor: Actor,
}

impl By {
    pub(super) fn user(&self) -> String {
        self.actor.user.clone().unwrap_or_default()
    }

    /// A delivery goes on after a visit is over, and leans on who set it up.
    pub(super) fn stays(&self) -> Result<(), Error> {
        if self.actor.grant.is_none() {
            return Ok(());
        }
        let visitor = "who is here on a visit sets nothing up that goes on after it: ask a member of this workspace, or save the file under Exports";
        Err(Error::Refused(visitor.to_owned()))
    }
}

pub(super) async fn found(site: &Site, of: &Of, id: DeliveryId) -> Result<Delivery, Error> {
    let of = of.clone();
    let find = move |conn: &Connection| sql::one(conn, &of, id);
    site.system.read(find).await?.ok_or(Error::Missing)
}

/// What it was before; nothing where it is new, and there is room for it.
async fn before(site: &Site, of: &Of, id: Option<DeliveryId>) -> Result<Option<Delivery>, Error> {
    if let Some(id) = id {
        return found(site, of, id).await.map(Some);
    }
    let of = of.clone();
    let all = site.system.read(move |conn| sql::all(conn, &of)).await?;
    if all.len() < MOST {
        return Ok(None);
    }
    let many = "a survey has at most 20 deliveries: remove one, or change it";
    Err(Error::Refused(many.to_owned()))
}

/// Keeps a delivery, a new one or in the place of what it was. From here on it leans on the
/// right of who keeps it. A secret that was kept stays for the same account only.
pub(in crate::surveys) async fn keep(
    surveys: &Surveys,
    by: &By,
    (id, given): (Option<DeliveryId>, Given),
) -> Result<DeliveryId, Error> {
    by.stays()?;
    let site = &surveys.site;
    let now = site.clock.now();
    let before = before(site, &by.of, id).await?;
    let id = id.unwrap_or_else(|| DeliveryId::new(now));
    let settings = given.settings;
    let account = settings.whither.account().ok_or(Error::NoSecret)?;
    let needs_none = matches!(
        settings.whither,
        Whither::Link {
            has_words: false,
            ..
        }
    );
    let secret = match (&given.secret, &before) {
        _ if needs_none => None,
        (Some(secret), _) => Some(sealed(&surveys.seal()?, (&by.of, id), (&account, secret))?),
        (None, Some(before)) if before.settings.whither.account() == Some(account) => {
            before.secret.clone()
        }
        (None, _) => None,
    };
    if secret.is_none() && !needs_none {
        return Err(Error::NoSecret);
    }
    let new = Delivery {
        of: by.of.clone(),
        id,
        secret,
        is_on: settings.when.every != Every::Never,
        stopped: String::new(),
        // What is past is not made up for.
        slot: settings.when.latest(now),
        changed: now,
        user: by.user(),
        by: by.actor.name.clone(),
        settings,
    };
    let is_new_secret = given.secret.is_some();
    let (actor, old) = (
        by.actor.clone(),
        before.map(|before| before.settings.said()),
    );
    let kept = site.system.write(move |tx| {
        sql::keep(tx, &new)?;
        let entry = Entry::new(now, &actor, "delivery.set", &*new.settings.name);
        let entry = entry.changed(&old.unwrap_or(Value::Null), &new.settings.said());
        let detail = json!({ "delivery": new.id, "signs_in_anew": is_new_secret });
        journal::record(tx, &entry.on("survey", &*new.of.survey).with(detail))?;
        Ok::<_, Error>(())
    });
    kept.await?;
    Ok(id)
}

/// Forgets a delivery. What it has under way does not arrive any more; files that lie here
/// for a link stay until their time is over.
pub(in crate::surveys) async fn remove(site: &Site, by: &By, id: DeliveryId) -> Result<(), Error> {
    let known = found(site, &by.of, id).await?;
    let (now, by) = (site.clock.now(), by.clone());
    let going = site.system.write(move |tx: &Transaction<'_>| {
        if !sql::remove(tx, &by.of, id)? {
            return Err(Error::Missing);
        }
        let entry = Entry::new(now, &by.actor, "delivery.removed", &*known.settings.name);
        let entry = entry.changed(&known.settings.said(), &Value::Null);
        let detail = json!({ "delivery": id });
        journal::record(tx, &entry.on("survey", &*by.of.survey).with(detail))?;
        let mut going = sql::open(tx, Some(by.of.workspace))?;
        going.retain(|one| one.of == by.of && one.delivery == id && one.state != State::There);
        for one in &going {
            let why = "its delivery was removed";
            if let Some(entry) = ended(tx, (one, &by.actor, now), (State::Withdrawn, why))? {
                journal::record(tx, &entry)?;
            }
        }
        Ok(going)
    });
    for one in going.await? {
        lying::remove(site, &one.of, one.id)?;
    }
    Ok(())
}

/// Says that a place was tried, and what came of it.
pub(in crate::surveys) async fn tried(
    site: &Site,
    by: &By,
    delivery: &Delivery,
    steps: &[(Step, Option<String>)],
) -> Result<(), Error> {
    let fault = steps.iter().find_map(|(step, fault)| {
        let fault = fault.as_ref()?;
        Some(format!("{}: {fault}", step.title()))
    });
    let (now, by) = (site.clock.now(), by.clone());
    let (id, settings) = (delivery.id, delivery.settings.clone());
    let said = site.system.write(move |tx| {
        let entry = Entry::new(now, &by.actor, "delivery.tried", settings.name);
        let detail = json!({ "delivery": id, "to": settings.whither.shown() });
        let entry = entry.on("survey", &*by.of.survey).with(detail);
        let entry = match fault {
            Some(fault) => entry.failed(fault),
            None => entry,
        };
        journal::record(tx, &entry)?;
        Ok::<_, Error>(())
    });
    said.await
}
