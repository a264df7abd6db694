//! The second factor on the way in.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::base::Secret;
use crate::people::actions::{self, Came};
use crate::people::factors::{Holds, host};
use crate::people::model::Error;
use crate::web::{self, Again, Done, Faults, Origin, Page, Result, assets_prefix};

use super::People;
use super::entering::{HALF, Then, enter, safe};

#[derive(Template)]
#[template(path = "people/second.html")]
pub(super) struct SecondPage {
    assets: &'static str,
    faults: Faults,
    email: String,
    holds: Holds,
    then: String,
    /// There can be passkeys under this address.
    passkeys: bool,
}

fn half(headers: &HeaderMap) -> String {
    web::cookie(headers, HALF).unwrap_or_default()
}

/// Back to the first factor, when there is none to be second to.
fn over(then: &str) -> Response {
    let then: String = form_urlencoded::byte_serialize(then.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?then={then}")).into_response()
}

pub(super) async fn show(
    State(people): State<People>,
    Query(query): Query<Then>,
    Origin(origin): Origin,
    headers: HeaderMap,
) -> Result<Response> {
    let then = safe(query.then.as_deref()).to_owned();
    match actions::half(&people, &half(&headers)).await {
        Ok((email, holds)) => Ok(Page(SecondPage {
            assets: assets_prefix(),
            faults: Faults::default(),
            email,
            holds,
            then,
            passkeys: host(&origin).is_ok(),
        })
        .into_response()),
        Err(Error::HalfOver) => Ok(over(&then)),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondForm {
    code: Secret,
    then: String,
}

pub(super) async fn take(
    State(people): State<People>,
    came: Came,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(form): Form<SecondForm>,
) -> Result<Response> {
    let (half, then) = (half(&headers), safe(Some(&form.then)).to_owned());
    let fault = match actions::second(&people, &half, form.code, came).await {
        Ok(session) => return Ok(enter(&session, Done::to(then))),
        Err(Error::HalfOver) => return Ok(over(&then)),
        Err(error @ (Error::WrongFactor | Error::Throttled(_))) => error.to_string(),
        Err(error) => return Err(error.into()),
    };
    let (email, holds) = actions::half(&people, &half).await?;
    Ok(Again(SecondPage {
        assets: assets_prefix(),
        faults: Faults::of("code", fault),
        email,
        holds,
        then,
        passkeys: host(&origin).is_ok(),
    })
    .into_response())
}
