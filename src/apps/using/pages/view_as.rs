//! The page where an admin chooses whom to see an app as, and its end.

use askama::Template;
use axum::extract::{Path, State};

use super::published;
use crate::apps::Apps;
use crate::apps::format::App;
use crate::apps::using::view_as;
use crate::people::{self, Member as Known};
use crate::web::{Done, Error, Fields, Page, Result, Shell, UserId};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/view_as.html")]
pub(super) struct ViewAsPage {
    shell: Shell,
    id: String,
    title: String,
    members: Vec<Known>,
}

pub(super) async fn choose(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
) -> Result<Page<ViewAsPage>> {
    let published = published(&apps, &member, &app).await?;
    let App { id, title, .. } = &published.app;
    let all = people::members_of(apps.site(), member.workspace).await?;
    let me = member.viewer.person.id;
    let others = all
        .into_iter()
        .filter(|one| one.id != me && one.disabled.is_none());
    Ok(Page(ViewAsPage {
        shell: Shell::of(&member.viewer, "apps"),
        id: id.clone(),
        title: title.clone(),
        members: others.collect(),
    }))
}

pub(super) async fn begin(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Done> {
    published(&apps, &member, &app).await?;
    if !view_as::may(&member) {
        return Err(Error::Forbidden);
    }
    let user = fields
        .get("user")
        .and_then(UserId::parse)
        .ok_or(Error::NotFound)?;
    let name = view_as::begin(&apps, &member, &app, user).await?;
    Ok(Done::to(format!("/apps/{app}")).saying(format!("You see this app as {name}")))
}

pub(super) async fn end(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
) -> Result<Done> {
    published(&apps, &member, &app).await?;
    view_as::end(&apps, &member, &app).await?;
    Ok(Done::to(format!("/apps/{app}")).saying("You see this app as yourself again"))
}
