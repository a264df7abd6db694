//! Asking to come into a workspace; agreeing to it, and ending it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::workspaces::workspace;
use crate::base::Time;
use crate::people::People;
use crate::web::{self, Again, Done, Faults, Page, Result, Role, Shell, UserId, Viewer};
use crate::workspaces::model::{NewStay, State as Stage, Stay, StayId, Workspace};
use crate::workspaces::{actions, sql};

#[derive(Template)]
#[template(path = "workspaces/ask.html")]
pub(super) struct AskPage {
    shell: Shell,
    workspace: Workspace,
    faults: Faults,
    form: AskForm,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskForm {
    role: String,
    reason: String,
    hours: String,
}

async fn place(people: &People, id: &str) -> Result<Workspace> {
    let (id, now) = (workspace(id)?, people.site.clock.now());
    let found = people.site.system.read(move |conn| sql::one(conn, id, now));
    let found = found.await?;
    if found.closed.is_some() {
        return Err(web::Error::NotFound);
    }
    Ok(found)
}

pub(super) async fn form(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<AskPage>> {
    Ok(Page(AskPage {
        shell: Shell::of(&viewer, "workspaces"),
        workspace: place(&people, &id).await?,
        faults: Faults::default(),
        form: AskForm::default(),
    }))
}

pub(super) async fn ask(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    let workspace = place(&people, &id).await?;
    let new = match NewStay::parse(&form.role, &form.reason, &form.hours) {
        Ok(new) => new,
        Err(faults) => {
            return Ok(Again(AskPage {
                shell: Shell::of(&viewer, "workspaces"),
                workspace,
                faults,
                form,
            })
            .into_response());
        }
    };
    let ends = actions::ask(&people, &viewer, workspace.id, new).await?;
    let done = if ends.is_some() {
        Done::to("/workspace").saying(format!("{} is open to you", workspace.name))
    } else {
        let said = "Asked; another operator or an admin of the workspace has to agree";
        Done::to("/workspaces/break-glass").saying(said)
    };
    Ok(done.into_response())
}

#[derive(Template)]
#[template(path = "workspaces/stays.html")]
pub(super) struct StaysPage {
    shell: Shell,
    stays: Vec<Stay>,
    now: Time,
    me: UserId,
}

pub(super) async fn of_everybody(
    State(people): State<People>,
    viewer: Viewer,
) -> Result<Page<StaysPage>> {
    Ok(Page(StaysPage {
        shell: Shell::of(&viewer, "workspaces"),
        stays: people.site.system.read(sql::of_everybody).await?,
        now: people.site.clock.now(),
        me: viewer.person.id,
    }))
}

fn stay(id: &str) -> Result<StayId> {
    StayId::parse(id).ok_or(web::Error::NotFound)
}

const OPERATOR: &str = "/workspaces/break-glass";
const ADMIN: &str = "/members/break-glass";

pub(super) async fn agree_as_operator(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let stay = actions::agree(&people, &viewer, stay(&id)?, None).await?;
    Ok(Done::to(OPERATOR).saying(format!("{} may come in", stay.name)))
}

pub(super) async fn agree_as_admin(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let of = Some(viewer.person.workspace);
    let stay = actions::agree(&people, &viewer, stay(&id)?, of).await?;
    Ok(Done::to(ADMIN).saying(format!("{} may come in", stay.name)))
}

pub(super) async fn end_as_operator(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let stay = actions::end(&people, &viewer, stay(&id)?, None).await?;
    Ok(Done::to(OPERATOR).saying(over(&stay)))
}

pub(super) async fn end_as_admin(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let of = Some(viewer.person.workspace);
    let stay = actions::end(&people, &viewer, stay(&id)?, of).await?;
    Ok(Done::to(ADMIN).saying(over(&stay)))
}

fn over(stay: &Stay) -> String {
    if stay.starts.is_some() {
        format!("{} is out", stay.name)
    } else {
        format!("{} may not come in", stay.name)
    }
}
