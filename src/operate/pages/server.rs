//! The pages about the server itself.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::site::Site;
use crate::tls::Shown;
use crate::web::{Error, Page, Result, Shell, Viewer, assets_prefix};

#[derive(Template)]
#[template(path = "operate/security.html")]
pub(super) struct Security {
    shell: Shell,
    certificate: Shown,
    version: &'static str,
    listen: String,
    data: String,
}

pub(super) async fn security(State(site): State<Site>, viewer: Viewer) -> Page<Security> {
    Page(Security {
        shell: Shell::of(&viewer, "security"),
        certificate: site.certificates.shown(),
        version: env!("CARGO_PKG_VERSION"),
        listen: site.config.listen.to_string(),
        data: site.config.data.display().to_string(),
    })
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
