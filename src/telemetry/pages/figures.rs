//! The figures for Prometheus, behind a token that opens nothing else.

use askama::Template;
use aws_lc_rs::rand;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::base::{Secret, Time};
use crate::journal::{hex, sha256};
use crate::site::Site;
use crate::store;
use crate::telemetry::{actions, figures, sql};
use crate::web::{Done, Door, Error, Origin, Page, Result, Shell, Surface, Viewer};

/// Tells this token from keys of programs, in a header and in a log.
const PREFIX: &str = "metrics_";
/// What Prometheus calls its own text.
const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Template)]
#[template(path = "telemetry/figures.html")]
pub(super) struct FiguresPage {
    shell: Shell,
    /// When the token was made, and by whom.
    token: Option<(Time, String)>,
    /// Shown this once.
    made: Option<Secret>,
    origin: String,
    text: String,
}

async fn page(site: &Site, viewer: &Viewer, origin: String) -> Result<FiguresPage> {
    let token = site.system.read(sql::token).await?;
    Ok(FiguresPage {
        shell: Shell::of(viewer, "health"),
        token: token.map(|(_, made, by)| (made, by)),
        made: None,
        origin,
        text: current(site).await?,
    })
}

/// The figures of now.
async fn current(site: &Site) -> Result<String> {
    let site = site.clone();
    let looked = tokio::task::spawn_blocking(move || {
        figures::refresh(&site);
        site.meters.text()
    });
    looked.await.map_err(Error::broken)
}

pub(super) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    Origin(origin): Origin,
) -> Result<Page<FiguresPage>> {
    Ok(Page(page(&site, &viewer, origin).await?))
}

pub(super) async fn make(
    State(site): State<Site>,
    viewer: Viewer,
    Origin(origin): Origin,
) -> Result<Page<FiguresPage>> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
    let token = format!("{PREFIX}{}", hex(&bytes));
    let hash = sha256(token.as_bytes());
    let made = actions::make_token(&site, &viewer.actor(), (token.into(), hash)).await?;
    let page = page(&site, &viewer, origin).await?;
    Ok(Page(FiguresPage {
        made: Some(made),
        ..page
    }))
}

pub(super) async fn forget(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    actions::forget_token(&site, &viewer.actor()).await?;
    Ok(Done::to("/health/figures").saying("The figures are shown to no program now"))
}

/// For Prometheus. There is nothing here until a token was made, nor at the
/// door that does not administer.
pub(super) async fn text(
    State(site): State<Site>,
    door: Option<Extension<Door>>,
    headers: HeaderMap,
) -> Result<Response> {
    let door = door.map(|Extension(door)| door).unwrap_or_default();
    let kept = site.system.read(sql::token).await?;
    let Some((hash, ..)) = kept.filter(|_| door.opens(Surface::Administration)) else {
        return Err(Error::NotFound);
    };
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    // Hashes are compared: how far they agree tells nothing about the token.
    if shown.is_none_or(|token| sha256(token.trim().as_bytes()) != hash) {
        let way = [(header::WWW_AUTHENTICATE, "Bearer")];
        let text = "send the token: Authorization: Bearer metrics_…";
        return Ok((StatusCode::UNAUTHORIZED, way, text).into_response());
    }
    let kind = [(header::CONTENT_TYPE, KIND)];
    Ok((kind, current(&site).await?).into_response())
}
