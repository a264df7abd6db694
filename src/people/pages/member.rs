//! One member of a workspace: what they are there, and what is said of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::people::actions;
use crate::people::belonging::{Attributes, Group, GroupId, Profile, typed};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Role, Shell, UserId, Viewer};

use super::People;

#[derive(Template)]
#[template(path = "people/member.html")]
pub(super) struct MemberPage {
    shell: Shell,
    profile: Profile,
    groups: Vec<Group>,
    /// Names and values as they stand in the form, with empty ones to fill in.
    pairs: Vec<(String, String)>,
    faults: Faults,
}

fn user(id: &str) -> Result<UserId> {
    UserId::parse(id).ok_or(web::Error::NotFound)
}

async fn page(people: &People, viewer: &Viewer, user: UserId) -> Result<MemberPage> {
    let workspace = viewer.person.workspace;
    let profile = actions::profile(&people.site, workspace, user).await?;
    let said = profile.attributes.iter();
    let mut pairs: Vec<_> = said
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    pairs.extend([
        (String::new(), String::new()),
        (String::new(), String::new()),
    ]);
    Ok(MemberPage {
        shell: Shell::of(viewer, "members"),
        groups: actions::groups_of(&people.site, workspace).await?,
        profile,
        pairs,
        faults: Faults::default(),
    })
}

pub(super) async fn show(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<MemberPage>> {
    Ok(Page(page(&people, &viewer, user(&id)?).await?))
}

pub(super) async fn groups(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Done> {
    let wanted: Vec<GroupId> = fields.all("group").filter_map(GroupId::parse).collect();
    let member = actions::set_groups(&people, &viewer, user(&id)?, wanted).await?;
    let said = format!("The groups of {} are saved", member.name);
    Ok(Done::to(format!("/members/{}", member.id)).saying(said))
}

pub(super) async fn attributes(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let user = user(&id)?;
    match Attributes::parse(&fields) {
        Ok(new) => {
            let member = actions::set_attributes(&people, &viewer, user, new).await?;
            let said = format!("The attributes of {} are saved", member.name);
            Ok(Done::to(format!("/members/{}", member.id))
                .saying(said)
                .into_response())
        }
        Err(faults) => {
            let page = page(&people, &viewer, user).await?;
            let pairs = typed(&fields);
            Ok(Again(MemberPage {
                pairs,
                faults,
                ..page
            })
            .into_response())
        }
    }
}
