//! The extractor that opens a member's workspace.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::site::Site;
use crate::store::Db;
use crate::web::{Error, Viewer, WorkspaceId};
use crate::workspaces::actions::UnderGrant;

/// Somebody signed in, with the file of the workspace they are in.
#[derive(Clone)]
pub struct Member {
    pub viewer: Viewer,
    pub workspace: WorkspaceId,
    pub db: Db,
}

impl<S> FromRequestParts<S> for Member
where
    S: Send + Sync,
    Site: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Member, Error> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        if viewer.person.is_outside() {
            return Err(Error::Outside);
        }
        let site = Site::from_ref(state);
        let workspace = viewer.person.workspace;
        let db = site.files.open(&workspace.to_string())?;
        let mut db = db.for_person(Arc::clone(&viewer.person) as _);
        if viewer.person.whereabouts.grant.is_some() {
            let witness = UnderGrant {
                db: db.clone(),
                clock: site.clock.clone(),
                actor: viewer.actor(),
                what: parts.uri.path().to_owned(),
            };
            db = db.witnessed(Arc::new(witness));
        }
        Ok(Member {
            viewer,
            workspace,
            db,
        })
    }
}
