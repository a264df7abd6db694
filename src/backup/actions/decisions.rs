//! What operators decide: plan, recipients, holds, and what is right again.

use serde_json::{Value, json};

use crate::age::Recipient;
use crate::backup::model::{Error, Hold, HoldId, Holder, Plan};
use crate::backup::sql;
use crate::base::{Time, text};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;

const LONGEST: usize = 500;

pub(in crate::backup) async fn set_plan(site: &Site, actor: Actor, new: Plan) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let before = sql::plan(tx)?;
            let new = Plan {
                waits: before.waits.clone(),
                ..new
            };
            sql::set_plan(tx, &new, now)?;
            let entry = Entry::new(now, &actor, "backup.plan_changed", "instance");
            journal::record(tx, &entry.changed(&before.said(), &new.said()))?;
            Ok(())
        })
        .await
}

/// What waited after a restore goes on.
pub async fn go_on(site: &Site, actor: Actor) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let plan = sql::plan(tx)?;
            let waited = plan.waits.clone();
            let plan = Plan {
                waits: None,
                ..plan
            };
            sql::set_plan(tx, &plan, now)?;
            let entry = Entry::new(now, &actor, "backup.went_on", "instance");
            journal::record(tx, &entry.with(json!({ "waited": waited })))?;
            Ok(())
        })
        .await
}

/// Whoever holds that identity can open what is made from now on.
pub async fn add_holder(
    site: &Site,
    actor: Actor,
    name: &str,
    recipient: Recipient,
) -> Result<(), Error> {
    let now = site.clock.now();
    let new = Holder {
        recipient,
        name: text::shorten(name.trim(), LONGEST).into_owned(),
        added: now,
        added_by: actor.name.clone(),
    };
    site.system
        .write(move |tx| {
            let said = json!({ "recipient": new.recipient.to_string() });
            sql::add_holder(tx, &new)?;
            let entry = Entry::new(now, &actor, "backup_recipient.added", &new.name);
            journal::record(tx, &entry.changed(&Value::Null, &said))?;
            Ok(())
        })
        .await
}

pub(in crate::backup) async fn remove_holder(
    site: &Site,
    actor: Actor,
    recipient: Recipient,
) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let known = sql::holders(tx)?;
            let name = { known.into_iter() }
                .find(|one| one.recipient == recipient)
                .map(|one| one.name);
            if !sql::remove_holder(tx, &recipient)? {
                return Err(Error::NoSuchHolder);
            }
            let name = name.unwrap_or_default();
            let entry = Entry::new(now, &actor, "backup_recipient.removed", name);
            let said = json!({ "recipient": recipient.to_string() });
            journal::record(tx, &entry.changed(&said, &Value::Null))?;
            Ok(())
        })
        .await
}

/// Keeps a point, or all of them, until somebody releases them.
pub async fn hold(
    site: &Site,
    actor: Actor,
    reason: &str,
    (point, review): (Option<String>, Time),
) -> Result<HoldId, Error> {
    let now = site.clock.now();
    let new = Hold {
        id: HoldId::new(now),
        reason: text::shorten(reason.trim(), LONGEST).into_owned(),
        point,
        opened: now,
        opened_by: actor.name.clone(),
        review,
        released: None,
    };
    let id = new.id;
    site.system
        .write(move |tx| {
            if let Some(point) = &new.point
                && !sql::points(tx)?.iter().any(|known| known.id == *point)
            {
                return Err(Error::NoPoint);
            }
            sql::add_hold(tx, &new)?;
            let entry = Entry::new(now, &actor, "backup_hold.opened", &new.reason);
            let entry = entry.on("backup_hold", new.id.to_string());
            let said = json!({ "point": new.point, "review": new.review.rfc3339() });
            journal::record(tx, &entry.changed(&Value::Null, &said))?;
            Ok(())
        })
        .await?;
    Ok(id)
}

/// What was held is destroyed with the next round if its time has come.
pub async fn release(site: &Site, actor: Actor, id: HoldId) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            if !sql::release(tx, id, &actor.name, now)? {
                return Err(Error::NoSuchHold);
            }
            let entry = Entry::new(now, &actor, "backup_hold.released", id.to_string());
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await?;
    crate::alerts::settle(site, &format!("backup.hold:{id}")).await?;
    Ok(())
}
