//! Once more who it is: the lock screen, and the question before what matters.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::base::Secret;
use crate::people::actions::{self, Proof, Purpose};
use crate::people::factors::{Holds, host};
use crate::people::model::Error;
use crate::people::sql;
use crate::web::{self, Again, Done, Faults, Origin, Page, Result, Viewer, assets_prefix};

use super::People;
use super::entering::safe;
use super::identify::COOKIE;

#[derive(Template)]
#[template(path = "people/prove.html")]
pub(super) struct ProvePage {
    assets: &'static str,
    faults: Faults,
    locked: bool,
    name: String,
    email: String,
    asks: Asks,
    passkeys: bool,
    then: String,
    kept: String,
}

/// What they can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Code,
    Password,
    /// They have neither.
    Nothing,
}

impl ProvePage {
    /// Where a passkey goes on: by way of this page, which is passed at once
    /// by then and knows what to do with what was kept.
    fn back(&self) -> String {
        if self.kept.is_empty() && self.locked {
            return self.then.clone();
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("then", &self.then)
            .append_pair("kept", &self.kept)
            .finish();
        format!("/confirm-it-is-you?{query}")
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Whence {
    then: Option<String>,
    kept: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProveForm {
    password: Option<Secret>,
    code: Option<Secret>,
    then: String,
    kept: String,
}

/// Before what matters a second factor is asked for where there is one; a lock
/// asks for the password where there is one.
fn asks(holds: &Holds, purpose: Purpose) -> Asks {
    let prefers_code = purpose == Purpose::Confirm || !holds.password;
    if holds.has_factor() && prefers_code {
        Asks::Code
    } else if holds.password {
        Asks::Password
    } else {
        Asks::Nothing
    }
}

async fn page(
    people: &People,
    viewer: &Viewer,
    origin: &str,
    purpose: Purpose,
    whence: Whence,
) -> Result<ProvePage> {
    let user = viewer.person.id;
    let holds = people
        .site
        .system
        .read(move |conn| sql::holds(conn, user))
        .await?;
    Ok(ProvePage {
        assets: assets_prefix(),
        faults: Faults::default(),
        locked: purpose == Purpose::Unlock,
        name: viewer.person.name.clone(),
        email: viewer.person.email.clone(),
        asks: asks(&holds, purpose),
        passkeys: holds.passkeys > 0 && host(origin).is_ok(),
        then: safe(whence.then.as_deref()).to_owned(),
        kept: whence.kept.unwrap_or_default(),
    })
}

/// Where to go on: to the form that was kept, to the file that was asked for,
/// or to the page.
fn onward(people: &People, viewer: &Viewer, then: &str, kept: &str) -> Done {
    let encode =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    if people.kept.whither(kept, viewer.person.id).is_some() {
        return Done::to(format!("/confirm-it-is-you/go-on?kept={}", encode(kept)));
    }
    let then = safe(Some(then));
    if is_file(then) {
        return Done::to(format!("/confirm-it-is-you/go-on?then={}", encode(then)));
    }
    Done::to(then)
}

/// A browser that gets a file stays where it is: it needs a page to stay on.
fn is_file(path: &str) -> bool {
    path.split('?')
        .next()
        .is_some_and(|path| path.contains("/export"))
}

pub(super) async fn locked(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    Query(whence): Query<Whence>,
) -> Result<Response> {
    if !viewer.standing.is_locked {
        return Ok(Redirect::to(safe(whence.then.as_deref())).into_response());
    }
    let page = page(&people, &viewer, &origin, Purpose::Unlock, whence).await?;
    Ok(Page(page).into_response())
}

pub(super) async fn confirm(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    Query(whence): Query<Whence>,
) -> Result<Response> {
    if viewer.standing.is_fresh {
        let then = whence.then.unwrap_or_default();
        let kept = whence.kept.unwrap_or_default();
        return Ok(onward(&people, &viewer, &then, &kept).into_response());
    }
    let page = page(&people, &viewer, &origin, Purpose::Confirm, whence).await?;
    Ok(Page(page).into_response())
}

pub(super) async fn unlock(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(form): Form<ProveForm>,
) -> Result<Response> {
    take(&people, &viewer, (&origin, &headers), Purpose::Unlock, form).await
}

pub(super) async fn do_confirm(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(form): Form<ProveForm>,
) -> Result<Response> {
    take(
        &people,
        &viewer,
        (&origin, &headers),
        Purpose::Confirm,
        form,
    )
    .await
}

async fn take(
    people: &People,
    viewer: &Viewer,
    (origin, headers): (&str, &HeaderMap),
    purpose: Purpose,
    form: ProveForm,
) -> Result<Response> {
    let (then, kept) = (form.then, form.kept);
    let whence = Whence {
        then: Some(then.clone()),
        kept: Some(kept.clone()),
    };
    let page = page(people, viewer, origin, purpose, whence).await?;
    // What was asked for is what counts: a password is no second factor.
    let (field, proof) = if page.asks == Asks::Code {
        ("code", form.code.map(Proof::Code))
    } else {
        ("password", form.password.map(Proof::Password))
    };
    let session = web::cookie(headers, COOKIE).unwrap_or_default();
    let proven = match proof {
        Some(proof) => actions::prove(people, viewer, &session, proof, purpose).await,
        None => Err(Error::WrongFactor),
    };
    let fault = match proven {
        Ok(()) => return Ok(onward(people, viewer, &then, &kept).into_response()),
        Err(Error::Unknown) => "that is not your password".to_owned(),
        Err(error @ (Error::WrongFactor | Error::Throttled(_))) => error.to_string(),
        Err(error) => return Err(error.into()),
    };
    let faults = Faults::of(field, fault);
    Ok(Again(ProvePage { faults, ..page }).into_response())
}

#[derive(Template)]
#[template(path = "people/go_on.html")]
pub(super) struct GoOnPage {
    assets: &'static str,
    /// The form that was kept: its name, and where it was sent.
    kept: Option<(String, String)>,
    /// The file that was asked for.
    then: String,
}

/// Goes on with what the question interrupted.
pub(super) async fn go_on(
    State(people): State<People>,
    viewer: Viewer,
    Query(whence): Query<Whence>,
) -> Result<Response> {
    let kept = whence.kept.and_then(|kept| {
        let to = people.kept.whither(&kept, viewer.person.id)?;
        Some((kept, to))
    });
    let then = safe(whence.then.as_deref()).to_owned();
    if kept.is_none() && then == "/" {
        return Ok(Done::to("/").into_response());
    }
    Ok(Page(GoOnPage {
        assets: assets_prefix(),
        kept,
        then,
    })
    .into_response())
}
