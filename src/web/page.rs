//! Templates on their way out, and the frame around them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::access::{Right, Viewer, WorkspaceId};
use super::{Error, assets};
use crate::base::Time;

/// A template as a whole page.
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => Error::broken(error).into_response(),
        }
    }
}

/// The same page again because something on it has to be put right.
pub struct Again<T>(pub T);

impl<T: Template> IntoResponse for Again<T> {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Page(self.0)).into_response()
    }
}

/// The frame of a page for somebody signed in: what `layout.html` asks for.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question a template asks"
)]
pub struct Shell {
    pub workspace: String,
    pub person: String,
    /// The entry of the rail that is lit.
    pub section: &'static str,
    /// Where this build's files lie.
    pub assets: &'static str,
    pub toast: Option<String>,
    /// They use apps; an auditor does not.
    pub user: bool,
    pub builder: bool,
    pub admin: bool,
    /// Reads who came in and what happened.
    pub audits: bool,
    /// They see how the workspace is set up, whether or not they may change it.
    pub settings: bool,
    pub operator: bool,
    /// They are in a workspace.
    pub inside: bool,
    /// The workspaces they may go to.
    pub others: Vec<(WorkspaceId, String)>,
    /// They are no member, and have to leave then.
    pub visit: Option<Time>,
    /// How many operators are here or ask to be.
    pub visits: u32,
    /// Alerts nobody has looked at: of this workspace, and of the whole server.
    pub alerts_here: u32,
    pub alerts: u32,
}

impl Shell {
    pub fn of(viewer: &Viewer, section: &'static str) -> Shell {
        let (person, whereabouts) = (&viewer.person, &viewer.person.whereabouts);
        let others = whereabouts.places.iter();
        Shell {
            workspace: viewer.person.workspace_name.clone(),
            person: viewer.person.name.clone(),
            section,
            assets: assets::prefix(),
            toast: viewer.toast.clone(),
            user: viewer.may(Right::UseApps),
            builder: viewer.may(Right::Build),
            admin: viewer.may(Right::ManageMembers),
            audits: viewer.may(Right::ReadAudit),
            settings: viewer.may(Right::ReadSettings),
            operator: viewer.may(Right::Operate),
            inside: !person.is_outside(),
            others: others
                .filter(|(place, _)| *place != person.workspace)
                .cloned()
                .collect(),
            visit: whereabouts.grant.as_ref().map(|grant| grant.ends),
            visits: whereabouts.visits,
            alerts_here: whereabouts.alerts_here,
            alerts: whereabouts.alerts,
        }
    }
}
