//! How long records stay in the table, what was sealed, and what proves it.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::audit::actions;
use crate::journal::{self, Checkpoint, Segment, hex};
use crate::site::Site;
use crate::web::{Again, Done, Faults, Page, Result, Shell, Viewer};

/// Checkpoints the page shows.
const SHOWN: usize = 24;

#[derive(Template)]
#[template(path = "audit/settings.html")]
struct SettingsPage {
    shell: Shell,
    days: String,
    fault: String,
    segments: Vec<Segment>,
    checkpoints: Vec<Checkpoint>,
    key: String,
    folder: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsForm {
    days: String,
}

async fn page(site: &Site, viewer: &Viewer) -> Result<SettingsPage> {
    let days = actions::retention(site).await?;
    let data = site.config.data.clone();
    let (segments, mut checkpoints) = site
        .system
        .read(move |conn| {
            let segments = journal::segments(conn)?;
            Ok::<_, crate::store::Error>((segments, journal::checkpoints(conn, &data)?))
        })
        .await?;
    checkpoints.reverse();
    checkpoints.truncate(SHOWN);
    Ok(SettingsPage {
        shell: Shell::of(viewer, "audit"),
        days: days.to_string(),
        fault: String::new(),
        segments,
        checkpoints,
        key: hex(&site.signer().public()),
        folder: site.config.data.join("audit").display().to_string(),
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Response> {
    Ok(Page(page(&site, &viewer).await?).into_response())
}

pub(super) async fn change(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<SettingsForm>,
) -> Result<Response> {
    let days = form.days.trim().parse::<i64>().ok();
    let days = days.filter(|days| (actions::FEWEST..=actions::MOST).contains(days));
    let Some(days) = days else {
        let faults = Faults::of(
            "days",
            format!(
                "write a whole number of days from {} to {}",
                actions::FEWEST,
                actions::MOST
            ),
        );
        let page = page(&site, &viewer).await?;
        return Ok(Again(SettingsPage {
            fault: faults.at("days").unwrap_or_default().to_owned(),
            days: form.days,
            ..page
        })
        .into_response());
    };
    actions::set_retention(&site, &viewer, days).await?;
    let said = format!("Records stay in the table for {days} days");
    Ok(Done::to("/audit/settings").saying(said).into_response())
}

/// Signs the head of the chain now.
pub(super) async fn sign(State(site): State<Site>, _: Viewer) -> Result<Done> {
    let said = match site.checkpoint().await? {
        Some(checkpoint) => format!("Signed up to record {}", checkpoint.seq),
        None => "Everything was signed already".to_owned(),
    };
    Ok(Done::to("/audit/settings").saying(said))
}
