//! Usage reports: the very bytes, yes or no, and everything that ever left.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::journal::hex;
use crate::site::Site;
use crate::telemetry::model::{Error, InstanceId, MOST, Sent, State as Standing};
use crate::telemetry::{actions, sql};
use crate::web::{self, Done, Fields, Page, Result, Shell, Viewer, assets_prefix};

#[derive(Template)]
#[template(path = "telemetry/reports.html")]
pub(super) struct ReportsPage {
    shell: Shell,
    state: Standing,
    endpoint: Option<String>,
    /// The report that would go now, byte for byte.
    body: String,
    /// Its name for this instance: adopted when it is agreed to.
    instance: InstanceId,
    key: String,
}

impl ReportsPage {
    fn is_on(&self) -> bool {
        self.state.instance().is_some()
    }

    fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// A report of now, with the name in it.
async fn preview(site: &Site) -> Result<(String, InstanceId)> {
    let report = actions::preview(site).await?;
    Ok((report.bytes()?, report.instance().clone()))
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<ReportsPage>> {
    let (body, instance) = preview(&site).await?;
    Ok(Page(ReportsPage {
        shell: Shell::of(&viewer, "telemetry"),
        state: actions::state(&site).await?,
        endpoint: site.config.telling.endpoint.clone(),
        body,
        instance,
        key: hex(&site.signer().public()),
    }))
}

#[derive(Template)]
#[template(path = "telemetry/ask.html")]
pub(super) struct AskPage {
    assets: &'static str,
    endpoint: Option<String>,
    body: String,
    instance: InstanceId,
}

/// The question, asked once when the server is set up.
pub(super) async fn ask(State(site): State<Site>) -> Result<Page<AskPage>> {
    let (body, instance) = preview(&site).await?;
    Ok(Page(AskPage {
        assets: assets_prefix(),
        endpoint: site.config.telling.endpoint.clone(),
        body,
        instance,
    }))
}

/// `reports=on` with the name that stood in the bytes that were shown, or
/// `reports=off`. Whoever was asked at set-up goes on to the first page.
pub(super) async fn choose(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Done> {
    let actor = viewer.actor();
    let said = match fields.get("reports") {
        Some("on") => {
            // Another name is made here; nobody has to see it first.
            let instance = match fields.get("renew") {
                Some(_) => InstanceId::random()?,
                None => InstanceId::parse(fields.get("instance").unwrap_or_default())?,
            };
            actions::agree(&site, &actor, instance).await?;
            "Usage reports are on; every one that leaves is listed under Server, Telemetry"
        }
        Some("off") => {
            actions::decline(&site, &actor).await?;
            "Nothing is sent"
        }
        _ => {
            let text = "say whether reports may be sent: on or off";
            return Err(web::Error::Invalid(text.to_owned()));
        }
    };
    let to = match fields.get("from") {
        Some("set-up") => "/",
        _ => "/telemetry",
    };
    Ok(Done::to(to).saying(said))
}

/// The report of now as a signed file, to be carried by hand.
pub(super) async fn file(State(site): State<Site>, viewer: Viewer) -> Result<Response> {
    let file = actions::take_file(&site, &viewer.actor()).await?;
    let day = site.clock.now().rfc3339();
    let name = format!(
        "attachment; filename=\"onsight-report-{}.json\"",
        day.get(..10).unwrap_or_default()
    );
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

#[derive(Template)]
#[template(path = "telemetry/sent.html")]
pub(super) struct SentPage {
    shell: Shell,
    sent: Sent,
}

pub(super) async fn sent(
    State(site): State<Site>,
    viewer: Viewer,
    Path(number): Path<String>,
) -> Result<Page<SentPage>> {
    let number: i64 = number.parse().map_err(|_no_number| web::Error::NotFound)?;
    let sent = site.system.read(move |conn| sql::one(conn, number)).await?;
    Ok(Page(SentPage {
        shell: Shell::of(&viewer, "telemetry"),
        sent,
    }))
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Off => web::Error::Conflict(
                "usage reports are off: switch them on first, and read what they hold".to_owned(),
            ),
            Error::BadInstance | Error::BadFile(_) => web::Error::Invalid(error.to_string()),
            Error::Store(error) => error.into(),
            error @ (Error::TooLarge(_) | Error::Egress(_) | Error::Ca { .. } | Error::Json(_)) => {
                web::Error::broken(error)
            }
        }
    }
}
