//! How every promise stands, looked at while the page is made.

use askama::Template;
use axum::extract::State;

use super::Trust;
use crate::base::Time;
use crate::trust::finding::{Area, Found, Level, worst};
use crate::trust::{register, sql, watch};
use crate::web::{Done, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "trust/promises.html")]
pub(super) struct PromisesPage {
    shell: Shell,
    at: Time,
    worst: Level,
    /// How many of each level, the worst first.
    counts: Vec<(Level, usize)>,
    urgent: Vec<Line>,
    areas: Vec<(Area, Vec<Line>)>,
}

/// A check, ready to be read.
#[derive(Clone)]
struct Line {
    found: Found,
    /// Since when it stands like that, when that was noted.
    since: Option<Time>,
    /// Numbers and words of its promises.
    promises: String,
}

pub(super) async fn show(State(trust): State<Trust>, viewer: Viewer) -> Result<Page<PromisesPage>> {
    let found = trust.found().await?;
    let standing = trust.site().system.read(sql::standing).await?;
    let since = |found: &Found| {
        let mut known = standing.iter();
        let known = known
            .find(|(name, level, _)| name == found.about.name && *level == found.finding.level);
        known.map(|(.., since)| *since)
    };
    let mut lines: Vec<Line> = found
        .iter()
        .map(|found| Line {
            since: since(found),
            promises: promises(found),
            found: found.clone(),
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.found.finding.level));
    let of = |area: Area| {
        let of = lines.iter().filter(|line| line.found.about.area == area);
        of.cloned().collect::<Vec<_>>()
    };
    let count = |level: Level| {
        let of = found.iter().filter(|one| one.finding.level == level);
        (level, of.count())
    };
    let areas = Area::ALL.into_iter().map(|area| (area, of(area)));
    Ok(Page(PromisesPage {
        shell: Shell::of(&viewer, "security"),
        at: trust.site().clock.now(),
        worst: worst(&found),
        counts: Level::ALL.map(count).into(),
        areas: areas.filter(|(_, lines)| !lines.is_empty()).collect(),
        urgent: lines
            .iter()
            .filter(|line| line.found.finding.level >= Level::Amber)
            .cloned()
            .collect(),
    }))
}

/// `R-23: Every access written down; R-56: …`
fn promises(found: &Found) -> String {
    let promises = found.about.promises.iter();
    let named = promises.map(|promise| format!("R-{promise}: {}", register::words(*promise)));
    named.collect::<Vec<_>>().join("; ")
}

/// Does now what is done once a day.
pub(super) async fn look(State(trust): State<Trust>, _: Viewer) -> Result<Done> {
    watch::look_long(&trust, 0).await?;
    watch::look(&trust).await?;
    Ok(Done::to("/security").saying("Everything was looked at again"))
}
