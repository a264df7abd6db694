//! The pages about the server itself.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::site::Site;
use crate::tls::Shown;
use crate::web::{Access, Error, Page, Result, Right, Routes, Shell, Viewer, assets_prefix};

pub fn routes(site: Site) -> Routes {
    Routes::default()
        .get("/security", Access::Needs(Right::Operate), security)
        .get("/trust", Access::Open, trust)
        .get("/trust/root.crt", Access::Open, root)
        .with(site)
}

#[derive(Template)]
#[template(path = "operate/security.html")]
struct Security {
    shell: Shell,
    certificate: Shown,
    version: &'static str,
    listen: String,
    data: String,
}

async fn security(State(site): State<Site>, viewer: Viewer) -> Page<Security> {
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
struct Trust {
    assets: &'static str,
    certificate: Shown,
}

async fn trust(State(site): State<Site>) -> Page<Trust> {
    Page(Trust {
        assets: assets_prefix(),
        certificate: site.certificates.shown(),
    })
}

async fn root(State(site): State<Site>) -> Result<Response> {
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
