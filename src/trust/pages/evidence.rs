//! Evidence of the instance for a period, and what whoever helps may see.

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;

use super::Trust;
use crate::base::Time;
use crate::journal::hex;
use crate::site::Site;
use crate::trust::packing::{self, Making};
use crate::trust::parts::{self, Packing, Purpose};
use crate::web::{Again, Faults, Page, Result, Shell, Viewer};

/// Days a period has when nobody says otherwise, and at the most.
const DAYS: i64 = 90;
const MOST: i64 = 3_660;

#[derive(Template)]
#[template(path = "trust/evidence.html")]
pub(super) struct EvidencePage {
    shell: Shell,
    period: PeriodForm,
    faults: Faults,
    parts: Vec<&'static str>,
    support: Vec<&'static str>,
    key: String,
}

/// A period as it was typed: two days, both of them in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodForm {
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
}

impl PeriodForm {
    /// The days until now.
    pub(super) fn usual(now: Time) -> PeriodForm {
        let day = |time: Time| time.rfc3339()[..10].to_owned();
        PeriodForm {
            from: day(now.plus(-DAYS * Time::DAY)),
            to: day(now),
        }
    }

    /// Faults stand at `from` and `to`.
    pub(super) fn parse(&self) -> Result<(Time, Time), Faults> {
        let mut faults = Faults::default();
        let mut day = |field: &str, text: &str| {
            let day = text.trim().parse::<jiff::civil::Date>().ok();
            if day.is_none() {
                faults.add(field, "write a day such as 2026-11-21");
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        let start = |day: jiff::civil::Date| {
            let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(Time(start.timestamp().as_millisecond()))
        };
        let from = from.and_then(start);
        let to = to.and_then(|day| start(day.tomorrow().ok()?));
        match (from, to) {
            (Some(from), Some(to)) if from < to && to.0 - from.0 <= MOST * Time::DAY => {
                Ok((from, to))
            }
            (Some(_), Some(_)) => Err(Faults::of(
                "to",
                "choose a day after the first, and ten years at the most",
            )),
            _ => Err(faults),
        }
    }
}

fn page(site: &Site, viewer: &Viewer, typed: (PeriodForm, Faults)) -> EvidencePage {
    let (period, faults) = typed;
    let titles = |purpose| parts::of(purpose).map(|part| part.about.title).collect();
    EvidencePage {
        shell: Shell::of(viewer, "security"),
        period,
        faults,
        parts: titles(Purpose::Instance),
        support: titles(Purpose::Support),
        key: hex(&site.signer().public()),
    }
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Page<EvidencePage> {
    let period = PeriodForm::usual(site.clock.now());
    Page(page(&site, &viewer, (period, Faults::default())))
}

pub(super) async fn make(
    State(trust): State<Trust>,
    viewer: Viewer,
    Form(form): Form<PeriodForm>,
) -> Result<Response> {
    match form.parse() {
        Ok(period) => send(&trust, &viewer, Purpose::Instance, period).await,
        Err(faults) => {
            let again = page(trust.site(), &viewer, (form, faults));
            Ok(Again(again).into_response())
        }
    }
}

pub(super) async fn support(State(trust): State<Trust>, viewer: Viewer) -> Result<Response> {
    let now = trust.site().clock.now();
    let period = (now.plus(-DAYS * Time::DAY), now);
    send(&trust, &viewer, Purpose::Support, period).await
}

/// The pack as a file, made while it travels.
pub(super) async fn send(
    trust: &Trust,
    viewer: &Viewer,
    purpose: Purpose,
    (from, to): (Time, Time),
) -> Result<Response> {
    let packing = Packing {
        site: trust.site().clone(),
        purpose,
        from,
        to,
        found: trust.found().await?,
        routes: trust.routes(),
    };
    let making = packing::begin(packing, viewer.actor()).await?;
    let name = match purpose {
        Purpose::Support => "onsight-support",
        Purpose::Instance | Purpose::Workspace(_) => "onsight-evidence",
    };
    let day = &trust.site().clock.now().rfc3339()[..10];
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{day}.zip\""),
        ),
    ];
    let pieces = stream::unfold(making, async |mut making: Making| {
        let piece = making.recv().await?;
        Some((piece, making))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_days_of_a_period_are_in_it() {
        let form = PeriodForm {
            from: "2026-11-01".to_owned(),
            to: "2026-11-01".to_owned(),
        };
        let (from, to) = form.parse().unwrap();
        assert_eq!(to.0 - from.0, Time::DAY);
    }

    #[test]
    fn what_is_no_period_is_told_at_its_field() {
        for (from, to, field) in [
            ("yesterday", "2026-11-01", "from"),
            ("2026-11-01", "", "to"),
            ("2026-11-02", "2026-10-01", "to"),
            ("1970-01-01", "2026-10-01", "to"),
        ] {
            let form = PeriodForm {
                from: from.to_owned(),
                to: to.to_owned(),
            };
            assert!(form.parse().unwrap_err().at(field).is_some(), "{from} {to}");
        }
    }
}
