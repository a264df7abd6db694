//! Points from their beginning to their end, and how it all stands.

use serde_json::json;

use crate::backup::model::{
    Destination, DestinationId, Destroyed, Error, Hold, Holder, Plan, Point, State, Tested,
};
use crate::backup::retention::Reason;
use crate::backup::sql;
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::sanity;
use crate::site::Site;
use crate::store::{self, Connection};

/// For whom and where to: without either no point is made.
#[derive(Clone, Debug)]
pub(in crate::backup) struct Setup {
    pub(in crate::backup) holders: Vec<Holder>,
    pub(in crate::backup) destinations: Vec<Destination>,
}

pub(in crate::backup) async fn setup(site: &Site) -> Result<Setup, Error> {
    let read = |conn: &Connection| Ok::<_, Error>((sql::holders(conn)?, sql::destinations(conn)?));
    let (holders, destinations) = site.system.read(read).await?;
    if holders.is_empty() {
        return Err(Error::NoRecipient);
    }
    if destinations.is_empty() {
        return Err(Error::NoDestination);
    }
    Ok(Setup {
        holders,
        destinations,
    })
}

/// Everything a page, a report or a check wants to know.
#[derive(Clone, Debug)]
pub struct Standing {
    pub plan: Plan,
    pub holders: Vec<Holder>,
    pub destinations: Vec<Destination>,
    /// Newest first.
    pub points: Vec<Point>,
    pub holds: Vec<Hold>,
    /// Newest first.
    pub tests: Vec<Tested>,
    /// When a restore test last succeeded.
    pub proved: Option<Time>,
    /// Why nothing is destroyed at the moment.
    pub doubt: Option<String>,
    pub ledger: Vec<Destroyed>,
}

impl Standing {
    /// The newest point that is somewhere whole.
    pub fn newest(&self) -> Option<&Point> {
        let mut points = self.points.iter();
        points.find(|one| matches!(one.state, State::Whole | State::Degraded))
    }

    /// No point for the slot that came an hour ago.
    pub fn is_late(&self, now: Time) -> bool {
        let slot = self.plan.schedule.latest(now);
        let has_slot = self.newest().is_some_and(|point| point.began >= slot.at);
        self.plan.is_on && !has_slot && now.0 - slot.at.0 > crate::backup::schedule::LATE
    }

    /// A restore test is due.
    pub fn test_is_due(&self, now: Time) -> bool {
        let since = self.tests.first().map(|test| test.at);
        self.newest().is_some()
            && since.is_none_or(|since| days(since, now) >= i64::from(self.plan.test_days))
    }

    /// Days since backups could be tested, or were, are more than they may be.
    pub fn test_is_overdue(&self, now: Time) -> bool {
        let first = self.destinations.iter().map(|one| one.created).min();
        let since = self.proved.or(first);
        since.is_some_and(|since| now.0 - since.0 > crate::backup::watch::TEST_LIMIT)
    }
}

fn days(since: Time, now: Time) -> i64 {
    (now.0 - since.0) / Time::DAY
}

pub async fn standing(site: &Site) -> Result<Standing, Error> {
    let doubt = sanity::doubt(site).await?;
    let read = |conn: &Connection| {
        Ok(Standing {
            plan: sql::plan(conn)?,
            holders: sql::holders(conn)?,
            destinations: sql::destinations(conn)?,
            points: sql::points(conn)?,
            holds: sql::holds(conn)?,
            tests: sql::tests(conn, 50)?,
            proved: sql::proved(conn)?,
            doubt,
            ledger: sql::ledger(conn, 500)?,
        })
    };
    site.system.read(read).await
}

pub(in crate::backup) async fn began(site: &Site, point: &Point) -> Result<(), Error> {
    let (now, point) = (site.clock.now(), point.clone());
    site.system
        .write(move |tx| {
            // Whoever holds the lock is the only one who makes any.
            sql::give_up(tx, now)?;
            sql::begin(tx, &point)?;
            let entry = Entry::new(now, &Actor::system(), "backup.began", &point.id);
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}

/// What an end without warning left is no point.
pub(in crate::backup) async fn give_up(site: &Site) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            if sql::give_up(tx, now)? > 0 {
                let entry = Entry::new(now, &Actor::system(), "backup.failed", "cut off");
                journal::record(tx, &entry.failed("it was cut off"))?;
            }
            Ok(())
        })
        .await
}

/// The point, where copies of it lie, and what was wrong elsewhere.
pub(in crate::backup) async fn ended(
    site: &Site,
    actor: &Actor,
    point: &Point,
    copies: Vec<Destination>,
    faults: Vec<(Destination, Option<String>)>,
) -> Result<(), Error> {
    let (now, actor, point) = (site.clock.now(), actor.clone(), point.clone());
    site.system
        .write(move |tx| {
            sql::end(tx, &point)?;
            for copy in &copies {
                sql::add_copy(tx, &point.id, copy.id, now)?;
            }
            for (destination, fault) in &faults {
                sql::used(tx, destination.id, now, fault.as_deref())?;
            }
            let action = match point.state {
                State::Failed => "backup.failed",
                _ => "backup.made",
            };
            let entry = Entry::new(now, &actor, action, &point.id).with(json!({
                "reason": point.reason.name(),
                "base": point.base,
                "state": point.state.name(),
                "bytes": point.bytes,
                "stored": point.stored,
                "copies": point.copies,
            }));
            journal::record(
                tx,
                &match &point.fault {
                    Some(fault) => entry.failed(fault),
                    None => entry,
                },
            )?;
            Ok(())
        })
        .await
}

/// The newest full point that every destination holds.
pub(in crate::backup) async fn newest_base(
    site: &Site,
    destinations: &[Destination],
) -> Result<Option<String>, Error> {
    let wanted: Vec<DestinationId> = destinations.iter().map(|one| one.id).collect();
    let read = move |conn: &Connection| {
        let points = sql::points(conn)?;
        let newest = points.into_iter().find(|one| {
            one.is_full()
                && one.reason == Reason::Slot
                && matches!(one.state, State::Whole | State::Degraded)
        });
        let Some(newest) = newest else {
            return Ok(None);
        };
        let copies = sql::copies(conn, &newest.id)?;
        let is_everywhere = wanted.iter().all(|id| copies.contains(id));
        Ok::<_, store::Error>(is_everywhere.then_some(newest.id))
    };
    Ok(site.system.read(read).await?)
}

/// Where verified copies of a point lie.
pub(in crate::backup) async fn proved_copies(
    site: &Site,
    point: &str,
) -> Result<Vec<DestinationId>, Error> {
    let point = point.to_owned();
    let read = move |conn: &Connection| sql::copies(conn, &point);
    Ok(site.system.read(read).await?)
}

/// A copy is not what it was.
pub(in crate::backup) async fn lost(
    site: &Site,
    point: &str,
    destination: Destination,
    why: String,
) -> Result<(), Error> {
    let (now, point) = (site.clock.now(), point.to_owned());
    site.system
        .write(move |tx| {
            sql::remove_copy(tx, &point, destination.id)?;
            sql::used(tx, destination.id, now, Some(&why))?;
            let entry = Entry::new(now, &Actor::system(), "backup.copy_lost", &point);
            let entry = entry.with(json!({ "destination": destination.name }));
            journal::record(tx, &entry.failed(why))?;
            Ok(())
        })
        .await
}

/// A point, or a copy of one nobody knew of, was destroyed.
pub(in crate::backup) async fn gone(
    site: &Site,
    line: Destroyed,
    destination: Option<DestinationId>,
) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::destroyed(tx, &line)?;
            if let Some(id) = destination {
                sql::remove_copy(tx, &line.point, id)?;
            }
            if sql::copies(tx, &line.point)?.is_empty() {
                sql::forget(tx, &line.point)?;
            }
            let entry = Entry::new(now, &Actor::system(), "backup.destroyed", &line.point);
            let said =
                json!({ "destination": line.destination, "why": line.why, "files": line.files });
            journal::record(tx, &entry.with(said))?;
            Ok(())
        })
        .await
}

pub(in crate::backup) async fn keep_test(
    site: &Site,
    actor: &Actor,
    test: Tested,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), actor.clone());
    site.system
        .write(move |tx| {
            sql::add_test(tx, &test)?;
            let entry = Entry::new(now, &actor, "backup.tested", &test.point);
            let entry =
                entry.with(json!({ "destination": test.destination, "took_ms": test.took }));
            journal::record(
                tx,
                &match test.fault {
                    Some(fault) => entry.failed(fault),
                    None => entry,
                },
            )?;
            Ok(())
        })
        .await
}
