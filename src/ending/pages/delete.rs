//! What goes with a thing, and the form that ends it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::Endings;
use crate::apps;
use crate::ending::actions::{Wanted, ask as ask_for, settings};
use crate::ending::kinds::{Bars, Kind, look, named};
use crate::ending::model::{Error, Preview, Tables, Thing};
use crate::web::{
    self, Again, Done, Faults, Fields, Page, Result, Right, Shell, Viewer, WorkspaceId,
};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "ending/delete.html")]
pub(super) struct DeletePage {
    shell: Shell,
    noun: &'static str,
    is_everything: bool,
    thing: Thing,
    /// What has to be typed.
    typed: String,
    preview: Preview,
    /// Where the form goes, and where one comes from.
    here: String,
    back: String,
    undo: i64,
    faults: Faults,
    form: Sent,
}

#[derive(Default)]
struct Sent {
    typed: String,
    is_with: bool,
    is_forced: bool,
}

impl DeletePage {
    /// Tables that nobody else works with.
    fn own(&self) -> usize {
        let tables = self.preview.tables.iter();
        tables.filter(|table| table.others.is_empty()).count()
    }

    fn has_shared(&self) -> bool {
        self.own() < self.preview.tables.len()
    }
}

/// A thing on its way to the form.
struct Found {
    kind: &'static dyn Kind,
    workspace: WorkspaceId,
    object: String,
    here: String,
    /// The page after it is gone.
    after: &'static str,
    /// Tables with rows that a policy hides from them: these they do not end.
    barred: Vec<String>,
}

async fn page(endings: &Endings, viewer: &Viewer, found: &Found) -> Result<DeletePage> {
    let (kind, object) = (found.kind, found.object.clone());
    let (thing, preview) = look(endings.site(), found.workspace, move |place| {
        let mut all = kind.all(place)?.into_iter();
        let thing = all.find(|thing| thing.object == object);
        let thing = thing.ok_or(Error::Missing)?;
        let preview = kind.preview(place, &thing)?;
        Ok((thing, preview))
    })
    .await?;
    Ok(DeletePage {
        shell: Shell::of(viewer, "deleting"),
        noun: kind.noun(),
        is_everything: kind.is_everything(),
        typed: kind.typed(&thing).to_owned(),
        preview,
        here: found.here.clone(),
        back: kind.page(&thing.object),
        undo: settings(endings.site()).await?.undo,
        faults: Faults::default(),
        form: Sent::default(),
        thing,
    })
}

async fn end(
    endings: &Endings,
    viewer: &Viewer,
    found: Found,
    fields: &Fields,
) -> Result<Response> {
    let said = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let is_forced = fields.get("force").is_some();
    let wanted = Wanted {
        kind: found.kind,
        workspace: found.workspace,
        object: found.object.clone(),
        typed: said("typed"),
        tables: Tables::of(&said("tables"), is_forced),
        barred: found.barred.clone(),
    };
    match ask_for(endings.site(), &viewer.actor(), wanted).await {
        Ok(all) => {
            endings.refresh(&all);
            let said = match all.first() {
                Some(one) if one.due > one.asked => {
                    let hours = (one.due.0 - one.asked.0) / crate::base::Time::HOUR;
                    format!(
                        "{} is hidden; you can have it back for {hours} hours",
                        one.title
                    )
                }
                _ => "It is being destroyed".to_owned(),
            };
            Ok(Done::to(found.after).saying(said).into_response())
        }
        Err(error @ Error::Mistyped(_)) => {
            let page = page(endings, viewer, &found).await?;
            Ok(Again(DeletePage {
                faults: Faults::of("typed", error.to_string()),
                form: Sent {
                    typed: said("typed"),
                    is_with: said("tables") == "with",
                    is_forced,
                },
                ..page
            })
            .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The thing of an address, if it is the member's to end.
async fn found(endings: &Endings, member: &Member, kind: &str, object: String) -> Result<Found> {
    let kind = named(kind)?;
    if kind.right() != Right::Build {
        return Err(web::Error::NotFound);
    }
    match kind.bars() {
        Bars::Sharing => apps::may_delete(&endings.apps, &member.viewer.person, &object).await?,
        Bars::Policies if member.db.is_governed(&object).await? => {
            return Err(Error::Hidden.into());
        }
        Bars::Nobody | Bars::Policies | Bars::Visitors => {}
    }
    let mut barred = Vec::new();
    let catalog = endings.apps.data.catalog(member.workspace, &member.db);
    for table in &catalog.await?.tables {
        if member.db.is_governed(&table.name).await? {
            barred.push(table.name.clone());
        }
    }
    Ok(Found {
        kind,
        workspace: member.workspace,
        here: format!("/delete/{}/{object}", kind.name()),
        object,
        after: "/deleting",
        barred,
    })
}

pub(super) async fn show(
    State(endings): State<Endings>,
    member: Member,
    Path((kind, object)): Path<(String, String)>,
) -> Result<Page<DeletePage>> {
    let found = found(&endings, &member, &kind, object).await?;
    Ok(Page(page(&endings, &member.viewer, &found).await?))
}

pub(super) async fn ask(
    State(endings): State<Endings>,
    member: Member,
    Path((kind, object)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let found = found(&endings, &member, &kind, object).await?;
    end(&endings, &member.viewer, found, &fields).await
}

/// The workspace one is in.
fn own_of(viewer: &Viewer) -> Result<Found> {
    if viewer.person.is_outside() {
        return Err(web::Error::Outside);
    }
    if viewer.person.whereabouts.grant.is_some() {
        return Err(Error::Visitor.into());
    }
    let workspace = viewer.person.workspace;
    Ok(Found {
        kind: named("workspace")?,
        workspace,
        object: workspace.to_string(),
        here: "/delete/workspace".to_owned(),
        after: "/returns",
        barred: Vec::new(),
    })
}

pub(super) async fn own(
    State(endings): State<Endings>,
    viewer: Viewer,
) -> Result<Page<DeletePage>> {
    Ok(Page(page(&endings, &viewer, &own_of(&viewer)?).await?))
}

pub(super) async fn ask_own(
    State(endings): State<Endings>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let found = own_of(&viewer)?;
    end(&endings, &viewer, found, &fields).await
}

/// A workspace an operator runs.
fn other_of(id: &str) -> Result<Found> {
    let workspace = WorkspaceId::parse(id).ok_or(web::Error::NotFound)?;
    Ok(Found {
        kind: named("workspace")?,
        workspace,
        object: workspace.to_string(),
        here: format!("/workspaces/{workspace}/delete"),
        after: "/deletion",
        barred: Vec::new(),
    })
}

pub(super) async fn other(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(workspace): Path<String>,
) -> Result<Page<DeletePage>> {
    let page = page(&endings, &viewer, &other_of(&workspace)?).await?;
    Ok(Page(DeletePage {
        back: "/workspaces".to_owned(),
        shell: Shell::of(&viewer, "workspaces"),
        ..page
    }))
}

pub(super) async fn ask_other(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(workspace): Path<String>,
    fields: Fields,
) -> Result<Response> {
    end(&endings, &viewer, other_of(&workspace)?, &fields).await
}
