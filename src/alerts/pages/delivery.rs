//! Who is told of alerts: addresses and webhooks, from which severity on.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::alerts::model::Severity;
use crate::alerts::target::{NewTarget, Target, TargetId, Way};
use crate::alerts::{actions, sql};
use crate::base::Secret;
use crate::mail;
use crate::site::Site;
use crate::web::{Again, Done, Error, Faults, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "alerts/delivery.html")]
struct DeliveryPage {
    shell: Shell,
    fields: Fields,
    faults: Faults,
    /// A target, and how many messages wait for it.
    targets: Vec<(Target, i64)>,
    severities: [Severity; 3],
    has_mail: bool,
    has_url: bool,
    /// Of the webhook that was just added: shown this once.
    secret: Option<Secret>,
}

impl DeliveryPage {
    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }

    fn errors(&self) -> Vec<(&str, &str)> {
        self.faults.iter().collect()
    }
}

async fn page(site: &Site, viewer: &Viewer) -> Result<DeliveryPage> {
    let targets = site.system.read(|conn| {
        let targets = sql::targets(conn)?.into_iter();
        let with_waiting = targets.map(|target| {
            let waiting = sql::waiting_for(conn, target.id)?;
            Ok::<_, crate::store::Error>((target, waiting))
        });
        with_waiting.collect::<std::result::Result<Vec<_>, _>>()
    });
    Ok(DeliveryPage {
        shell: Shell::of(viewer, "alerts"),
        fields: Fields::parse("severity=warning"),
        faults: Faults::default(),
        targets: targets.await?,
        severities: Severity::ALL,
        has_mail: mail::is_on(site).await?,
        has_url: site.config.edges.url.is_some(),
        secret: None,
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Response> {
    Ok(Page(page(&site, &viewer).await?).into_response())
}

pub(super) async fn add(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let new = match NewTarget::parse(&fields) {
        Ok(new) => new,
        Err(faults) => {
            let page = page(&site, &viewer).await?;
            let again = DeliveryPage {
                fields,
                faults,
                ..page
            };
            return Ok(Again(again).into_response());
        }
    };
    let said = format!("Alerts go to {}, too", new.place);
    let Some(secret) = actions::add(&site, &viewer, new).await? else {
        return Ok(Done::to("/alerts/delivery").saying(said).into_response());
    };
    let page = page(&site, &viewer).await?;
    let shown = DeliveryPage {
        secret: Some(secret),
        ..page
    };
    Ok(Page(shown).into_response())
}

fn target(id: &str) -> Result<TargetId> {
    TargetId::parse(id).ok_or(Error::NotFound)
}

pub(super) async fn test(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let (target, fault) = actions::try_out(&site, &viewer, target(&id)?).await?;
    let said = match (fault, target.way) {
        (Some(why), _) => return Err(Error::Conflict(format!("the test did not work: {why}"))),
        (None, Way::Mail) => format!("A test to {} is in the queue", target.place),
        (None, Way::Webhook) => format!("{} took the test", target.shown()),
    };
    Ok(Done::to("/alerts/delivery").saying(said))
}

pub(super) async fn remove(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let target = actions::remove(&site, &viewer, target(&id)?).await?;
    let said = format!("{} is told no more", target.shown());
    Ok(Done::to("/alerts/delivery").saying(said))
}
