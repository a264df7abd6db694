//! What of a workspace is on its way out, and what is gone.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::Endings;
use crate::base::Time;
use crate::ending::actions;
use crate::ending::model::{Ending, EndingId};
use crate::ending::sql;
use crate::store::{self, Connection};
use crate::web::{self, Done, Fields, Page, Result, Right, Shell, Viewer, WorkspaceId};

#[derive(Template)]
#[template(path = "ending/deleting.html")]
pub(super) struct DeletingPage {
    shell: Shell,
    going: Part,
    gone: Part,
    now: Time,
    /// The id of whoever looks; admins take back what others asked for.
    me: String,
}

/// So many stand on a page.
const MOST: usize = 100;

/// The endings of one state, newest first, and the way to those before them.
struct Part {
    shown: Vec<Ending>,
    /// All there are.
    count: u64,
    is_first: bool,
    older: Option<EndingId>,
}

impl Part {
    fn of(
        conn: &Connection,
        of: (WorkspaceId, bool),
        before: Option<EndingId>,
    ) -> std::result::Result<Part, store::Error> {
        let mut shown = sql::some_of(conn, of, (before, MOST + 1))?;
        let is_more = shown.len() > MOST;
        shown.truncate(MOST);
        Ok(Part {
            count: sql::count_of(conn, of)?,
            is_first: before.is_none(),
            older: shown.last().filter(|_| is_more).map(|one| one.id),
            shown,
        })
    }
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
    RawQuery(query): RawQuery,
) -> Result<Page<DeletingPage>> {
    may_look(&viewer)?;
    let workspace = viewer.person.workspace;
    let query = Fields::parse(&query.unwrap_or_default());
    let before = |key: &str| query.get(key).map(ending).transpose();
    let (going, gone) = (before("going")?, before("gone")?);
    let read = move |conn: &Connection| {
        Ok::<_, store::Error>((
            Part::of(conn, (workspace, false), going)?,
            Part::of(conn, (workspace, true), gone)?,
        ))
    };
    let (going, gone) = endings.site().system.read(read).await?;
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
