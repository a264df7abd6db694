//! What the floors below tell of copies, of what is on its way out, and of what
//! leaves by agreement.

use crate::backup;
use crate::base::Time;
use crate::site::Site;
use crate::store;
use crate::telemetry;
use crate::trust::sql;

#[derive(Clone, Debug, Default)]
pub struct Copies {
    pub points: Points,
    pub test: Test,
    pub holds: Vec<Hold>,
    pub endings: Endings,
    pub reports: Reports,
    /// Titles of alerts that nobody settled: critical ones, and how many others.
    pub critical: Vec<String>,
    pub alerts: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Points {
    /// Made in their slots.
    pub is_on: bool,
    pub is_late: bool,
    /// Why nothing is made or destroyed until somebody looks.
    pub waits: Option<String>,
    pub holders: usize,
    pub destinations: usize,
    /// What is wrong with destinations.
    pub faults: Vec<String>,
    pub newest: Option<Time>,
    pub is_degraded: bool,
    /// The oldest that no hold keeps.
    pub oldest: Option<Time>,
}

#[derive(Clone, Debug, Default)]
pub struct Test {
    pub proved: Option<Time>,
    pub is_due: bool,
    pub is_overdue: bool,
    /// What was wrong with the last.
    pub fault: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Hold {
    pub reason: String,
    pub review: Time,
}

#[derive(Clone, Debug, Default)]
pub struct Endings {
    pub going: i64,
    /// Those that should be gone.
    pub late: i64,
    pub fault: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// `None`: nobody was asked.
    pub is_on: Option<bool>,
    pub sent: usize,
}

impl Copies {
    pub(super) async fn of(site: &Site) -> Result<Copies, store::Error> {
        let now = site.clock.now();
        let standing = match backup::standing(site).await {
            Ok(standing) => standing,
            Err(backup::Error::Store(error)) => return Err(error),
            Err(other) => return Err(std::io::Error::other(other).into()),
        };
        let reports = telemetry::state(site).await?;
        let read = move |conn: &store::Connection| {
            let (critical, alerts) = sql::alerts(conn)?;
            Ok::<_, store::Error>((sql::endings(conn, now)?, critical, alerts))
        };
        let (endings, critical, alerts) = site.system.read(read).await?;
        Ok(Copies {
            test: Test {
                proved: standing.proved,
                is_due: standing.test_is_due(now),
                is_overdue: standing.test_is_overdue(now),
                fault: standing.tests.first().and_then(|test| test.fault.clone()),
            },
            holds: holds(&standing),
            points: points(&standing, now),
            endings,
            reports: Reports {
                is_on: reports
                    .choice
                    .as_ref()
                    .map(|_| reports.instance().is_some()),
                sent: reports.sent.len(),
            },
            critical,
            alerts,
        })
    }
}

fn points(standing: &backup::Standing, now: Time) -> Points {
    let newest = standing.newest();
    let faults = standing.destinations.iter().filter_map(|one| {
        let fault = one.fault.as_ref()?;
        Some(format!("{}: {fault}", one.name))
    });
    let kept = standing.points.iter().filter(|point| !point.is_held);
    Points {
        is_on: standing.plan.is_on,
        is_late: standing.is_late(now),
        waits: standing
            .plan
            .waits
            .clone()
            .or_else(|| standing.doubt.clone()),
        holders: standing.holders.len(),
        destinations: standing.destinations.len(),
        faults: faults.collect(),
        newest: newest.map(|point| point.began),
        is_degraded: newest.is_some_and(|point| point.state == backup::State::Degraded),
        oldest: kept.map(|point| point.began).min(),
    }
}

fn holds(standing: &backup::Standing) -> Vec<Hold> {
    let open = standing.holds.iter().filter(|hold| hold.released.is_none());
    let open = open.map(|hold| Hold {
        reason: hold.reason.clone(),
        review: hold.review,
    });
    open.collect()
}
