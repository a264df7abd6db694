//! One's second factors: the app, passkeys, recovery codes.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::{Secret, text};
use crate::people::factors::{Holds, PasskeyShown, host};
use crate::people::model::Error;
use crate::people::{actions, sql};
use crate::store::Error as StoreError;
use crate::web::{
    self, Again, Done, Faults, Origin, Page, Picture, Result, Shell, Viewer, picture,
};

use super::People;
use super::identify::COOKIE;
use super::passkeys::named;

#[derive(Template)]
#[template(path = "people/factors.html")]
pub(super) struct FactorsPage {
    shell: Shell,
    faults: Faults,
    holds: Holds,
    /// A workspace or their role demands one.
    must: bool,
    /// The app that is being set up: a picture of the seed, and the seed.
    pending: Option<(Option<Picture>, Secret)>,
    passkeys: Vec<PasskeyShown>,
    /// Why there can be no passkey under this address.
    unfit: Option<String>,
    /// Recovery codes just made: shown this once.
    codes: Vec<Secret>,
}

async fn page(people: &People, viewer: &Viewer, origin: &str) -> Result<FactorsPage> {
    let user = viewer.person.id;
    let (holds, passkeys, must) = people
        .site
        .system
        .read(move |conn| {
            let must = sql::must_have_factor(conn, user)?;
            Ok::<_, StoreError>((sql::holds(conn, user)?, sql::passkeys(conn, user)?, must))
        })
        .await?;
    let pending = if holds.app.is_some() {
        None
    } else {
        let seed = actions::pending_seed(people, user)?;
        let address = seed.address(&viewer.person.workspace_name, &viewer.person.email);
        Some((picture(address.reveal()), seed.text()))
    };
    Ok(FactorsPage {
        shell: Shell::of(viewer, "account"),
        faults: Faults::default(),
        holds,
        must,
        pending,
        passkeys,
        unfit: host(origin)
            .err()
            .map(|unfit| text::sentence(&unfit.to_string())),
        codes: Vec::new(),
    })
}

pub(super) async fn show(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
) -> Result<Page<FactorsPage>> {
    Ok(Page(page(&people, &viewer, &origin).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeForm {
    code: Secret,
}

pub(super) async fn add_app(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let session = web::cookie(&headers, COOKIE).unwrap_or_default();
    match actions::add_app(&people, &viewer, form.code.reveal(), &session).await {
        Ok(codes) if codes.is_empty() => Ok(Done::to("/account/factors")
            .saying("The app is set up")
            .into_response()),
        Ok(codes) => {
            let page = page(&people, &viewer, &origin).await?;
            Ok(Page(FactorsPage { codes, ..page }).into_response())
        }
        Err(Error::WrongFactor) => {
            let fault = "that is not the code of now; look at the app again, and whether the \
                         clocks of the telephone and of this server agree";
            let page = page(&people, &viewer, &origin).await?;
            let faults = Faults::of("code", fault);
            Ok(Again(FactorsPage { faults, ..page }).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove_app(State(people): State<People>, viewer: Viewer) -> Result<Done> {
    actions::remove_app(&people, &viewer).await?;
    Ok(Done::to("/account/factors").saying("The app is removed"))
}

pub(super) async fn make_codes(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
) -> Result<Page<FactorsPage>> {
    let codes = actions::make_codes(&people, &viewer).await?;
    let page = page(&people, &viewer, &origin).await?;
    Ok(Page(FactorsPage { codes, ..page }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameForm {
    name: String,
}

pub(super) async fn rename_passkey(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Done> {
    let name = named(&form.name)?;
    actions::rename_passkey(&people, &viewer, id, name).await?;
    Ok(Done::to("/account/factors").saying("Passkey renamed"))
}

pub(super) async fn remove_passkey(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::remove_passkey(&people, &viewer, id).await?;
    Ok(Done::to("/account/factors").saying(format!("Passkey {name} removed")))
}
