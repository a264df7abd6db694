//! Hands messages over to webhooks, again and again until they are taken.

use serde_json::json;

use crate::alerts::sql::Due;
use crate::alerts::target::Target;
use crate::alerts::{sql, webhook};
use crate::base::{Patience, Time};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;

use super::key;

/// Messages handed over in one go.
const AT_ONCE: u32 = 20;
/// Of one message: somebody is on duty.
const PATIENCE: Patience = Patience {
    whole: Time::DAY,
    waits: &[
        Time::MINUTE,
        2 * Time::MINUTE,
        5 * Time::MINUTE,
        15 * Time::MINUTE,
        Time::HOUR,
        2 * Time::HOUR,
    ],
};

/// Hands over what is due. Gives how many messages were taken.
pub async fn hand_over(site: &Site) -> Result<usize, Error> {
    let now = site.clock.now();
    let find = move |conn: &crate::store::Connection| {
        let due = sql::due_messages(conn, now, AT_ONCE)?;
        let targets = if due.is_empty() {
            Vec::new()
        } else {
            sql::targets(conn)?
        };
        Ok::<_, Error>((due, targets))
    };
    let (due, targets) = site.system.read(find).await?;
    let mut taken = 0;
    // One that does not answer is asked once in a round.
    let mut silent = Vec::new();
    for due in due {
        let target = targets.iter().find(|target| target.id == due.target);
        let Some(target) = target.filter(|target| !silent.contains(&target.id)) else {
            continue;
        };
        let (key, number) = (key(site)?, due.id.to_string());
        let sent = webhook::send(site, (target, &key), (&number, due.body.clone())).await;
        if sent.is_err() {
            silent.push(target.id);
        }
        taken += usize::from(sent.is_ok());
        went(site, target, due, sent.err()).await?;
    }
    Ok(taken)
}

/// Keeps how it went: taken, tried later, or given up.
async fn went(site: &Site, target: &Target, due: Due, fault: Option<String>) -> Result<(), Error> {
    let now = site.clock.now();
    let (id, shown) = (target.id, target.shown());
    let next = fault
        .as_ref()
        .and_then(|_| PATIENCE.next(due.made, due.tries + 1, now));
    site.system
        .write(move |tx| {
            sql::note_target(tx, id, fault.as_deref(), now)?;
            if let Some(next) = next {
                return sql::message_later(tx, due.id, (due.tries + 1, next));
            }
            sql::drop_message(tx, due.id)?;
            let action = match fault {
                None => "alert.delivered",
                Some(_) => "alert.undelivered",
            };
            let entry = Entry::new(now, &Actor::system(), action, shown);
            let entry = entry.on("alert_target", id.to_string());
            let entry = match fault {
                Some(fault) => entry.failed(fault),
                None => entry,
            };
            journal::record(tx, &entry.with(json!({ "tries": due.tries + 1 })))
        })
        .await
}
