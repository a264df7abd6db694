//! When points are made, how long they stay, and who can open them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::backup::model::Error;
use crate::backup::{Plan, Recipient, Schedule, Standing, actions};
use crate::site::Site;
use crate::web::{Again, Done, Faults, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "backup/plan.html")]
pub(super) struct PlanPage {
    shell: Shell,
    all: Standing,
    every: String,
    nightly: String,
    zone: String,
    nights: String,
    test_days: String,
    is_on: bool,
    typed_name: String,
    recipient: String,
    faults: Faults,
}

impl PlanPage {
    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }
}

async fn page(site: &Site, viewer: &Viewer, typed: Option<(&Fields, Faults)>) -> Result<PlanPage> {
    let all = actions::standing(site).await?;
    let plan = all.plan.clone();
    let (fields, faults) = match typed {
        Some((fields, faults)) => (Some(fields), faults),
        None => (None, Faults::default()),
    };
    let said = |name: &str, kept: String| match fields {
        Some(fields) if fields.get("every").is_some() => {
            fields.get(name).unwrap_or_default().to_owned()
        }
        _ => kept,
    };
    let new = |name: &str| {
        fields
            .and_then(|fields| fields.get(name))
            .unwrap_or_default()
            .to_owned()
    };
    Ok(PlanPage {
        shell: Shell::of(viewer, "backup"),
        every: said("every", plan.schedule.every.to_string()),
        nightly: said("nightly", plan.nightly()),
        zone: said("zone", plan.schedule.zone),
        nights: said("nights", plan.nights.to_string()),
        test_days: said("test_days", plan.test_days.to_string()),
        is_on: match fields {
            Some(fields) if fields.get("every").is_some() => fields.get("on").is_some(),
            _ => plan.is_on,
        },
        typed_name: new("name"),
        recipient: new("recipient"),
        all,
        faults,
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<PlanPage>> {
    Ok(Page(page(&site, &viewer, None).await?))
}

/// What the form says, or what is wrong with it.
fn parse(fields: &Fields) -> Result<Plan, Faults> {
    let mut faults = Faults::default();
    let typed = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let mut number = |name: &str, least: u32, most: u32| {
        let value = typed(name).parse().ok();
        let value = value.filter(|value| (least..=most).contains(value));
        value.unwrap_or_else(|| {
            faults.add(name, format!("write a whole number from {least} to {most}"));
            least
        })
    };
    let every = number("every", 1, 12);
    let nights = number("nights", 1, 30);
    let test_days = number("test_days", 1, 90);
    let nightly = of_day(&typed("nightly"));
    if nightly.is_none() {
        faults.add("nightly", "write a time of day, such as 02:00");
    }
    let zone = typed("zone");
    if Schedule::zone(&zone).is_none() {
        faults.add(
            "zone",
            "write the name of a zone, such as Europe/Berlin, or UTC",
        );
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Plan {
        schedule: Schedule {
            every,
            nightly: nightly.unwrap_or_default(),
            zone,
        },
        nights,
        test_days,
        is_on: fields.get("on").is_some(),
        waits: None,
    })
}

/// Minutes after midnight.
fn of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

pub(super) async fn save(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    match parse(&fields) {
        Ok(plan) => {
            actions::set_plan(&site, viewer.actor(), plan).await?;
            Ok(Done::to("/backup/plan")
                .saying("Plan saved")
                .into_response())
        }
        Err(faults) => {
            Ok(Again(page(&site, &viewer, Some((&fields, faults))).await?).into_response())
        }
    }
}

pub(super) async fn add(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let name = fields.get("name").unwrap_or_default().trim().to_owned();
    let parsed = Recipient::parse(fields.get("recipient").unwrap_or_default());
    let mut faults = Faults::default();
    if name.is_empty() {
        faults.add(
            "name",
            "say whose it is, such as the safe of the IT department",
        );
    }
    match parsed {
        Err(error) => faults.add("recipient", error.to_string()),
        Ok(recipient) if faults.is_empty() => {
            match actions::add_holder(&site, viewer.actor(), &name, recipient).await {
                Err(Error::Taken(why)) => faults.add("recipient", why),
                done => {
                    done?;
                    let said = "Whoever has that identity can open what is made from now on";
                    return Ok(Done::to("/backup/plan").saying(said).into_response());
                }
            }
        }
        Ok(_) => {}
    }
    Ok(Again(page(&site, &viewer, Some((&fields, faults))).await?).into_response())
}

pub(super) async fn remove(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Done> {
    let words = fields.get("recipient").unwrap_or_default();
    let recipient = Recipient::parse(words).map_err(Error::from)?;
    actions::remove_holder(&site, viewer.actor(), recipient).await?;
    Ok(Done::to("/backup/plan").saying("What is made from now on is not sealed for them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_keeps_to_what_was_promised() {
        let fine = "every=6&nights=7&test_days=30&nightly=02%3A30&zone=Europe%2FBerlin&on=yes";
        let plan = parse(&Fields::parse(fine)).ok().unwrap();
        assert_eq!((plan.schedule.every, plan.schedule.nightly), (6, 150));
        assert!(plan.is_on && plan.nights == 7);
        for (wrong, field) in [
            ("every=13", "every"),
            ("every=0", "every"),
            ("nights=31", "nights"),
            ("test_days=91", "test_days"),
            ("nightly=25%3A00", "nightly"),
            ("zone=Mars%2FBase", "zone"),
            ("zone=..%2F..%2Fetc%2Fpasswd", "zone"),
        ] {
            let name = wrong.split('=').next().unwrap();
            let rest = fine
                .split('&')
                .filter(|part| !part.starts_with(&format!("{name}=")));
            let form = rest.chain([wrong]).collect::<Vec<_>>().join("&");
            let faults = parse(&Fields::parse(&form)).err().unwrap();
            assert!(faults.at(field).is_some(), "{wrong}");
        }
    }
}
