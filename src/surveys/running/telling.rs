//! Suppliers' servers are told how it ended. What waits lies in the file of its survey,
//! put there by the transaction that decided; nobody who answers waits for it. Like
//! answers, this is data: it leaves no line in the journal.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::library::{Error, Fieldwork, State, Surveys};
use super::sql::{self, Due};
use crate::base::{Time, text};
use crate::egress::{Ask, Purpose, Trust};
use crate::site::Site;
use crate::store::{self, Db, project_file};
use crate::web::WorkspaceId;

/// How often somebody looks whether something waits.
const ROUND: Duration = Duration::from_secs(2);
/// Files that nobody has open are looked into as often.
const WIDE_ROUND: i64 = 10 * Time::MINUTE;
/// Of one survey in one round, and in all at the same time.
const AT_ONCE: u32 = 50;
const TOGETHER: usize = 8;
/// How long a server is tried, and the minutes between: then it is given up.
const PATIENCE: i64 = Time::DAY;
const WAITS: [i64; 6] = [1, 5, 15, 60, 120, 240];
/// Letters of a fault that are kept.
const FAULT: usize = 200;

/// Until the server ends.
pub async fn watch(site: Site) {
    let surveys = Surveys::new(site);
    let mut round = tokio::time::interval(ROUND);
    let mut wide = Time(0);
    loop {
        round.tick().await;
        let now = surveys.site.clock.now();
        let is_wide = now >= wide.plus(WIDE_ROUND);
        if is_wide {
            wide = now;
        }
        if let Err(error) = tell(&surveys, is_wide).await {
            tracing::error!("what suppliers are to be told could not be sent: {error}");
        }
    }
}

/// Sends what is due: of the surveys somebody has open, or of all. Gives how many
/// postbacks arrived.
pub async fn tell(surveys: &Surveys, is_wide: bool) -> Result<usize, Error> {
    let site = &surveys.site;
    let mut telling = site.system.read(sql::telling).await?;
    let open: Vec<String> = { site.files.all_open().into_iter() }
        .map(|(name, _)| name)
        .collect();
    telling.retain(|(workspace, id)| is_wide || open.contains(&project_file(*workspace, id)));
    let (places, mut calls) = (Arc::new(Semaphore::new(TOGETHER)), JoinSet::new());
    let now = site.clock.now();
    for (workspace, id) in telling {
        let name = project_file(workspace, &id);
        if !site.files.is_there(&name)? {
            continue;
        }
        let db = site.files.open(&name)?;
        for due in db.read(move |conn| sql::due(conn, now, AT_ONCE)).await? {
            let call = Call {
                surveys: surveys.clone(),
                of: (workspace, id.clone()),
                db: db.clone(),
            };
            let places = Arc::clone(&places);
            calls.spawn(async move {
                let _place = places.acquire().await;
                call.make(due).await
            });
        }
    }
    let mut arrived = 0;
    while let Some(made) = calls.join_next().await {
        let made = made.map_err(|_panicked| store::Error::Closed)?;
        arrived += usize::from(made?);
    }
    Ok(arrived)
}

/// One call to a supplier's server.
struct Call {
    surveys: Surveys,
    of: (WorkspaceId, String),
    db: Db,
}

impl Call {
    /// Whether it arrived.
    async fn make(self, due: Due) -> Result<bool, store::Error> {
        let fault = self.call(&due).await.err();
        let (now, tries) = (self.surveys.site.clock.now(), due.tries + 1);
        let (id, made) = (due.id, due.made);
        let is_told = fault.is_none();
        let end = move |tx: &store::Transaction<'_>| match fault {
            None => sql::over(tx, id, (tries, None), now),
            Some(why) => match next_try(made, tries, now) {
                Some(next) => sql::later(tx, id, (tries, next), &why),
                None => sql::over(tx, id, (tries, Some(&why)), now),
            },
        };
        self.db.write(end).await?;
        Ok(is_told)
    }

    /// What went wrong is said without the address: it tells who somebody is.
    async fn call(&self, due: &Due) -> Result<(), String> {
        let said = |error: &dyn std::fmt::Display| {
            let why = error.to_string().replace(&due.address, "its address");
            text::shorten(&why, FAULT).into_owned()
        };
        let link = self.link(&due.link).await.map_err(|error| said(&error))?;
        let ca = link.ok_or("its link, or the link's supplier, is not here any more")?;
        let client = Trust::new(&ca).and_then(|trust| trust.client());
        let client = client.map_err(|error| said(&error))?;
        // A builder chose the address: only where the configuration file lets it.
        let ask = Ask {
            url: &due.address,
            purpose: Purpose::Linked,
            form: None,
            authorization: None,
        };
        let answer = self.surveys.site.egress.ask(&client, ask).await;
        let answer = answer.map_err(|error| said(&error))?;
        if (200..300).contains(&answer.status) {
            Ok(())
        } else {
            Err(format!("it answered {}", answer.status))
        }
    }

    /// The authority of the server that belongs to the link.
    async fn link(&self, link: &str) -> Result<Option<String>, store::Error> {
        let (workspace, id) = &self.of;
        let of = Fieldwork {
            workspace: *workspace,
            id: id.clone(),
            slug: String::new(),
            version: None,
            state: State::Closed,
            starts: None,
            ends: None,
            draft_at: Time(0),
            made: Time(0),
        };
        let link = self.surveys.link_of(&of, link).await?;
        let supplier = link.and_then(|link| link.exits.supplier);
        Ok(supplier.map(|known| known.ca.clone()))
    }
}

/// When to try again after that many tries; `None`: it is given up.
fn next_try(made: Time, tries: i64, now: Time) -> Option<Time> {
    let end = made.plus(PATIENCE);
    if now >= end {
        return None;
    }
    let at = usize::try_from(tries - 1).unwrap_or_default();
    let wait = WAITS[at.min(WAITS.len() - 1)] * Time::MINUTE;
    // The last try is made when the day is over.
    Some(now.plus(wait).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_tried_for_a_day_and_ever_more_seldom() {
        let made = Time(1_000);
        let (mut now, mut tries, mut waits) = (made, 0, Vec::new());
        loop {
            tries += 1;
            let Some(next) = next_try(made, tries, now) else {
                break;
            };
            waits.push((next.0 - now.0) / Time::MINUTE);
            now = next;
        }

        assert_eq!(waits, [1, 5, 15, 60, 120, 240, 240, 240, 240, 240, 39]);
        assert_eq!(now, made.plus(Time::DAY));
    }
}
