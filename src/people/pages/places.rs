//! Going between the workspaces that are open to oneself, and joining one more.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Deserialize;

use crate::people::actions::{self, Came};
use crate::people::model::Error;
use crate::web::{self, Done, Page, Result, Shell, Viewer, WorkspaceId};

use super::People;
use super::identify::COOKIE;

fn session(headers: &HeaderMap) -> String {
    web::cookie(headers, COOKIE).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "people/workspace.html")]
pub(super) struct ChoosePage {
    shell: Shell,
    here: WorkspaceId,
    places: Vec<(WorkspaceId, String)>,
}

pub(super) async fn choose(viewer: Viewer) -> Page<ChoosePage> {
    Page(ChoosePage {
        shell: Shell::of(&viewer, "workspace"),
        here: viewer.person.workspace,
        places: viewer.person.whereabouts.places.clone(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchForm {
    /// Empty: out of all of them.
    workspace: String,
}

pub(super) async fn switch(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
    came: Came,
    Form(form): Form<SwitchForm>,
) -> Result<Done> {
    let to = match form.workspace.as_str() {
        "" => None,
        id => Some(WorkspaceId::parse(id).ok_or(web::Error::NotFound)?),
    };
    let name = actions::go(&people, &viewer, &session(&headers), to, came).await?;
    Ok(match name {
        Some(name) => Done::to("/").saying(format!("You are in {name} now")),
        None => Done::to("/workspace").saying("You are in no workspace now"),
    })
}

/// The link lets somebody join with the account they have.
pub(super) async fn is_for_an_account(people: &People, link: &str) -> Result<bool> {
    let invited = actions::look_at_invitation(people, link).await?;
    Ok(invited.is_some_and(|invited| invited.has_account))
}

#[derive(Template)]
#[template(path = "people/invitation.html")]
pub(super) struct InvitationPage {
    shell: Shell,
    workspace: String,
    email: String,
    /// They are signed in as whoever was invited.
    is_theirs: bool,
}

pub(super) async fn invitation(
    State(people): State<People>,
    viewer: Viewer,
    Path(link): Path<String>,
) -> Result<Page<InvitationPage>> {
    let invited = actions::look_at_invitation(&people, &link).await?;
    let invited = invited.ok_or(Error::StaleLink)?;
    Ok(Page(InvitationPage {
        shell: Shell::of(&viewer, "workspace"),
        is_theirs: invited.user == viewer.person.id,
        workspace: invited.workspace,
        email: invited.email,
    }))
}

pub(super) async fn join(
    State(people): State<People>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Result<Done> {
    actions::join(&people, &viewer, &link, &session(&headers)).await?;
    Ok(Done::to("/").saying("Welcome"))
}
