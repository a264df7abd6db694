//! The pages that belong to no slice: the start page, and what is said when
//! there is none.

use std::any::Any;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use tower_http::csrf::ProtectionError;

use crate::site::Site;
use crate::telemetry;
use crate::web::{Access, Error, Result, Right, Routes, Viewer};

pub(super) fn routes(site: Site) -> Routes {
    Routes::default()
        .get("/", Access::SignedIn, start)
        .get("/begin", Access::SignedIn, begin)
        .with(site)
}

/// Where somebody begins: at the first thing they may open.
async fn start(viewer: Viewer) -> Redirect {
    if viewer.person.is_outside() {
        return Redirect::to("/workspace");
    }
    let begins = [
        (Right::UseApps, "/apps"),
        (Right::ReadAudit, "/audit"),
        (Right::Operate, "/security"),
    ];
    let begin = begins.into_iter().find(|(right, _)| viewer.may(*right));
    Redirect::to(begin.map_or("/account", |(_, to)| to))
}

/// Where somebody goes on who just came in for the first time: an operator is
/// asked once whether reports may be sent.
async fn begin(State(site): State<Site>, viewer: Viewer) -> Result<Redirect> {
    let asks = viewer.may(Right::Operate) && !telemetry::is_decided(&site).await?;
    Ok(Redirect::to(if asks { "/telemetry/ask" } else { "/" }))
}

pub(super) async fn nothing() -> Error {
    Error::NotFound
}

/// The answer to a form that another site sent.
pub(super) fn foreign(_: ProtectionError) -> Response {
    Error::Invalid(
        "this form came from another site or an old page; open the page again and repeat"
            .to_owned(),
    )
    .into_response()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word");
    Error::Broken(anyhow::anyhow!("a page panicked: {said}")).into_response()
}
