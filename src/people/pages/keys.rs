//! The keys of programs: one's own, and for admins everybody's.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::{Secret, Time, text};
use crate::people::keys::{DAYS, Key, NewKey};
use crate::people::{actions, sql};
use crate::web::{Access, Again, Done, Faults, Page, Result, Right, Routes, Shell, Viewer};

use super::People;

pub(super) fn routes() -> Routes<People> {
    Routes::default()
        .get("/account/keys", Access::Needs(Right::UseApps), own)
        .post("/account/keys", Access::Fresh(Right::UseApps), make)
        .post(
            "/account/keys/{key}/revoke",
            Access::Needs(Right::UseApps),
            revoke_own,
        )
        .get("/members/keys", Access::Needs(Right::ManageMembers), all)
        .post(
            "/members/keys/{key}/revoke",
            Access::Needs(Right::ManageMembers),
            revoke_any,
        )
}

#[derive(Template)]
#[template(path = "people/keys.html")]
struct OwnPage {
    shell: Shell,
    keys: Vec<Key>,
    now: Time,
    faults: Faults,
    form: KeyForm,
    /// A key just made: shown this once.
    made: Option<Secret>,
}

impl OwnPage {
    fn is_over(&self, key: &Key) -> bool {
        key.is_expired(self.now)
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct KeyForm {
    name: String,
    apps: String,
    networks: String,
    days: String,
}

async fn page(people: &People, viewer: &Viewer) -> Result<OwnPage> {
    Ok(OwnPage {
        shell: Shell::of(viewer, "account"),
        keys: keys(people, viewer, false).await?,
        now: people.site.clock.now(),
        faults: Faults::default(),
        form: KeyForm {
            days: DAYS.to_string(),
            ..KeyForm::default()
        },
        made: None,
    })
}

async fn keys(people: &People, viewer: &Viewer, anybodys: bool) -> Result<Vec<Key>> {
    let (workspace, owner) = (viewer.person.workspace, viewer.person.id);
    let owner = (!anybodys).then_some(owner);
    let system = &people.site.system;
    Ok(system
        .read(move |conn| sql::keys(conn, workspace, owner))
        .await?)
}

async fn own(State(people): State<People>, viewer: Viewer) -> Result<Page<OwnPage>> {
    Ok(Page(page(&people, &viewer).await?))
}

async fn make(
    State(people): State<People>,
    viewer: Viewer,
    Form(form): Form<KeyForm>,
) -> Result<Response> {
    let new = match NewKey::parse(&form.name, &form.apps, &form.networks, &form.days) {
        Ok(new) => new,
        Err(faults) => {
            let page = page(&people, &viewer).await?;
            let again = OwnPage {
                faults,
                form,
                ..page
            };
            return Ok(Again(again).into_response());
        }
    };
    let made = Some(actions::make_key(&people, &viewer, new).await?);
    let page = page(&people, &viewer).await?;
    Ok(Page(OwnPage { made, ..page }).into_response())
}

async fn revoke_own(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::revoke_key(&people, &viewer, id, false).await?;
    Ok(Done::to("/account/keys").saying(revoked(&name)))
}

#[derive(Template)]
#[template(path = "people/all_keys.html")]
struct AllPage {
    shell: Shell,
    keys: Vec<Key>,
    now: Time,
}

impl AllPage {
    fn is_over(&self, key: &Key) -> bool {
        key.is_expired(self.now)
    }
}

async fn all(State(people): State<People>, viewer: Viewer) -> Result<Page<AllPage>> {
    Ok(Page(AllPage {
        shell: Shell::of(&viewer, "members"),
        keys: keys(&people, &viewer, true).await?,
        now: people.site.clock.now(),
    }))
}

async fn revoke_any(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::revoke_key(&people, &viewer, id, true).await?;
    Ok(Done::to("/members/keys").saying(revoked(&name)))
}

fn revoked(name: &str) -> String {
    format!("Key {} revoked", text::shorten(name, 40))
}
