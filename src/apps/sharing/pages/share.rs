//! Who an app is shared with: what its file says, and what this page adds.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{MayLook, MayPublish};
use crate::apps::format::Name;
use crate::apps::library::{self, Draft};
use crate::apps::sharing::actions::{self, Wanted};
use crate::apps::sharing::decide::decide;
use crate::apps::sharing::kept::rules;
use crate::apps::sharing::model::{Act, Asking, Rules};
use crate::apps::sharing::sql::Subject;
use crate::apps::{Apps, Error};
use crate::people::{self, Group, GroupId};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell, UserId};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "sharing/share.html")]
pub(super) struct Sharing {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    is_readable: bool,
    may_change: bool,
    sections: Vec<Section>,
    members: Vec<people::Member>,
    faults: Faults,
}

/// One act, with everybody who is named for it.
struct Section {
    act: &'static str,
    /// Who may, all in all.
    sum: &'static str,
    /// Entries of the file, and whether the workspace knows whom they mean.
    file: Vec<(String, bool)>,
    groups: Vec<(Group, bool)>,
    people: Vec<people::Member>,
    /// The e-mail address in the field, when it has to be put right.
    typed: String,
}

struct Around {
    groups: Vec<Group>,
    members: Vec<people::Member>,
}

async fn around(apps: &Apps, member: &Member) -> Result<Around> {
    Ok(Around {
        groups: people::groups_of(apps.site(), member.workspace).await?,
        members: people::members_of(apps.site(), member.workspace).await?,
    })
}

async fn page(apps: &Apps, member: &Member, app: &str) -> Result<Sharing> {
    let (workspace, name) = (member.workspace, app.to_owned());
    let draft = apps
        .site()
        .system
        .read(move |conn| library::sql::draft(conn, workspace, &name))
        .await?;
    let rules = rules(apps, workspace, app).await?;
    let around = around(apps, member).await?;
    let asking = Asking::of(&member.viewer.person);
    Ok(Sharing {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "sharing",
        draft,
        is_readable: rules.file.is_some(),
        may_change: decide(&asking, Act::Publish, &rules).is_given,
        sections: Act::ALL
            .map(|act| section(act, &rules, &around))
            .into_iter()
            .collect(),
        members: around.members,
        faults: Faults::default(),
    })
}

fn section(act: Act, rules: &Rules, around: &Around) -> Section {
    let file = rules.file.as_ref().map_or(&[][..], |lists| lists.of(act));
    let added = rules.page.of(act);
    let is_known = |name: &Name| match name {
        Name::Role(_) => true,
        Name::Group(name) => around.groups.iter().any(|group| group.name == *name),
        Name::Person(email) => around.members.iter().any(|one| one.email == *email),
    };
    let is_named = |group: &Group| added.contains(&Name::Group(group.name.clone()));
    let groups = around.groups.iter();
    let people = around.members.iter();
    Section {
        act: act.name(),
        sum: sum(act, !file.is_empty() || !added.is_empty()),
        file: file
            .iter()
            .map(|name| (name.to_string(), is_known(name)))
            .collect(),
        groups: groups
            .map(|group| (group.clone(), is_named(group)))
            .collect(),
        people: people
            .filter(|one| added.contains(&Name::Person(one.email.clone())))
            .cloned()
            .collect(),
        typed: String::new(),
    }
}

fn sum(act: Act, is_limited: bool) -> &'static str {
    match (act, is_limited) {
        (Act::Open, false) => "Nobody is named, so whoever may open apps may open this one.",
        (Act::Edit, false) => "Nobody is named, so every builder may edit it.",
        (Act::Publish, false) => "Nobody is named, so whoever may edit it may publish it.",
        (Act::Open, true) => {
            "Whoever is named here may open it; so may admins, and those who may edit or publish it."
        }
        (Act::Edit, true) => "Builders who are named here may edit it, and admins.",
        (Act::Publish, true) => "Builders who are named here may publish it, and admins.",
    }
}

pub(super) async fn show(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
) -> Result<Page<Sharing>> {
    Ok(Page(page(&apps, &member, &app).await?))
}

pub(super) async fn save(
    State(apps): State<Apps>,
    MayPublish(member): MayPublish,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let act = fields.get("act").and_then(Act::named);
    let act = act.ok_or_else(|| web::Error::Invalid("choose what to share".to_owned()))?;
    let typed = fields.get("add").unwrap_or_default().trim().to_lowercase();
    let around = around(&apps, &member).await?;
    let named = wanted(act, &fields, &around, &typed);
    let done = match named {
        Some(wanted) => actions::share(&apps, &member.viewer, &app, wanted).await,
        None => Err(Error::Refused(
            "nobody in this workspace has that e-mail address; ask an admin to invite them"
                .to_owned(),
        )),
    };
    match done {
        Ok(()) => Ok(Done::to(format!("/apps/{app}/sharing"))
            .saying("Saved; it holds from now on")
            .into_response()),
        Err(Error::Refused(fault)) => {
            let mut page = page(&apps, &member, &app).await?;
            page.faults = Faults::of(&format!("add-{}", act.name()), fault);
            keep_typed(&mut page, act, &fields, &typed);
            Ok(Again(page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as it was sent stands in the page again.
fn keep_typed(page: &mut Sharing, act: Act, fields: &Fields, typed: &str) {
    for section in page.sections.iter_mut().filter(|one| one.act == act.name()) {
        typed.clone_into(&mut section.typed);
        for (group, is_named) in &mut section.groups {
            let id = group.id.to_string();
            *is_named = fields.all("group").any(|sent| sent == id);
        }
    }
}

/// Whom the form names; `None` when the typed address is nobody's.
fn wanted(act: Act, fields: &Fields, around: &Around, typed: &str) -> Option<Wanted> {
    let groups = fields.all("group").filter_map(GroupId::parse);
    let groups = groups.filter_map(|id| around.groups.iter().find(|group| group.id == id));
    let mut names: Vec<_> = groups
        .map(|group| (Subject::Group(group.id), Name::Group(group.name.clone())))
        .collect();
    let person = |one: &people::Member| (Subject::Person(one.id), Name::Person(one.email.clone()));
    let people = fields.all("person").filter_map(UserId::parse);
    let people = people.filter_map(|id| around.members.iter().find(|one| one.id == id));
    names.extend(people.map(person));
    if !typed.is_empty() {
        names.push(person(
            around.members.iter().find(|one| one.email == typed)?,
        ));
    }
    Some(Wanted { act, names })
}
