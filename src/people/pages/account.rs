//! One's own account: password, open sessions, keys for programs.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::{Secret, text};
use crate::people::factors::{Holds, SignIn};
use crate::people::model::{Error, KeyShown, OpenSession, Password};
use crate::people::{actions, sql, strength, token};
use crate::web::{self, Again, Done, Faults, Page, Result, Shell, Viewer};

use super::People;
use super::identify::COOKIE;

#[derive(Template)]
#[template(path = "people/account.html")]
pub(super) struct AccountPage {
    shell: Shell,
    name: String,
    email: String,
    sessions: Vec<OpenSession>,
    holds: Holds,
    /// When they came in the last time before this one.
    before: Option<SignIn>,
    /// What stands under the field for a new password.
    password_help: String,
    keys: Vec<KeyShown>,
    faults: Faults,
    /// A key just made: shown this once.
    made: Option<Secret>,
}

async fn page(people: &People, viewer: &Viewer, headers: &HeaderMap) -> Result<AccountPage> {
    let (now, user) = (people.site.clock.now(), viewer.person.id);
    let this = token::hash(&session(headers));
    let workspace = viewer.person.workspace;
    let (sessions, keys, holds, sign_ins, must) = people
        .site
        .system
        .read(move |conn| {
            let sessions = sql::sessions(conn, user, now, &this)?;
            let keys = sql::keys(conn, workspace, user)?;
            let (holds, sign_ins) = (sql::holds(conn, user)?, sql::sign_ins(conn, user)?);
            let must = sql::must_have_factor(conn, user)?;
            Ok::<_, crate::store::Error>((sessions, keys, holds, sign_ins, must))
        })
        .await?;
    let since = sessions.iter().find(|session| session.is_this);
    let since = since.map_or(now, |session| session.created);
    Ok(AccountPage {
        shell: Shell::of(viewer, "account"),
        name: viewer.person.name.clone(),
        email: viewer.person.email.clone(),
        sessions,
        holds,
        before: sign_ins.into_iter().find(|sign_in| sign_in.at < since),
        password_help: Password::help(must),
        keys,
        faults: Faults::default(),
        made: None,
    })
}

fn session(headers: &HeaderMap) -> String {
    web::cookie(headers, COOKIE).unwrap_or_default()
}

pub(super) async fn show(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Page<AccountPage>> {
    Ok(Page(page(&people, &viewer, &headers).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordForm {
    old: Option<Secret>,
    new: Secret,
}

pub(super) async fn password(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let person = &viewer.person;
    let user = person.id;
    let must = people
        .site
        .system
        .read(move |conn| sql::must_have_factor(conn, user))
        .await?;
    let advice = strength::advice(&form.new, &person.email, &person.name);
    let asked_old = form.old.is_some();
    let changed = match Password::choose(&form.new, &person.email, &person.name, must) {
        Err(error) => Err(Faults::of("new", error.to_string())),
        Ok(new) => {
            let session = session(&headers);
            match actions::change_password(&people, &viewer, form.old, new, &session).await {
                Ok(()) => Ok(()),
                Err(Error::Unknown) if asked_old => {
                    Err(Faults::of("old", "that is not your password now"))
                }
                // They have none, so they have to be sure by other means.
                Err(Error::Unknown) => return Err(web::Error::Unsure),
                Err(error @ Error::Throttled(_)) => Err(Faults::of("old", error.to_string())),
                Err(error) => return Err(error.into()),
            }
        }
    };
    match changed {
        Ok(()) => {
            let said = format!(
                "Password changed; your other sessions have ended. {}",
                advice.unwrap_or_default()
            );
            let said = said.trim_end();
            Ok(Done::to("/account").saying(said).into_response())
        }
        Err(faults) => {
            let page = page(&people, &viewer, &headers).await?;
            Ok(Again(AccountPage { faults, ..page }).into_response())
        }
    }
}

pub(super) async fn end_all(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Done> {
    let ended = actions::end_all_sessions(&people, &viewer, &session(&headers)).await?;
    let said = match ended {
        0 => "There was no other session".to_owned(),
        1 => "One other session ended".to_owned(),
        many => format!("{many} other sessions ended"),
    };
    Ok(Done::to("/account").saying(said))
}

pub(super) async fn end_one(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    actions::end_session(&people, &viewer, &id).await?;
    Ok(Done::to("/account").saying("Session ended"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyForm {
    name: String,
}

pub(super) async fn add_key(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(form): Form<KeyForm>,
) -> Result<Response> {
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        let page = page(&people, &viewer, &headers).await?;
        let faults = Faults::of("name", "write a name of at most 80 characters");
        return Ok(Again(AccountPage { faults, ..page }).into_response());
    }
    let made = actions::make_key(&people, &viewer, name.to_owned()).await?;
    let page = page(&people, &viewer, &headers).await?;
    let made = Some(made);
    Ok(Page(AccountPage { made, ..page }).into_response())
}

pub(super) async fn revoke_key(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::revoke_key(&people, &viewer, id).await?;
    let said = format!("Key {} revoked", text::shorten(&name, 40));
    Ok(Done::to("/account").saying(said))
}
