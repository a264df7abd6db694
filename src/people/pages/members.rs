//! The members of a workspace: who is in, as what, and how to let more in.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::people::actions;
use crate::people::model::{Error, Member, NewUser};
use crate::people::sql;
use crate::site::Site;
use crate::web::{self, Again, Done, Faults, Origin, Page, Result, Role, Shell, UserId, Viewer};

use super::People;

#[derive(Template)]
#[template(path = "people/members.html")]
pub(super) struct MembersPage {
    shell: Shell,
    members: Vec<Member>,
    me: UserId,
    faults: Faults,
    form: InviteForm,
    /// A link just made, with the address it is for.
    link: Option<(String, String)>,
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
        Ok(new) => {
            let email = new.email.as_str().to_owned();
            match actions::invite(&people, &viewer, new).await {
                Ok(link) => {
                    let page = page(&people.site, &viewer, origin).await?;
                    let link = Some((email, link));
                    return Ok(Page(MembersPage { link, ..page }).into_response());
                }
                Err(error @ Error::EmailTaken) => Faults::of("email", error.to_string()),
                Err(error) => return Err(error.into()),
            }
        }
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
    let member = actions::set_member_disabled(&people.site, &viewer, user(&id)?, true).await?;
    people.sessions.forget(member.id);
    Ok(Done::to("/members").saying(format!("{} can no longer sign in", member.name)))
}

pub(super) async fn enable(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let member = actions::set_member_disabled(&people.site, &viewer, user(&id)?, false).await?;
    Ok(Done::to("/members").saying(format!("{} can sign in again", member.name)))
}

pub(super) async fn link(
    State(people): State<People>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Page<MembersPage>> {
    let id = user(&id)?;
    let link = actions::new_link(&people, &viewer, id).await?;
    let mut page = page(&people.site, &viewer, origin).await?;
    let member = page.members.iter().find(|member| member.id == id);
    page.link = member.map(|member| (member.email.clone(), link));
    Ok(Page(page))
}
