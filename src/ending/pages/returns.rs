//! Taking all data with you: what is in an archive, asking for one, how far it
//! is, and the link to it.

use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::Endings;
use crate::base::Time;
use crate::ending::actions;
use crate::ending::parts::{self, Part};
use crate::ending::returns::{Closed, Lock, Return, ReturnId};
use crate::ending::sql;
use crate::journal::hex;
use crate::store;
use crate::web::{
    self, Again, Done, Faults, Fields, Origin, Page, Result, Right, Shell, Viewer, WorkspaceId,
};

#[derive(Template)]
#[template(path = "ending/returns.html")]
pub(super) struct ReturnsPage {
    shell: Shell,
    parts: &'static [&'static dyn Part],
    contact: String,
    /// The workspaces whose data they may take: id, name, and until when.
    mine: Vec<(WorkspaceId, String, Option<Time>)>,
    asked: Vec<(String, Return)>,
    faults: Faults,
    form: Typed,
}

#[derive(Default)]
struct Typed {
    workspace: String,
    is_recipient: bool,
    recipient: String,
}

/// Whose data this person may take: their own workspace's as its admin, and
/// that of closed ones they were an admin of. A visitor takes nothing.
async fn mine(
    endings: &Endings,
    viewer: &Viewer,
) -> Result<Vec<(WorkspaceId, String, Option<Time>)>> {
    let person = &viewer.person;
    if viewer.standing.owes_factor || person.whereabouts.grant.is_some() {
        return Ok(Vec::new());
    }
    let (user, now) = (person.id.to_string(), endings.site().clock.now());
    let closed = endings
        .site()
        .system
        .read(move |conn| sql::closed_of(conn, &user, now));
    let closed: Vec<Closed> = closed.await?;
    let mut mine = Vec::new();
    if !person.is_outside() && viewer.may(Right::ManageMembers) {
        mine.push((person.workspace, person.workspace_name.clone(), None));
    }
    let closed = closed.into_iter();
    mine.extend(closed.map(|one| (one.id, one.name, Some(one.until))));
    Ok(mine)
}

async fn page(endings: &Endings, viewer: &Viewer) -> Result<ReturnsPage> {
    let mine = mine(endings, viewer).await?;
    let mut asked = Vec::new();
    for (id, name, _) in &mine {
        let id = *id;
        let found = endings
            .site()
            .system
            .read(move |conn| sql::returns(conn, id));
        let found = found.await?.into_iter();
        asked.extend(found.map(|one| (name.clone(), one)));
    }
    Ok(ReturnsPage {
        shell: Shell::of(viewer, "returns"),
        parts: parts::ALL,
        contact: actions::settings(endings.site()).await?.contact,
        mine,
        asked,
        faults: Faults::default(),
        form: Typed::default(),
    })
}

pub(super) async fn list(
    State(endings): State<Endings>,
    viewer: Viewer,
) -> Result<Page<ReturnsPage>> {
    Ok(Page(page(&endings, &viewer).await?))
}

pub(super) async fn ask(
    State(endings): State<Endings>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let wanted = fields.get("workspace").unwrap_or_default();
    let wanted = WorkspaceId::parse(wanted).ok_or(web::Error::NotFound)?;
    let mine = mine(&endings, &viewer).await?;
    if !mine.iter().any(|(id, ..)| *id == wanted) {
        return Err(web::Error::Forbidden);
    }
    match Lock::parse(&fields) {
        Ok(lock) => {
            let (site, making) = (endings.site(), &endings.making);
            let id = actions::ask_return(site, making, &viewer.actor(), wanted, lock).await?;
            Ok(Done::to(format!("/returns/{id}")).into_response())
        }
        Err(faults) => {
            let page = page(&endings, &viewer).await?;
            Ok(Again(ReturnsPage {
                faults,
                form: Typed {
                    workspace: wanted.to_string(),
                    is_recipient: fields.get("seal") == Some("recipient"),
                    recipient: fields.get("recipient").unwrap_or_default().to_owned(),
                },
                ..page
            })
            .into_response())
        }
    }
}

/// How far an archive is.
struct Far {
    here: String,
    is_over: bool,
    percent: usize,
    part: &'static str,
    entries: u64,
    bytes: u64,
}

#[derive(Template)]
#[template(path = "ending/return.html")]
pub(super) struct ReturnPage {
    shell: Shell,
    one: Return,
    name: String,
    digest: String,
    progress: Far,
    /// Shown once.
    link: Option<String>,
}

#[derive(Template)]
#[template(path = "ending/return_part.html")]
pub(super) struct ReturnPart {
    progress: Far,
}

/// The archive of an address, if it is theirs to take.
async fn found(endings: &Endings, viewer: &Viewer, id: &str) -> Result<(Return, String)> {
    let id = ReturnId::parse(id).ok_or(web::Error::NotFound)?;
    let one = endings
        .site()
        .system
        .read(move |conn| sql::one_return(conn, id));
    let one = one.await?;
    let mine = mine(endings, viewer).await?;
    let place = mine.into_iter().find(|(id, ..)| *id == one.workspace);
    let (_, name, _) = place.ok_or(web::Error::NotFound)?;
    Ok((one, name))
}

fn far(endings: &Endings, one: &Return) -> Far {
    let here = format!("/returns/{}", one.id);
    let Some(progress) = endings.making.of(one.id) else {
        return Far {
            here,
            is_over: true,
            percent: 100,
            part: "Done",
            entries: one.entries,
            bytes: one.bytes,
        };
    };
    let at = progress.part.load(Ordering::Relaxed);
    Far {
        here,
        is_over: false,
        percent: at * 100 / parts::ALL.len(),
        part: parts::ALL.get(at).map_or("Sealing", |part| part.title()),
        entries: progress.entries.load(Ordering::Relaxed),
        bytes: progress.bytes.load(Ordering::Relaxed),
    }
}

fn return_page(
    endings: &Endings,
    viewer: &Viewer,
    (one, name): (Return, String),
    link: Option<String>,
) -> ReturnPage {
    ReturnPage {
        shell: Shell::of(viewer, "returns"),
        digest: one.digest.as_deref().map(hex).unwrap_or_default(),
        progress: far(endings, &one),
        one,
        name,
        link,
    }
}

pub(super) async fn show(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<ReturnPage>> {
    let found = found(&endings, &viewer, &id).await?;
    Ok(Page(return_page(&endings, &viewer, found, None)))
}

pub(super) async fn progress(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<ReturnPart>> {
    let (one, _) = found(&endings, &viewer, &id).await?;
    Ok(Page(ReturnPart {
        progress: far(&endings, &one),
    }))
}

pub(super) async fn link(
    State(endings): State<Endings>,
    viewer: Viewer,
    Origin(origin): Origin,
    Path(id): Path<String>,
) -> Result<Page<ReturnPage>> {
    let (one, name) = found(&endings, &viewer, &id).await?;
    let link = actions::make_link(endings.site(), &viewer.actor(), &one).await?;
    let link = format!("{origin}/take/{}", link.reveal());
    Ok(Page(return_page(
        &endings,
        &viewer,
        (one, name),
        Some(link),
    )))
}

pub(super) async fn remove(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let (one, _) = found(&endings, &viewer, &id).await?;
    if one.state != "ready" {
        return Err(store::Error::NotFound.into());
    }
    actions::remove_return(endings.site(), &viewer.actor(), &one).await?;
    Ok(Done::to("/returns").saying("The archive is removed"))
}
