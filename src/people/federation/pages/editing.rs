//! One method: entered, changed, tried, and what its groups mean here.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::list::id;
use crate::people::federation::actions::{self, back_to};
use crate::people::federation::form::{Draft, fields as fields_of};
use crate::people::federation::model::{MethodId, Placement, PlacementId};
use crate::people::federation::trial::{self, Step, Went};
use crate::people::federation::{Error, sql};
use crate::people::pages::People;
use crate::web::{
    self, Again, Done, Faults, Fields, Page, Result, Role, Shell, Viewer, WorkspaceId,
};

/// Group id, its name, and the workspace it is of.
type Group = (String, String, WorkspaceId);

#[derive(Template)]
#[template(path = "people/federation/method.html")]
pub(super) struct MethodPage {
    shell: Shell,
    kind: &'static str,
    /// What is kept; `None` while it is being entered.
    kept: Option<Kept>,
    form: Fields,
    faults: Faults,
    has_url: bool,
}

/// The parts of the page that need a method to be there.
struct Kept {
    id: MethodId,
    name: String,
    is_on: bool,
    has_secret: bool,
    back: String,
    placements: Vec<Placement>,
    workspaces: Vec<(WorkspaceId, String)>,
    groups: Vec<Group>,
    place: Fields,
    place_faults: Faults,
    somebody: String,
    steps: Option<Vec<Step>>,
}

impl MethodPage {
    fn value(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    fn is_ticked(&self, name: &str) -> bool {
        self.form.get(name).is_some()
    }

    fn errors(&self) -> Vec<(&str, &str)> {
        self.faults.iter().collect()
    }

    fn fault(&self, name: &str) -> &str {
        self.faults.at(name).unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    kind: Option<String>,
}

fn kind(name: Option<&str>) -> Result<&'static str> {
    match name {
        Some("oidc") => Ok("oidc"),
        Some("ldap") => Ok("ldap"),
        _ => Err(web::Error::NotFound),
    }
}

/// A form with the words most directories and providers need.
fn suggestion(kind: &str) -> Fields {
    Fields::parse(match kind {
        "oidc" => "groups=groups",
        _ => {
            "security=ldaps&filter=(%26(objectClass%3Dperson)(mail%3D%7Bemail%7D))&group_filter=(member%3D%7Bdn%7D)"
        }
    })
}

fn blank(people: &People, viewer: &Viewer, kind: &'static str) -> MethodPage {
    MethodPage {
        shell: Shell::of(viewer, "sign-in-methods"),
        kind,
        kept: None,
        form: suggestion(kind),
        faults: Faults::default(),
        has_url: people.site.config.edges.url.is_some(),
    }
}

async fn page(people: &People, viewer: &Viewer, id: MethodId) -> Result<MethodPage> {
    let (method, placements, workspaces, groups) = people
        .site
        .system
        .read(move |conn| {
            Ok::<_, crate::store::Error>((
                sql::method(conn, id)?,
                sql::placements(conn, id)?,
                sql::workspaces(conn)?,
                sql::groups(conn)?,
            ))
        })
        .await?;
    let url = people.site.config.edges.url.as_ref();
    Ok(MethodPage {
        form: fields_of(&method),
        kept: Some(Kept {
            id,
            is_on: method.is_on,
            has_secret: method.sealed.is_some(),
            back: url.map(|url| back_to(url, id)).unwrap_or_default(),
            placements,
            workspaces,
            groups,
            place: Fields::default(),
            place_faults: Faults::default(),
            somebody: String::new(),
            steps: None,
            name: method.name,
        }),
        ..blank(people, viewer, method.settings.kind())
    })
}

pub(super) async fn new(
    State(people): State<People>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Page<MethodPage>> {
    Ok(Page(blank(&people, &viewer, kind(wanted.kind.as_deref())?)))
}

pub(super) async fn add(
    State(people): State<People>,
    viewer: Viewer,
    form: Fields,
) -> Result<Response> {
    let kind = kind(form.get("kind"))?;
    let faults = match Draft::parse(kind, &form) {
        Err(faults) => faults,
        Ok(draft) => match actions::add(&people, &viewer, draft).await {
            Ok(id) => {
                let done = Done::to(format!("/sign-in-methods/{id}"));
                return Ok(done
                    .saying("Kept. Test it, say what its groups mean, then switch it on")
                    .into_response());
            }
            Err(error @ Error::NameTaken) => Faults::of("name", error.to_string()),
            Err(error) => return Err(error.into()),
        },
    };
    let page = blank(&people, &viewer, kind);
    Ok(Again(MethodPage {
        form,
        faults,
        ..page
    })
    .into_response())
}

pub(super) async fn show(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
) -> Result<Page<MethodPage>> {
    Ok(Page(page(&people, &viewer, id(&method)?).await?))
}

pub(super) async fn save(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
    form: Fields,
) -> Result<Response> {
    let id = id(&method)?;
    let page = page(&people, &viewer, id).await?;
    let faults = match Draft::parse(page.kind, &form) {
        Err(faults) => faults,
        Ok(draft) => match actions::save(&people, &viewer, id, draft).await {
            Ok(saved) => {
                let said = if saved.lost_secret {
                    "Saved. The destination is another one, so the secret is forgotten and the method is off: enter the secret again"
                } else {
                    "Saved"
                };
                let done = Done::to(format!("/sign-in-methods/{id}"));
                return Ok(done.saying(said).into_response());
            }
            Err(error @ Error::NameTaken) => Faults::of("name", error.to_string()),
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Again(MethodPage {
        form,
        faults,
        ..page
    })
    .into_response())
}

/// Tries what is kept, step by step.
pub(super) async fn test(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
    form: Fields,
) -> Result<Page<MethodPage>> {
    let id = id(&method)?;
    let mut page = page(&people, &viewer, id).await?;
    let method = people
        .site
        .system
        .read(move |conn| sql::method(conn, id))
        .await?;
    if let Some(kept) = &mut page.kept {
        form.get("somebody")
            .unwrap_or_default()
            .trim()
            .clone_into(&mut kept.somebody);
        let steps = trial::run(&people, &method, &kept.placements, &kept.somebody).await;
        let wrong = steps.iter().find(|step| step.went == Went::Wrong);
        let fault = wrong.map(|step| format!("{}: {}", step.title, step.text));
        actions::tested(&people, &viewer, method, fault).await?;
        kept.steps = Some(steps);
    }
    Ok(Page(page))
}

/// What a group over there means here.
pub(super) async fn place(
    State(people): State<People>,
    viewer: Viewer,
    Path(method): Path<String>,
    form: Fields,
) -> Result<Response> {
    let id = id(&method)?;
    let mut page = page(&people, &viewer, id).await?;
    let Some(kept) = &mut page.kept else {
        return Err(web::Error::NotFound);
    };
    match placement(&people, kept, &form) {
        Ok(new) => {
            let said = format!(
                "From their next sign-in on, {} is {} in {}",
                new.theirs,
                new.role.name(),
                new.workspace_name
            );
            actions::add_placement(&people, &viewer, id, new).await?;
            let done = Done::to(format!("/sign-in-methods/{id}"));
            Ok(done.saying(said).into_response())
        }
        Err(faults) => {
            kept.place = form;
            kept.place_faults = faults;
            Ok(Again(page).into_response())
        }
    }
}

fn placement(people: &People, kept: &Kept, form: &Fields) -> Result<Placement, Faults> {
    let text = |name: &str| form.get(name).unwrap_or_default().trim();
    let theirs = text("theirs");
    let mut faults = Faults::default();
    if theirs.is_empty() || theirs.chars().count() > 400 {
        faults.add(
            "theirs",
            "write the group as the method calls it, or * for everybody",
        );
    }
    let place = kept
        .workspaces
        .iter()
        .find(|(id, _)| id.to_string() == text("workspace"));
    let role = Role::named(text("role"));
    let group = kept.groups.iter().find(|(id, ..)| id == text("group"));
    if let (Some((.., of)), Some((workspace, _))) = (group, place)
        && of != workspace
    {
        faults.add("group", "that group is of another workspace");
    }
    match (place, role) {
        (Some((workspace, name)), Some(role)) if faults.is_empty() => Ok(Placement {
            id: PlacementId::new(people.site.clock.now()),
            theirs: theirs.to_owned(),
            workspace: *workspace,
            workspace_name: name.clone(),
            role,
            group: group.map(|(id, name, _)| (id.clone(), name.clone())),
        }),
        (None, _) => {
            faults.add("workspace", "choose a workspace");
            Err(faults)
        }
        _ => Err(faults),
    }
}

pub(super) async fn displace(
    State(people): State<People>,
    viewer: Viewer,
    Path((method, place)): Path<(String, String)>,
) -> Result<Done> {
    let (id, place) = (
        id(&method)?,
        PlacementId::parse(&place).ok_or(web::Error::NotFound)?,
    );
    actions::drop_placement(&people, &viewer, id, place).await?;
    let said = "What it gave is taken back when each person signs in next";
    Ok(Done::to(format!("/sign-in-methods/{id}")).saying(said))
}
