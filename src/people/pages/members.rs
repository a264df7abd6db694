//! The members of a workspace: who is in, as what, and how to let more in.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::people::actions::{self, MadeLink};
use crate::people::model::{Error, Member, NewUser};
use crate::people::sql;
use crate::people::writing::{Occasion, by_mail};
use crate::site::Site;
use crate::web::{
    self, Again, Done, Faults, Fields, Origin, Page, Result, Role, Shell, UserId, Viewer,
};

use super::People;

#[derive(Template)]
#[template(path = "people/members.html")]
pub(super) struct MembersPage {
    shell: Shell,
    members: Vec<Member>,
    me: UserId,
    faults: Faults,
    form: InviteForm,
    /// A link just made.
    link: Option<MadeLink>,
    /// It is on its way by mail, too.
    mailed: bool,
    /// `https://host:port`, as the browser that asks reaches us.
    origin: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteForm {
    email: String,
    name: String,
    role: String,
}

async fn page(site: &Site, viewer: &Viewer, Origin(origin): Origin) -> Result<MembersPage> {
    let workspace = viewer.person.workspace;
    let members = site
        .system
        .read(move |conn| sql::members(conn, workspace))
        .await?;
    Ok(MembersPage {
        shell: Shell::of(viewer, "members"),
        members,
        me: viewer.person.id,
        faults: Faults::default(),
        form: InviteForm::default(),
        link: None,
        mailed: false,
        origin,
    })
}

pub(super) async fn list(
    State(site): State<Site>,
    viewer: Viewer,
    origin: Origin,
) -> Result<Page<MembersPage>> {
    Ok(Page(page(&site, &viewer, origin).await?))
}

pub(super) async fn invite(
    State(people): State<People>,
    viewer: Viewer,
    origin: Origin,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    let role = Role::named(&form.role).ok_or_else(|| {
        web::Error::Invalid("a role is one of: admin, builder, user, auditor".to_owned())
    })?;
    let faults = match NewUser::parse(&form.email, &form.name, role) {
        Err(faults) => faults,
        Ok(new) => match actions::invite(&people, &viewer, vec![new]).await {
            Ok(mut links) => {
                let page = page(&people.site, &viewer, origin).await?;
                let how = (&*page.origin, Occasion::Invited);
                let mailed = by_mail(&people, &viewer, &links, how).await;
                let link = links.pop();
                return Ok(Page(MembersPage {
                    link,
                    mailed,
                    ..page
                })
                .into_response());
            }
            Err(error @ Error::EmailTaken) => Faults::of("email", error.to_string()),
            Err(error) => return Err(error.into()),
        },
    };
    let page = page(&people.site, &viewer, origin).await?;
    Ok(Again(MembersPage {
        faults,
        form,
        ..page
    })
    .into_response())
}

fn user(id: &str) -> Result<UserId> {
    UserId::parse(id).ok_or(web::Error::NotFound)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleForm {
    role: String,
}

pub(super) async fn role(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(form): Form<RoleForm>,
) -> Result<Done> {
    let role = Role::named(&form.role).ok_or_else(|| {
        web::Error::Invalid("a role is one of: admin, builder, user, auditor".to_owned())
    })?;
    let member = actions::change_role(&people.site, &viewer, user(&id)?, role).await?;
    people.sessions.forget(member.id);
    let said = format!("{} is now {}", member.name, role.name());
    Ok(Done::to("/members").saying(said))
}

pub(super) async fn disable(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    set_disabled(&people, &viewer, vec![user(&id)?], true).await
}

pub(super) async fn enable(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    set_disabled(&people, &viewer, vec![user(&id)?], false).await
}

/// The members that were ticked, all in one go.
pub(super) async fn disable_many(
    State(people): State<People>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Done> {
    set_disabled(&people, &viewer, ticked(&fields)?, true).await
}

pub(super) async fn enable_many(
    State(people): State<People>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Done> {
    set_disabled(&people, &viewer, ticked(&fields)?, false).await
}

fn ticked(fields: &Fields) -> Result<Vec<UserId>> {
    let users: Vec<UserId> = fields.all("user").map(user).collect::<Result<_>>()?;
    if users.is_empty() {
        let said = "nobody was ticked; go back, tick the members this is about, and repeat";
        return Err(web::Error::Invalid(said.to_owned()));
    }
    Ok(users)
}

async fn set_disabled(
    people: &People,
    viewer: &Viewer,
    users: Vec<UserId>,
    is_out: bool,
) -> Result<Done> {
    if is_out && users.contains(&viewer.person.id) {
        let said = "nobody shuts themselves out; another admin can";
        return Err(web::Error::Conflict(said.to_owned()));
    }
    let changed = actions::set_members_disabled(people, viewer, users, is_out).await?;
    let who = match changed.as_slice() {
        [one] => one.name.clone(),
        many => format!("{} members", many.len()),
    };
    let said = if is_out {
        format!("{who} can no longer sign in here")
    } else {
        format!("{who} can sign in again")
    };
    Ok(Done::to("/members").saying(said))
}

pub(super) async fn link(
    State(people): State<People>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Page<MembersPage>> {
    let link = actions::new_link(&people, &viewer, user(&id)?).await?;
    let mut page = page(&people.site, &viewer, origin).await?;
    let how = (&*page.origin, Occasion::Again);
    page.mailed = by_mail(&people, &viewer, std::slice::from_ref(&link), how).await;
    page.link = Some(link);
    Ok(Page(page))
}
