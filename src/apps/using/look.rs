//! A look at a published app with nobody asking: whether it can be shown at all.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::apps::Apps;
use crate::apps::library::{sql, within};
use crate::apps::render::{self, Ask};
use crate::journal::{Seen, Via};
use crate::store::Error as StoreError;
use crate::web::{
    Error, Fields, Person, Result, Role, Standing, UserId, Viewer, Whereabouts, WorkspaceId,
};
use crate::workspaces::Member;

/// Draws the first page of the first app that a workspace has published. Gives
/// its id and the length of the page; `None` when there is none.
pub async fn look(apps: &Apps, workspace: WorkspaceId) -> Result<Option<(String, usize)>> {
    let list = move |conn: &crate::store::Connection| sql::list(conn, workspace);
    let listed = apps.site().system.read::<_, StoreError>(list).await?;
    let Some(first) = listed.into_iter().find(|one| one.version.is_some()) else {
        return Ok(None);
    };
    let published = apps.published(workspace, &first.id).await?;
    let app = &published.app;
    let page = app.page_at("/").or_else(|| app.pages.first());
    let page = page.ok_or(Error::NotFound)?;
    let member = Member {
        viewer: nobody(workspace),
        workspace,
        db: apps.site().files.open(&workspace.to_string())?,
    };
    let ask = Ask {
        app,
        page,
        fields: &Fields::default(),
        base: &format!("/apps/{}", app.id),
        is_preview: false,
        is_read_only: true,
    };
    let html = render::page(apps, &within(member, app), ask).await?;
    Ok(Some((first.id, html.len())))
}

fn nobody(workspace: WorkspaceId) -> Viewer {
    Viewer {
        person: Arc::new(Person {
            id: UserId(uuid::Uuid::nil()),
            name: "Onsight".to_owned(),
            email: String::new(),
            role: Role::Admin,
            operator: false,
            workspace,
            workspace_name: String::new(),
            via: Via::System,
            groups: Vec::new(),
            attributes: std::collections::BTreeMap::default(),
            whereabouts: Whereabouts::default(),
        }),
        standing: Standing::default(),
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        door: crate::web::Door::Only,
        seen: Arc::new(Seen::default()),
        toast: None,
    }
}
