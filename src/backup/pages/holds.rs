//! Points that are kept for a reason, and the ledger of what was destroyed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::backup::model::{Error, HoldId};
use crate::backup::{Standing, actions};
use crate::base::Time;
use crate::site::Site;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell, Viewer};

/// A hold has to be looked at again within half a year.
const LONGEST: i64 = 183 * Time::DAY;

#[derive(Template)]
#[template(path = "backup/holds.html")]
pub(super) struct Holds {
    shell: Shell,
    all: Standing,
    now: Time,
    reason: String,
    point: String,
    review: String,
    faults: Faults,
}

impl Holds {
    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }
}

fn day(at: Time) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

async fn page(site: &Site, viewer: &Viewer, typed: Option<(&Fields, Faults)>) -> Result<Holds> {
    let now = site.clock.now();
    let (fields, faults) = match typed {
        Some((fields, faults)) => (Some(fields), faults),
        None => (None, Faults::default()),
    };
    let said = |name: &str, usual: String| match fields {
        Some(fields) => fields.get(name).unwrap_or_default().to_owned(),
        None => usual,
    };
    Ok(Holds {
        shell: Shell::of(viewer, "backup"),
        all: actions::standing(site).await?,
        now,
        reason: said("reason", String::new()),
        point: said("point", String::new()),
        review: said("review", day(now.plus(30 * Time::DAY))),
        faults,
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<Holds>> {
    Ok(Page(page(&site, &viewer, None).await?))
}

/// The day somebody has to look again; `None`: none, or too far away.
fn review(text: &str, now: Time) -> Option<Time> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    let at = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let at = Time(at.timestamp().as_millisecond());
    (at > now && at <= now.plus(LONGEST)).then_some(at)
}

pub(super) async fn open(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let typed = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let (reason, point) = (typed("reason"), typed("point"));
    let mut faults = Faults::default();
    if reason.is_empty() {
        faults.add("reason", "say why, such as the number of the incident");
    }
    match review(&typed("review"), site.clock.now()) {
        None => faults.add(
            "review",
            "choose a day from tomorrow on, within half a year",
        ),
        Some(review) if faults.is_empty() => {
            let point = (!point.is_empty()).then_some(point);
            match actions::hold(&site, viewer.actor(), &reason, (point, review)).await {
                Err(Error::NoPoint) => faults.add("point", "there is no such point any more"),
                done => {
                    done?;
                    let said = "Held: nothing of it is destroyed until it is released";
                    return Ok(Done::to("/backup/holds").saying(said).into_response());
                }
            }
        }
        Some(_) => {}
    }
    Ok(Again(page(&site, &viewer, Some((&fields, faults))).await?).into_response())
}

pub(super) async fn release(
    State(site): State<Site>,
    viewer: Viewer,
    Path(hold): Path<String>,
) -> Result<Done> {
    let id = HoldId::parse(&hold).ok_or(web::Error::NotFound)?;
    actions::release(&site, viewer.actor(), id).await?;
    let said = "Released: what its time has come for is destroyed with the next look";
    Ok(Done::to("/backup/holds").saying(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_ahead_and_not_too_far() {
        let now = Time(1_800_000_000_000);
        assert!(review(&day(now.plus(2 * Time::DAY)), now).is_some());
        for wrong in [
            "",
            "tomorrow",
            "2027-01-15",
            "2029-01-01",
            "1999-01-01",
            "0000-00-00",
        ] {
            assert!(review(wrong, now).is_none(), "{wrong}");
        }
    }
}
