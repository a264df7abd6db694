//! Letters on their way out: what is due is handed to the server for mail, and
//! what it says of each is kept.

use std::time::Duration;

use serde_json::json;

use crate::base::{Patience, Time};
use crate::journal::{self, Actor, Entry};
use crate::mail::letter::Body;
use crate::mail::model::State;
use crate::mail::server::Server;
use crate::mail::smtp::{Session, Step, Trouble};
use crate::mail::sql::Due;
use crate::mail::{message, sql};
use crate::site::Site;
use crate::store::{Error, Key};

use super::queue::by_system;
use super::{called, key};

/// How often somebody looks whether a letter is due.
const ROUND: Duration = Duration::from_secs(3);
/// Letters over one connection.
const AT_ONCE: u32 = 50;
/// How long letters that are over stay in the list, and those that failed can
/// be sent again.
const KEPT: i64 = 30 * Time::DAY;
const RESENT: i64 = 7 * Time::DAY;

/// Until the server ends.
pub async fn watch(site: Site) {
    let mut round = tokio::time::interval(ROUND);
    let mut pruned = Time(0);
    loop {
        round.tick().await;
        if let Err(error) = deliver(&site).await {
            tracing::error!("letters that wait could not be sent: {error}");
        }
        let now = site.clock.now();
        if now >= pruned.plus(Time::HOUR) {
            pruned = now;
            if let Err(error) = prune(&site, now).await {
                tracing::error!("old letters could not be forgotten: {error}");
            }
        }
    }
}

/// Sends what is due. Gives how many letters left.
pub async fn deliver(site: &Site) -> Result<usize, Error> {
    let now = site.clock.now();
    let find = move |conn: &crate::store::Connection| {
        let due = sql::due(conn, now, AT_ONCE)?;
        let server = if due.is_empty() {
            None
        } else {
            sql::server(conn)?
        };
        Ok::<_, Error>((due, server))
    };
    let (due, kept) = site.system.read(find).await?;
    let Some(kept) = kept else {
        return Ok(0);
    };
    let (out, due): (Vec<Due>, Vec<Due>) = due.into_iter().partition(|due| due.is_out);
    for due in &out {
        over(
            site,
            due,
            (State::Discarded, "whoever it is for is shut out"),
        )
        .await?;
    }
    if due.is_empty() {
        return Ok(0);
    }
    let key = key(site)?;
    let password = kept.password(&key)?;
    let opened = Session::open(&site.egress, &kept.server, password.as_ref(), &called(site)).await;
    let mut session = match opened {
        Ok(session) => session,
        Err(trouble) => {
            for due in &due {
                in_vain(site, due, &trouble).await?;
            }
            return Ok(0);
        }
    };
    let mut left = 0;
    for due in &due {
        match hand_over(&mut session, &kept.server, &key, due).await {
            Ok(()) => {
                over(site, due, (State::Sent, "")).await?;
                left += 1;
            }
            Err(trouble) => {
                in_vain(site, due, &trouble).await?;
                if trouble.is_general() {
                    return Ok(left);
                }
            }
        }
    }
    session.close().await;
    Ok(left)
}

async fn hand_over(
    session: &mut Session,
    server: &Server,
    key: &Key,
    due: &Due,
) -> Result<(), Trouble> {
    let unreadable = |why: String| Trouble {
        step: Step::Message,
        why,
        is_final: true,
    };
    let sealed = due.body.as_deref().unwrap_or_default();
    let body = Body::open(key, due.id, sealed).map_err(|error| unreadable(error.to_string()))?;
    let bytes = message::bytes(
        server,
        (&due.address, &due.name),
        (due.id, due.made),
        (&due.subject, &body),
    )
    .map_err(unreadable)?;
    session.send(&due.address, &bytes).await
}

/// It is over with that letter.
async fn over(site: &Site, due: &Due, (state, why): (State, &'static str)) -> Result<(), Error> {
    let (now, id, tries) = (site.clock.now(), due.id, due.tries + 1);
    let (address, actor) = (due.address.clone(), by_system(due.workspace));
    site.system
        .write(move |tx| {
            sql::end(tx, id, (state, why), now)?;
            let action = match state {
                State::Sent => "letter.sent",
                _ => "letter.discarded",
            };
            if state == State::Sent {
                sql::note(tx, None, now)?;
            }
            let entry = Entry::new(now, &actor, action, address).on("letter", id.to_string());
            journal::record(tx, &entry.with(json!({ "tries": tries, "why": why })))
        })
        .await
}

/// It did not leave: it is tried later, or given up. Only the latter makes a line.
async fn in_vain(site: &Site, due: &Due, trouble: &Trouble) -> Result<(), Error> {
    let (now, id, tries) = (site.clock.now(), due.id, due.tries + 1);
    let (address, actor) = (due.address.clone(), by_system(due.workspace));
    let next = Patience::DAY
        .next(due.made, tries, now)
        .filter(|_| !trouble.is_final);
    let (why, is_general) = (trouble.to_string(), trouble.is_general());
    site.system
        .write(move |tx| {
            if is_general {
                sql::note(tx, Some(&why), now)?;
            }
            if let Some(next) = next {
                return sql::later(tx, id, (tries, next), &why);
            }
            sql::end(tx, id, (State::Failed, &why), now)?;
            let entry = Entry::new(now, &actor, "letter.failed", address);
            let entry = entry.on("letter", id.to_string()).failed(why);
            journal::record(tx, &entry.with(json!({ "tries": tries })))
        })
        .await
}

/// Forgets letters that are over for long.
async fn prune(site: &Site, now: Time) -> Result<(), Error> {
    site.system
        .write(move |tx| {
            let gone = sql::prune(tx, (now.plus(-KEPT), now.plus(-RESENT)))?;
            if gone > 0 {
                let entry = Entry::new(now, &Actor::system(), "letters.forgotten", "mail");
                journal::record(tx, &entry.with(json!({ "rows": gone })))?;
            }
            Ok(())
        })
        .await
}
