//! What of a workspace is on its way out, and what is gone.

use askama::Template;
use axum::extract::{Path, State};

use super::Endings;
use crate::base::Time;
use crate::ending::actions;
use crate::ending::model::{Ending, EndingId, State as How};
use crate::ending::sql;
use crate::web::{self, Done, Page, Result, Right, Shell, Viewer};

#[derive(Template)]
#[template(path = "ending/deleting.html")]
pub(super) struct DeletingPage {
    shell: Shell,
    going: Vec<Ending>,
    gone: Vec<Ending>,
    now: Time,
    /// The id of whoever looks; admins take back what others asked for.
    me: String,
}

impl DeletingPage {
    fn may_undo(&self, one: &Ending) -> bool {
        one.can_come_back(self.now)
            && one.parent.is_none()
            && (self.shell.admin || one.asked_by == self.me)
    }
}

/// Those who make things, and those who read the trail.
pub(super) fn may_look(viewer: &Viewer) -> Result<()> {
    if viewer.person.is_outside() {
        return Err(web::Error::Outside);
    }
    if viewer.may(Right::Build) || viewer.may(Right::ReadAudit) {
        Ok(())
    } else {
        Err(web::Error::Forbidden)
    }
}

pub(super) async fn show(
    State(endings): State<Endings>,
    viewer: Viewer,
) -> Result<Page<DeletingPage>> {
    may_look(&viewer)?;
    let workspace = viewer.person.workspace;
    let all = endings
        .site()
        .system
        .read(move |conn| sql::all_of(conn, workspace))
        .await?;
    let (gone, going) = all.into_iter().partition(|one| one.state == How::Gone);
    Ok(Page(DeletingPage {
        shell: Shell::of(&viewer, "deleting"),
        going,
        gone,
        now: endings.site().clock.now(),
        me: viewer.person.id.to_string(),
    }))
}

pub(super) fn ending(id: &str) -> Result<EndingId> {
    EndingId::parse(id).ok_or(web::Error::NotFound)
}

pub(super) async fn undo(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let of = (
        Some(viewer.person.workspace),
        viewer.may(Right::ManageMembers),
    );
    let back = actions::undo(endings.site(), &viewer.actor(), of, ending(&id)?).await?;
    endings.refresh(&back);
    let title = back.first().map_or("It", |one| one.title.as_str());
    Ok(Done::to("/deleting").saying(format!("{title} is back, as it was")))
}
