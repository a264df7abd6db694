//! How the process does: what has to be well, and the figures of the last day.

use std::time::Duration;

use askama::Template;
use axum::extract::State;

use crate::base::Time;
use crate::base::text::thousands;
use crate::meters::{Busy, Shape, Slot};
use crate::site::Site;
use crate::telemetry::figures;
use crate::web::{Error, Page, Result, Shell, Viewer};

use super::ready::{self, Check};

/// Slots of five minutes that are one point of a chart.
const TOGETHER: usize = 6;
/// Routes that are listed.
const ROUTES: usize = 12;

#[derive(Template)]
#[template(path = "telemetry/health.html")]
pub(super) struct HealthPage {
    shell: Shell,
    checks: Vec<Check>,
    cards: Vec<Card>,
    points: Vec<Point>,
    routes: Vec<Busy>,
}

/// One figure of now.
struct Card {
    title: &'static str,
    value: String,
    below: String,
    /// Empty, or the class of what needs a look.
    tone: &'static str,
}

/// Half an hour of the last day.
struct Point {
    until: Time,
    requests: u64,
    errors: u64,
    p50: Option<Duration>,
    p99: Option<Duration>,
    databases: u64,
    memory: u64,
}

impl Point {
    fn of(slots: &[Slot]) -> Option<Point> {
        let last = slots.last()?;
        let whole = slots.iter().map(|slot| &slot.latency);
        let latency = whole.fold(Shape::default(), |sum, one| sum.and(one));
        Some(Point {
            until: last.until,
            requests: latency.total(),
            errors: slots.iter().map(|slot| slot.errors).sum(),
            p50: latency.percentile(50),
            p99: latency.percentile(99),
            databases: last.databases,
            memory: last.memory,
        })
    }

    /// `14:30`
    fn label(&self) -> String {
        self.until.timestamp().strftime("%H:%M").to_string()
    }
}

impl HealthPage {
    fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.is_well)
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn count(number: &u64) -> String {
        thousands(*number)
    }

    fn mean(busy: &Busy) -> String {
        milliseconds(&busy.mean())
    }

    /// Milliseconds with one digit behind the point, for a chart.
    fn plain(time: &Duration) -> String {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
    }

    /// Megabytes with one digit behind the point, for a chart.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn mega(bytes: &u64) -> String {
        let tenths = u128::from(*bytes) * 10 / (1 << 20);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<HealthPage>> {
    let checks = ready::checks(&site).await;
    let looking = site.clone();
    let looked = tokio::task::spawn_blocking(move || {
        figures::refresh(&looking);
        figures::reading(&looking)
    });
    let reading = looked.await.map_err(Error::broken)?;
    let (now, history) = (site.clock.now(), &site.meters.history);
    let mut slots = history.slots();
    let lately = history.lately(now, &reading);
    let cards = cards(&site, lately.as_ref(), now);
    // Until the first five minutes are over, what there is of them.
    slots.extend(lately.filter(|_| slots.is_empty()));
    // The last point is whole; the first may be short.
    let points = slots.rchunks(TOGETHER).filter_map(Point::of);
    let mut points: Vec<_> = points.collect();
    points.reverse();
    Ok(Page(HealthPage {
        shell: Shell::of(&viewer, "health"),
        checks,
        cards,
        points,
        routes: site.meters.traffic.busiest(ROUTES),
    }))
}

fn cards(site: &Site, lately: Option<&Slot>, now: Time) -> Vec<Card> {
    let value = |name: &str| site.meters.value(name);
    let bytes = |name: &str| value(name).map(|value| megabytes(figures::whole(value)));
    let percentile = |percent| lately.and_then(|slot| slot.latency.percentile(percent));
    let time = |percent| percentile(percent).map_or_else(|| "–".to_owned(), |t| milliseconds(&t));
    let errors = lately.map_or(0, |slot| slot.errors);
    let waiting = value(figures::WAITING).unwrap_or_default();
    let count = |name: &str| value(name).map(|value| thousands(figures::whole(value)));
    let age = |name: &str| value(name).map(|seconds| duration(figures::whole(seconds)));
    let all = [
        (
            "Requests a minute",
            Some(a_minute(lately)),
            "last minutes",
            "",
        ),
        (
            "Errors",
            Some(thousands(errors)),
            "last minutes",
            if errors > 0 { "bad-text" } else { "" },
        ),
        ("Half are done in", Some(time(50)), "p50", ""),
        ("Nearly all in", Some(time(99)), "p99", ""),
        (
            "Writes waiting",
            Some(thousands(figures::whole(waiting))),
            "all files together",
            if waiting > 100.0 { "warn" } else { "" },
        ),
        ("Connections", count(figures::CONNECTIONS), "open now", ""),
        ("Databases", bytes(figures::DATABASES), "on the disk", ""),
        ("Disk", bytes(figures::FREE), "free", ""),
        ("Memory", bytes(figures::MEMORY), "in use", ""),
        ("Last backup", age(figures::BACKUP_AGE), "ago", ""),
        ("Alerts", count(figures::ALERTS), "open", ""),
        ("Running for", running(site, now), "since its start", ""),
    ];
    let all = all.into_iter().filter_map(|(title, value, below, tone)| {
        Some(Card {
            title,
            value: value?,
            below: below.to_owned(),
            tone,
        })
    });
    all.collect()
}

fn a_minute(lately: Option<&Slot>) -> String {
    let rate = lately.map(|slot| {
        let span = u64::try_from(slot.until.0 - slot.from.0).unwrap_or_default();
        slot.latency.total().saturating_mul(60_000) / span.max(60_000)
    });
    thousands(rate.unwrap_or_default())
}

fn running(site: &Site, now: Time) -> Option<String> {
    let started = figures::whole(site.meters.value(figures::STARTED)?);
    let now = u64::try_from(now.0 / Time::SECOND).ok()?;
    Some(duration(now.saturating_sub(started)))
}

/// `3 days`, `5 h`, `12 min`, `40 s`
fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", thousands(seconds / 86_400)),
    }
}

/// `0.4 ms`, `37 ms`, `2,500 ms`
fn milliseconds(time: &Duration) -> String {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    match micros {
        0..10_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        _ => format!("{} ms", thousands(micros / 1_000)),
    }
}

/// `12.3 MB`
fn megabytes(bytes: u64) -> String {
    let tenths = u128::from(bytes) * 10 / (1 << 20);
    let whole = u64::try_from(tenths / 10).unwrap_or(u64::MAX);
    if whole >= 10_240 {
        let tenths = u128::from(bytes) * 10 / (1 << 30);
        let whole = u64::try_from(tenths / 10).unwrap_or(u64::MAX);
        return format!("{}.{} GB", thousands(whole), tenths % 10);
    }
    format!("{}.{} MB", thousands(whole), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_in_a_unit_people_use() {
        assert_eq!(milliseconds(&Duration::from_micros(448)), "0.4 ms");
        assert_eq!(milliseconds(&Duration::from_secs(2)), "2,000 ms");
        assert_eq!(megabytes(0), "0.0 MB");
        assert_eq!(megabytes(1_600 << 10), "1.5 MB");
        assert_eq!(megabytes(u64::MAX), "17,179,869,183.9 GB");
        assert_eq!(duration(119), "119 s");
        assert_eq!(duration(3 * 86_400), "3 days");
    }
}
