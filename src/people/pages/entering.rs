//! Set-up, sign-in, invitations, sign-out.

use askama::Template;
use axum::Form;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::base::{Secret, text};
use crate::people::actions::{self, Came, Entered, LinkOwner, SetUp};
use crate::people::factors::host;
use crate::people::federation::{self, Offer};
use crate::people::model::{Error, NewUser, Password};
use crate::people::{sql, strength};
use crate::web::{
    self, Again, Done, Faults, Origin, Page, Peer, Result, Role, Viewer, assets_prefix,
};

use super::People;
use super::identify::COOKIE;
use super::places;

impl<S: Sync> FromRequestParts<S> for Came {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Came, Self::Rejection> {
        let agent = parts.headers.get(USER_AGENT);
        let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Ok(Came {
            address: Peer::of(&parts.extensions),
            agent: text::shorten(&agent.unwrap_or_default(), 200).into_owned(),
            seen: web::seen(&parts.extensions),
        })
    }
}

/// The cookie of whoever still owes the second factor.
pub(super) const HALF: &str = "__Host-entry";

/// Sets a cookie that no script reads, for so many seconds.
pub(super) fn set(response: &mut Response, name: &str, value: &str, seconds: u32) {
    let cookie =
        format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// An answer with a session in the cookie.
pub(super) fn enter(session: &Secret, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    set(&mut response, COOKIE, session.reveal(), 86_400);
    set(&mut response, HALF, "", 0);
    response
}

/// Goes to `to`, by way of the second factor if it is owed.
pub(in crate::people) fn go_in(entered: &Entered, to: &str) -> Response {
    match entered {
        Entered::In(session) => enter(session, Done::to(to)),
        Entered::Half(half) => {
            let then: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            let mut response =
                Redirect::to(&format!("/sign-in/second?then={then}")).into_response();
            set(&mut response, HALF, half.reveal(), 600);
            response
        }
    }
}

/// A path on this site, or the front page.
pub(in crate::people) fn safe(then: Option<&str>) -> &str {
    match then {
        Some(path) if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') => {
            path
        }
        _ => "/",
    }
}

#[derive(Template)]
#[template(path = "people/set_up.html")]
pub(super) struct SetUpPage {
    assets: &'static str,
    faults: Faults,
    form: SetUpForm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUpForm {
    code: String,
    workspace: String,
    name: String,
    email: String,
    password: Secret,
}

pub(super) async fn set_up(State(people): State<People>) -> Result<Response> {
    if !people.site.system.read(sql::is_empty).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let form = SetUpForm {
        code: String::new(),
        workspace: String::new(),
        name: String::new(),
        email: String::new(),
        password: String::new().into(),
    };
    let faults = Faults::default();
    let assets = assets_prefix();
    Ok(Page(SetUpPage {
        assets,
        faults,
        form,
    })
    .into_response())
}

pub(super) async fn do_set_up(
    State(people): State<People>,
    came: Came,
    Form(form): Form<SetUpForm>,
) -> Result<Response> {
    let assets = assets_prefix();
    let checked = match check(&form) {
        Ok(checked) => checked,
        Err(faults) => {
            return Ok(Again(SetUpPage {
                assets,
                faults,
                form,
            })
            .into_response());
        }
    };
    let advice = strength::advice(&form.password, &form.email, &form.name);
    match actions::set_up(&people, checked, came).await {
        Ok(session) => {
            let said = match advice {
                Some(advice) => format!("Welcome to Onsight. About your password: {advice}"),
                None => "Welcome to Onsight".to_owned(),
            };
            Ok(enter(&session, Done::to("/account/factors").saying(said)))
        }
        Err(error @ Error::WrongCode) => {
            let faults = Faults::of("code", error.to_string());
            Ok(Again(SetUpPage {
                assets,
                faults,
                form,
            })
            .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn check(form: &SetUpForm) -> Result<SetUp, Faults> {
    let workspace = form.workspace.trim();
    let mut faults = Faults::default();
    if workspace.is_empty() || workspace.chars().count() > 80 {
        faults.add("workspace", "write a name of at most 80 characters");
    }
    let new = NewUser::parse(&form.email, &form.name, Role::Admin);
    // Whoever sets up is an operator and always has a second factor.
    let password = Password::choose(&form.password, &form.email, &form.name, true);
    if let Err(error) = &password {
        faults.add("password", error.to_string());
    }
    match (new, password) {
        (Ok(new), Ok(password)) if faults.is_empty() => Ok(SetUp {
            code: form.code.clone(),
            workspace: workspace.to_owned(),
            new: NewUser {
                operator: true,
                ..new
            },
            password,
        }),
        (new, _) => {
            for (field, fault) in new.err().iter().flat_map(Faults::iter) {
                faults.add(field, fault);
            }
            Err(faults)
        }
    }
}

#[derive(Template)]
#[template(path = "people/sign_in.html")]
pub(super) struct SignInPage {
    assets: &'static str,
    faults: Faults,
    email: String,
    then: String,
    /// There can be passkeys under this address.
    passkeys: bool,
    /// Other ways in.
    elsewhere: Vec<Offer>,
    /// Whom to ask for help, as the operator wrote it.
    support: Option<String>,
    /// Whom to tell of a hole.
    security_contact: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Then {
    pub(super) then: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInForm {
    email: String,
    password: Secret,
    then: String,
}

pub(super) async fn sign_in(
    State(people): State<People>,
    Query(query): Query<Then>,
    Origin(origin): Origin,
) -> Result<Response> {
    if people.site.system.read(sql::is_empty).await? {
        return Ok(Redirect::to("/set-up").into_response());
    }
    Ok(Page(SignInPage {
        assets: assets_prefix(),
        faults: Faults::default(),
        email: String::new(),
        then: safe(query.then.as_deref()).to_owned(),
        passkeys: host(&origin).is_ok(),
        elsewhere: federation::offers(&people).await?,
        support: people.site.config.edges.support.clone(),
        security_contact: people.site.config.edges.security_contact.clone(),
    })
    .into_response())
}

pub(super) async fn do_sign_in(
    State(people): State<People>,
    came: Came,
    Origin(origin): Origin,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    match actions::sign_in(&people, &form.email, form.password, came).await {
        Ok(entered) => Ok(go_in(&entered, safe(Some(&form.then)))),
        Err(
            error @ (Error::Unknown
            | Error::Throttled(_)
            | Error::NoWorkspace
            | Error::Elsewhere(_)),
        ) => Ok(Again(SignInPage {
            assets: assets_prefix(),
            faults: Faults::of("password", error.to_string()),
            email: form.email,
            then: safe(Some(&form.then)).to_owned(),
            passkeys: host(&origin).is_ok(),
            support: people.site.config.edges.support.clone(),
            security_contact: people.site.config.edges.security_contact.clone(),
            elsewhere: federation::offers(&people).await?,
        })
        .into_response()),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "people/link.html")]
pub(super) struct LinkPage {
    assets: &'static str,
    faults: Faults,
    name: String,
    owner: LinkOwner,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    name: Option<String>,
    password: Option<Secret>,
}

pub(super) async fn link(
    State(people): State<People>,
    Path(link): Path<String>,
) -> Result<Response> {
    if places::is_for_an_account(&people, &link).await? {
        return Ok(Redirect::to(&format!("/invitation/{link}")).into_response());
    }
    let owner = actions::look_at_link(&people, &link).await?;
    Ok(Page(LinkPage {
        assets: assets_prefix(),
        faults: Faults::default(),
        name: owner.name.clone(),
        owner,
    })
    .into_response())
}

pub(super) async fn take_link(
    State(people): State<People>,
    came: Came,
    Path(link): Path<String>,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let owner = actions::look_at_link(&people, &link).await?;
    let chosen = owner.joins.then(|| choose(&form, &owner)).transpose();
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err(faults) => {
            return Ok(Again(LinkPage {
                assets: assets_prefix(),
                faults,
                name: form.name.unwrap_or_else(|| owner.name.clone()),
                owner,
            })
            .into_response());
        }
    };
    let entered = actions::take_link(&people, &link, chosen, came).await?;
    Ok(go_in(&entered, "/"))
}

fn choose(form: &LinkForm, owner: &LinkOwner) -> Result<(String, Password), Faults> {
    let name = form.name.as_deref().unwrap_or_default();
    let new = NewUser::parse(&owner.email, name, Role::User)?;
    let none = Secret::from(String::new());
    let words = form.password.as_ref().unwrap_or(&none);
    match Password::choose(words, &owner.email, name, owner.must_have_factor) {
        Ok(password) => Ok((new.name, password)),
        Err(error) => Err(Faults::of("password", error.to_string())),
    }
}

pub(super) async fn sign_out(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Response> {
    let session = web::cookie(&headers, COOKIE).unwrap_or_default();
    actions::sign_out(&people, &viewer, &session).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    set(&mut response, COOKIE, "", 0);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(safe(Some("/apps/orders?x=1")), "/apps/orders?x=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", ""] {
            assert_eq!(safe(Some(elsewhere)), "/", "{elsewhere}");
        }
    }
}
