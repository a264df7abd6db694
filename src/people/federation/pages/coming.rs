//! To a provider, and back from it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::list::id;
use crate::people::actions::Came;
use crate::people::federation::Error;
use crate::people::federation::actions::{self, Returned};
use crate::people::pages::{People, go_in, safe};
use crate::web::{self, Again, Result, assets_prefix};

/// Ties what comes back to the browser that left.
const COOKIE: &str = "__Host-arriving";

#[derive(Template)]
#[template(path = "people/federation/refused.html")]
struct Refused {
    assets: &'static str,
    why: String,
}

#[derive(Deserialize)]
pub(super) struct Then {
    then: Option<String>,
}

pub(super) async fn leave(
    State(people): State<People>,
    came: Came,
    Path(method): Path<String>,
    Query(query): Query<Then>,
) -> Result<Response> {
    let then = safe(query.then.as_deref()).to_owned();
    match actions::begin(&people, id(&method)?, then, &came).await {
        Ok(begun) => {
            let mut response = Redirect::to(&begun.address).into_response();
            set(&mut response, begun.cookie.reveal(), 600);
            Ok(response)
        }
        Err(error) => refused(error),
    }
}

fn set(response: &mut Response, value: &str, seconds: u32) {
    let cookie =
        format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// What a provider sends back; what else it adds is not read.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

pub(super) async fn come_back(
    State(people): State<People>,
    came: Came,
    Path(method): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response> {
    let returned = Returned {
        state: back.state,
        cookie: web::cookie(&headers, COOKIE).unwrap_or_default(),
        code: back.code,
        error: back.error,
        issuer: back.iss,
    };
    let mut response = match actions::come_back(&people, id(&method)?, returned, came).await {
        Ok((entered, then)) => go_in(&entered, safe(Some(&then))),
        Err(error) => refused(error)?,
    };
    set(&mut response, "", 0);
    Ok(response)
}

fn refused(error: Error) -> Result<Response> {
    if !error.is_for_people() {
        return Err(error.into());
    }
    tracing::info!("somebody was not let in: {error}");
    let (assets, why) = (assets_prefix(), error.to_string());
    Ok(Again(Refused { assets, why }).into_response())
}
