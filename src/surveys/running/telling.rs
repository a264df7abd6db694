//! Suppliers' servers are told how it ended. What waits lies in the file of its survey,
//! put there by the transaction that decided; nobody who answers waits for it. Like
//! answers, this is data: it leaves no line in the journal.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::library::Surveys;
use super::sql::{self, Due};
use crate::base::{Time, text};
use crate::egress::{Ask, Purpose, Trust};
use crate::site::Site;
use crate::store::{Db, Error, Transaction, project_file};
use crate::surveys::personal::{Spot, Vault};
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
    for of in telling {
        // What is wrong with one survey keeps no other's supplier waiting.
        match waiting(site, &of).await {
            Ok(waiting) => {
                for (db, due) in waiting {
                    let call = Call {
                        surveys: surveys.clone(),
                        of: of.clone(),
                        db,
                    };
                    let places = Arc::clone(&places);
                    calls.spawn(async move {
                        let _place = places.acquire().await;
                        call.make(due).await
                    });
                }
            }
            Err(error) => failed(&of.1, &error),
        }
    }
    let mut arrived = 0;
    while let Some(made) = calls.join_next().await {
        match made {
            Ok(is_told) => arrived += usize::from(is_told),
            Err(error) => tracing::error!("a call to a supplier's server broke off: {error}"),
        }
    }
    Ok(arrived)
}

fn failed(survey: &str, error: &Error) {
    tracing::error!(survey.id = %survey, "what suppliers are to be told of survey {survey} could not be sent: {error}");
}

/// The file of a survey; none where nobody ever came, or its answers were deleted.
fn file(site: &Site, (workspace, id): (WorkspaceId, &str)) -> Result<Option<Db>, Error> {
    let name = project_file(workspace, id);
    if site.files.is_there(&name)? {
        site.files.open(&name).map(Some)
    } else {
        Ok(None)
    }
}

/// What is due of one survey, with its file.
async fn waiting(site: &Site, of: &(WorkspaceId, String)) -> Result<Vec<(Db, Due)>, Error> {
    let Some(db) = file(site, (of.0, &of.1))? else {
        return Ok(Vec::new());
    };
    let now = site.clock.now();
    let mut due = db.read(move |conn| sql::due(conn, now, AT_ONCE)).await?;
    if due.iter().any(|due| due.sealed.is_some()) {
        let vault = Vault::of(site, &project_file(of.0, &of.1))?;
        for due in &mut due {
            let sealed = due.sealed.as_deref();
            let spot = Spot::Postback(due.respondent);
            if let Some(address) = sealed.and_then(|sealed| vault.open_text(spot, sealed)) {
                due.address = address;
            }
        }
    }
    Ok(due.into_iter().map(|due| (db.clone(), due)).collect())
}

/// How many postbacks of a survey were given up.
pub async fn given_up(surveys: &Surveys, of: (WorkspaceId, &str)) -> Result<u64, Error> {
    match file(&surveys.site, of)? {
        Some(db) => db.read(sql::given_up).await,
        None => Ok(0),
    }
}

/// Those that were given up wait again. Gives how many. This is data: who asked for it
/// is in the journal before.
pub async fn try_again(surveys: &Surveys, of: (WorkspaceId, &str)) -> Result<usize, Error> {
    let Some(db) = file(&surveys.site, of)? else {
        return Ok(0);
    };
    let now = surveys.site.clock.now();
    db.write(move |tx| sql::try_again(tx, now)).await
}

/// One call to a supplier's server.
struct Call {
    surveys: Surveys,
    of: (WorkspaceId, String),
    db: Db,
}

/// Why a server was not told.
enum Fault {
    /// It is tried again while there is time.
    Now(String),
    /// Nobody wants it told any more.
    ForGood(&'static str),
}

impl Call {
    /// Whether it arrived.
    async fn make(self, due: Due) -> bool {
        let told = self.call(&due).await;
        let (now, tries) = (self.surveys.site.clock.now(), due.tries + 1);
        let (id, made) = (due.id, due.made);
        let is_told = told.is_ok();
        let end = move |tx: &Transaction<'_>| match told {
            Ok(()) => sql::over(tx, id, (tries, None), now),
            Err(Fault::ForGood(why)) => sql::over(tx, id, (due.tries, Some(why)), now),
            Err(Fault::Now(why)) => match next_try(made, tries, now) {
                Some(next) => sql::later(tx, id, (tries, next), &why),
                None => sql::over(tx, id, (tries, Some(&why)), now),
            },
        };
        if let Err(error) = self.db.write(end).await {
            failed(&self.of.1, &error);
        }
        is_told
    }

    /// What went wrong is said without the address: it tells who somebody is.
    async fn call(&self, due: &Due) -> Result<(), Fault> {
        let said = |error: &dyn std::fmt::Display| {
            let why = error.to_string().replace(&due.address, "its address");
            Fault::Now(text::shorten(&why, FAULT).into_owned())
        };
        let link = { &self.surveys }.link_of((self.of.0, &self.of.1), &due.link);
        let exits = link.await.map_err(|error| said(&error))?;
        let exits = exits.map(|link| link.exits).unwrap_or_default();
        if !exits.postbacks.iter().any(|(name, _)| *name == due.outcome) {
            return Err(Fault::ForGood(
                "its link has no postback for this outcome any more",
            ));
        }
        let gone = "the link's supplier is not here any more";
        let supplier = exits.supplier.ok_or_else(|| Fault::Now(gone.to_owned()))?;
        let client = Trust::new(&supplier.ca).and_then(|trust| trust.client());
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
            Err(Fault::Now(format!("it answered {}", answer.status)))
        }
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
