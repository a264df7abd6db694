//! How backups stand: the last point, the next, where they lie, when it was
//! last proved that they can be put back; and all points.

use std::time::Duration;

use askama::Template;
use axum::extract::State;

use crate::backup::model::{Point, State as PointState};
use crate::backup::{Reason, Standing, Wanted, actions, kinds, make, prove};
use crate::base::Time;
use crate::sanity;
use crate::site::Site;
use crate::web::{self, Done, Page, Result, Shell, Viewer};

/// How long the page waits for what it began before it says that it goes on.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "backup/overview.html")]
pub(super) struct Overview {
    shell: Shell,
    all: Standing,
    now: Time,
    next: Time,
    last_test: Option<Test>,
    /// What is in a point, by kind.
    kinds: Vec<&'static str>,
}

/// The last restore test, ready to be read.
struct Test {
    at: Time,
    seconds: String,
    point: String,
    destination: String,
    fault: Option<String>,
}

impl Overview {
    /// A word and a colour for all of it.
    fn verdict(&self) -> (&'static str, &'static str, &'static str) {
        let standing = &self.all;
        if standing.holders.is_empty() || standing.destinations.is_empty() {
            return ("bad", "not set up", "Nothing is backed up yet.");
        }
        if standing.plan.waits.is_some() {
            return (
                "warn",
                "waiting",
                "No point is made until somebody lets it go on.",
            );
        }
        if !standing.plan.is_on {
            return (
                "warn",
                "off",
                "Points are made only when somebody asks for one.",
            );
        }
        if standing.is_late(self.now) {
            return ("bad", "late", "The last slot has no point.");
        }
        match standing.newest() {
            None => (
                "warn",
                "no point yet",
                "The first one is made with the next look, within a minute.",
            ),
            Some(point) if point.state == PointState::Degraded => (
                "warn",
                "degraded",
                "A destination that is required does not hold the newest point.",
            ),
            Some(_) if standing.test_is_overdue(self.now) => (
                "bad",
                "untested",
                "No restore test has succeeded for 90 days.",
            ),
            Some(_) if standing.destinations.len() < 2 => (
                "warn",
                "one place only",
                "What lies in one place goes with that place: add a second destination.",
            ),
            Some(_) => (
                "good",
                "well",
                "Every required destination holds the newest point.",
            ),
        }
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.all.points.iter().take(100)
    }

    fn held(&self) -> usize {
        self.all
            .holds
            .iter()
            .filter(|hold| hold.released.is_none())
            .count()
    }
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<Overview>> {
    let all = actions::standing(&site).await?;
    let now = site.clock.now();
    let last_test = all.tests.first().map(|test| Test {
        at: test.at,
        seconds: format!("{}.{}", test.took / 1000, test.took % 1000 / 100),
        point: test.point.clone(),
        destination: test.destination.clone(),
        fault: test.fault.clone(),
    });
    Ok(Page(Overview {
        shell: Shell::of(&viewer, "backup"),
        next: all.plan.schedule.next(now).at,
        all,
        now,
        last_test,
        kinds: kinds::ALL.iter().map(|kind| kind.title()).collect(),
    }))
}

pub(super) async fn now(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    let wanted = Wanted {
        actor: viewer.actor(),
        reason: Reason::Asked,
        slot: None,
        is_full: true,
    };
    actions::setup(&site).await?;
    // On a task of its own: a browser that goes away stops nothing.
    let work = tokio::spawn(async move { make(&site, wanted).await });
    let said = match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(done)) => format!("{} is made", done?.id),
        Ok(Err(_panicked)) => return Err(web::Error::Busy),
        Err(_elapsed) => "It is being made; this page says when it is done".to_owned(),
    };
    Ok(Done::to("/backup").saying(said))
}

pub(super) async fn test(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    let actor = viewer.actor();
    let work = tokio::spawn(async move { prove(&site, &actor).await });
    let said = match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(done)) => match done?.fault {
            None => "The newest point was put back, compared and thrown away: it is whole",
            Some(_) => "The restore test failed; this page says why",
        },
        Ok(Err(_panicked)) => return Err(web::Error::Busy),
        Err(_elapsed) => "The test goes on; this page says how it ended",
    };
    Ok(Done::to("/backup").saying(said))
}

pub(super) async fn go_on(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    actions::go_on(&site, viewer.actor()).await?;
    Ok(Done::to("/backup").saying("Backups go on"))
}

pub(super) async fn clock(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    sanity::believe(&site, viewer.actor()).await?;
    Ok(Done::to("/backup").saying("The time is believed again"))
}
