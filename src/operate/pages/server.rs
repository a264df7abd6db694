//! The pages about the server itself.

use std::fmt::Write;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::Time;
use crate::config::Edges;
use crate::site::Site;
use crate::store::{self, Snapshot};
use crate::tls::{Shown, Strictness};
use crate::web::{Again, Done, Error, Faults, Origin, Page, Result, Shell, Viewer, assets_prefix};

use crate::operate::actions;
use crate::operate::image::Image;

#[derive(Template)]
#[template(path = "operate/security.html")]
pub(super) struct Security {
    shell: Shell,
    certificate: Shown,
    version: &'static str,
    listen: String,
    data: String,
    strictness: Strictness,
    edges: Edges,
    image: Option<Image>,
    snapshots: Vec<Snapshot>,
    faults: Faults,
}

fn page(site: &Site, viewer: &Viewer, faults: Faults) -> Security {
    Security {
        shell: Shell::of(viewer, "security"),
        certificate: site.certificates.shown(),
        version: env!("CARGO_PKG_VERSION"),
        listen: site.config.listen.to_string(),
        data: site.config.data.display().to_string(),
        strictness: site.strict.now(),
        edges: site.config.edges.clone(),
        image: Image::this(site.clock.now()),
        // What cannot be read is told by whoever goes back to it.
        snapshots: store::snapshots(&site.config.data).unwrap_or_default(),
        faults,
    }
}

pub(super) async fn security(State(site): State<Site>, viewer: Viewer) -> Page<Security> {
    Page(page(&site, &viewer, Faults::default()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransportForm {
    /// `on` or `off`.
    strict: String,
    subdomains: Option<String>,
    /// Ticked by whoever saw no warning.
    trusted: Option<String>,
}

pub(super) async fn transport(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<TransportForm>,
) -> Result<Response> {
    let (to, said) = match (form.strict.as_str(), &form.subdomains) {
        ("on", _) if form.trusted.is_none() => {
            let fault = "tick this once browsers open this page without a warning";
            let again = page(&site, &viewer, Faults::of("trusted", fault));
            return Ok(Again(again).into_response());
        }
        ("on", None) => (Strictness::Host, "Browsers now come by TLS only"),
        ("on", Some(_)) => (
            Strictness::Subdomains,
            "Browsers now come by TLS only, to the names below this one too",
        ),
        _ => (Strictness::Withdrawn, "Browsers that come again forget it"),
    };
    actions::be_strict(&site, &viewer, to).await?;
    Ok(Done::to("/security/server").saying(said).into_response())
}

/// Whom to tell of a hole: RFC 9116. It is true as long as this server runs, so
/// it is always good for a while.
pub(super) async fn security_txt(
    State(site): State<Site>,
    Origin(origin): Origin,
) -> Result<Response> {
    let contact = site.config.edges.security_contact.as_ref();
    let contact = contact.ok_or(Error::NotFound)?;
    let until = site.clock.now().plus(90 * Time::DAY).rfc3339();
    let mut text = format!("Contact: {contact}\nExpires: {until}\nPreferred-Languages: en\n");
    if !origin.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Canonical: {origin}/.well-known/security.txt");
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

#[derive(Template)]
#[template(path = "operate/trust.html")]
pub(super) struct Trust {
    assets: &'static str,
    certificate: Shown,
}

pub(super) async fn trust(State(site): State<Site>) -> Page<Trust> {
    Page(Trust {
        assets: assets_prefix(),
        certificate: site.certificates.shown(),
    })
}

pub(super) async fn root(State(site): State<Site>) -> Result<Response> {
    let pem = site.certificates.root().ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"onsight-root.crt\"",
        ),
    ];
    Ok((headers, pem).into_response())
}
