//! The groups of a workspace, and who is in each.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::people::actions;
use crate::people::belonging::{Group, GroupId};
use crate::people::model::{Error, Member};
use crate::people::sql;
use crate::site::Site;
use crate::store::Error as StoreError;
use crate::web::{self, Again, Done, Faults, Page, Result, Shell, UserId, Viewer};

use super::People;

#[derive(Template)]
#[template(path = "people/groups.html")]
pub(super) struct GroupsPage {
    shell: Shell,
    groups: Vec<Group>,
    typed: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "people/group.html")]
pub(super) struct GroupPage {
    shell: Shell,
    group: Group,
    inside: Vec<Member>,
    outside: Vec<Member>,
    /// Titles of the apps whose sharing pages name it.
    apps: Vec<String>,
    typed: String,
    email: String,
    faults: Faults,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameForm {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinForm {
    email: String,
}

fn id(text: &str) -> Result<GroupId> {
    GroupId::parse(text).ok_or(web::Error::NotFound)
}

/// What a person can put right is said at the field; the rest is a failure.
fn at(field: &str, error: Error) -> Result<Faults> {
    match error {
        Error::BadGroup | Error::GroupTaken | Error::BadEmail | Error::NoMember => {
            Ok(Faults::of(field, error.to_string()))
        }
        other => Err(other.into()),
    }
}

async fn all(site: &Site, viewer: &Viewer) -> Result<GroupsPage> {
    Ok(GroupsPage {
        shell: Shell::of(viewer, "groups"),
        groups: actions::groups_of(site, viewer.person.workspace).await?,
        typed: String::new(),
        faults: Faults::default(),
    })
}

pub(super) async fn list(State(site): State<Site>, viewer: Viewer) -> Result<Page<GroupsPage>> {
    Ok(Page(all(&site, &viewer).await?))
}

pub(super) async fn make(
    State(people): State<People>,
    viewer: Viewer,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    match actions::make_group(&people, &viewer, &form.name).await {
        Ok(id) => Ok(Done::to(format!("/groups/{id}"))
            .saying("The group is made; put people in it")
            .into_response()),
        Err(error) => {
            let faults = at("name", error)?;
            let page = all(&people.site, &viewer).await?;
            let typed = form.name;
            Ok(Again(GroupsPage {
                typed,
                faults,
                ..page
            })
            .into_response())
        }
    }
}

async fn one(site: &Site, viewer: &Viewer, id: GroupId) -> Result<GroupPage> {
    let workspace = viewer.person.workspace;
    let (group, users, members, apps) = site
        .system
        .read(move |conn| {
            Ok::<_, StoreError>((
                sql::group_of(conn, workspace, id)?,
                sql::group_members(conn, id)?,
                sql::members(conn, workspace)?,
                sql::shared_with(conn, id)?,
            ))
        })
        .await?;
    let is_inside = |member: &Member| users.contains(&member.id);
    let (inside, outside) = members.into_iter().partition(is_inside);
    Ok(GroupPage {
        shell: Shell::of(viewer, "groups"),
        typed: group.name.clone(),
        group,
        inside,
        outside,
        apps,
        email: String::new(),
        faults: Faults::default(),
    })
}

pub(super) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    Path(group): Path<String>,
) -> Result<Page<GroupPage>> {
    Ok(Page(one(&site, &viewer, id(&group)?).await?))
}

pub(super) async fn rename(
    State(people): State<People>,
    viewer: Viewer,
    Path(group): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let id = id(&group)?;
    match actions::rename_group(&people, &viewer, id, &form.name).await {
        Ok(()) => Ok(Done::to(format!("/groups/{id}"))
            .saying("The group is renamed; app files that name it must be changed by hand")
            .into_response()),
        Err(error) => {
            let faults = at("name", error)?;
            let page = one(&people.site, &viewer, id).await?;
            let typed = form.name;
            Ok(Again(GroupPage {
                typed,
                faults,
                ..page
            })
            .into_response())
        }
    }
}

pub(super) async fn delete(
    State(people): State<People>,
    viewer: Viewer,
    Path(group): Path<String>,
) -> Result<Done> {
    let name = actions::delete_group(&people, &viewer, id(&group)?).await?;
    Ok(Done::to("/groups").saying(format!("The group {name} is deleted")))
}

pub(super) async fn join(
    State(people): State<People>,
    viewer: Viewer,
    Path(group): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response> {
    let id = id(&group)?;
    match actions::join_group(&people, &viewer, id, &form.email).await {
        Ok(member) => Ok(Done::to(format!("/groups/{id}"))
            .saying(format!("{} is in the group", member.name))
            .into_response()),
        Err(error) => {
            let faults = at("email", error)?;
            let page = one(&people.site, &viewer, id).await?;
            let email = form.email;
            Ok(Again(GroupPage {
                email,
                faults,
                ..page
            })
            .into_response())
        }
    }
}

pub(super) async fn leave(
    State(people): State<People>,
    viewer: Viewer,
    Path((group, user)): Path<(String, String)>,
) -> Result<Done> {
    let user = UserId::parse(&user).ok_or(web::Error::NotFound)?;
    let id = id(&group)?;
    let member = actions::leave(&people, &viewer, id, user).await?;
    let said = format!("{} is no longer in the group", member.name);
    Ok(Done::to(format!("/groups/{id}")).saying(said))
}
