//! What the browser's script asks when a passkey is made or shown.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use crate::people::actions::{self, Came};
use crate::people::factors::host;
use crate::web::{self, Origin, Result, Viewer};

use super::People;
use super::entering;
use super::identify::COOKIE;

/// A host that can have none says why.
fn fit(origin: &str) -> Result<()> {
    host(origin)
        .map(|_host| ())
        .map_err(|unfit| web::Error::Conflict(unfit.to_string()))
}

pub(super) async fn begin(
    State(people): State<People>,
    Origin(origin): Origin,
) -> Result<Json<Value>> {
    fit(&origin)?;
    let (asked, ceremony) = actions::begin_sign_in(&people, &origin)?;
    Ok(Json(json!({ "ceremony": ceremony, "asked": asked })))
}

#[derive(Deserialize)]
pub(super) struct Answer {
    ceremony: String,
    answer: PublicKeyCredential,
}

pub(super) async fn enter(
    State(people): State<People>,
    came: Came,
    Origin(origin): Origin,
    Json(shown): Json<Answer>,
) -> Result<Response> {
    let (ceremony, answer) = (&shown.ceremony, &shown.answer);
    let session = actions::enter_by_passkey(&people, &origin, ceremony, answer, came).await?;
    Ok(entering::enter(&session, Json(json!({}))))
}

pub(super) async fn prove(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    headers: HeaderMap,
    Json(shown): Json<Answer>,
) -> Result<Json<Value>> {
    let session = web::cookie(&headers, COOKIE).unwrap_or_default();
    let place = (origin.as_str(), shown.ceremony.as_str());
    actions::prove_by_passkey(&people, &viewer, &session, place, &shown.answer).await?;
    Ok(Json(json!({})))
}

pub(super) async fn begin_new(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
) -> Result<Json<Value>> {
    fit(&origin)?;
    let (asked, ceremony) = actions::begin_passkey(&people, &viewer, &origin).await?;
    Ok(Json(json!({ "ceremony": ceremony, "asked": asked })))
}

#[derive(Deserialize)]
pub(super) struct Made {
    ceremony: String,
    name: String,
    answer: RegisterPublicKeyCredential,
}

pub(super) async fn add(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    Json(made): Json<Made>,
) -> Result<Json<Value>> {
    let name = named(&made.name)?;
    let place = (origin.as_str(), made.ceremony.as_str());
    actions::add_passkey(&people, &viewer, place, name, &made.answer).await?;
    Ok(Json(json!({})))
}

/// What a passkey may be called.
pub(super) fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        let said = "write a name of at most 60 characters, such as My laptop";
        return Err(web::Error::Invalid(said.to_owned()));
    }
    Ok(name.to_owned())
}
