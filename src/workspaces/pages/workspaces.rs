//! The workspaces of the instance, for those who run it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::people::{Error as PeopleError, MadeLink, NewUser, People};
use crate::web::{
    self, Again, Done, Faults, Origin, Page, Result, Role, Shell, Viewer, WorkspaceId,
};
use crate::workspaces::actions;
use crate::workspaces::model::{Error, Workspace, name};
use crate::workspaces::sql;

#[derive(Template)]
#[template(path = "workspaces/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    workspaces: Vec<Workspace>,
    faults: Faults,
    form: MakeForm,
    link: Option<MadeLink>,
    origin: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MakeForm {
    name: String,
    email: String,
    admin: String,
}

async fn page(people: &People, viewer: &Viewer) -> Result<ListPage> {
    let now = people.site.clock.now();
    let all = people.site.system.read(move |conn| sql::all(conn, now));
    Ok(ListPage {
        shell: Shell::of(viewer, "workspaces"),
        workspaces: all.await?,
        faults: Faults::default(),
        form: MakeForm::default(),
        link: None,
        origin: String::new(),
    })
}

pub(super) async fn list(State(people): State<People>, viewer: Viewer) -> Result<Page<ListPage>> {
    Ok(Page(page(&people, &viewer).await?))
}

/// The name, and who is to be the first admin.
fn check(form: &MakeForm) -> Result<(String, NewUser), Faults> {
    match (
        name(&form.name),
        NewUser::parse(&form.email, &form.admin, Role::Admin),
    ) {
        (Ok(name), Ok(admin)) => Ok((name, admin)),
        (name, admin) => {
            let mut faults = name.err().unwrap_or_default();
            for (field, fault) in admin.err().iter().flat_map(Faults::iter) {
                faults.add(if field == "name" { "admin" } else { field }, fault);
            }
            Err(faults)
        }
    }
}

pub(super) async fn make(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    Form(form): Form<MakeForm>,
) -> Result<Response> {
    let faults = match check(&form) {
        Err(faults) => faults,
        Ok((name, admin)) => match actions::make(&people, &viewer, name, admin).await {
            Ok(link) => {
                let page = page(&people, &viewer).await?;
                return Ok(Page(ListPage {
                    link: Some(link),
                    origin,
                    ..page
                })
                .into_response());
            }
            Err(Error::People(error @ PeopleError::EmailTaken)) => {
                Faults::of("email", error.to_string())
            }
            Err(error) => return Err(error.into()),
        },
    };
    let page = page(&people, &viewer).await?;
    Ok(Again(ListPage {
        faults,
        form,
        ..page
    })
    .into_response())
}

pub(super) fn workspace(id: &str) -> Result<WorkspaceId> {
    WorkspaceId::parse(id).ok_or(web::Error::NotFound)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenameForm {
    name: String,
}

pub(super) async fn rename(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(form): Form<RenameForm>,
) -> Result<Done> {
    let id = workspace(&id)?;
    let name = name(&form.name).map_err(|faults| {
        let fault = faults.at("name").unwrap_or_default();
        web::Error::Invalid(fault.to_owned())
    })?;
    actions::rename(&people, &viewer, id, name.clone()).await?;
    Ok(Done::to("/workspaces").saying(format!("It is called {name} now")))
}

pub(super) async fn close(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::set_closed(&people, &viewer, workspace(&id)?, true).await?;
    Ok(Done::to("/workspaces").saying(format!("{name} is closed, and kept for 30 days")))
}

pub(super) async fn open(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::set_closed(&people, &viewer, workspace(&id)?, false).await?;
    Ok(Done::to("/workspaces").saying(format!("{name} is open again")))
}
