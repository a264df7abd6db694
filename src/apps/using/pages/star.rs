//! The star that puts an app first in somebody's own list.

use axum::extract::{Path, State};

use crate::apps::Apps;
use crate::apps::sharing::{self, Act};
use crate::apps::using::actions;
use crate::apps::widgets::address;
use crate::web::{Done, Fields, Result};
use crate::workspaces::Member;

pub(super) async fn set(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Done> {
    // Whoever has it in their list may mark it there.
    let acts = [Act::Open, Act::Edit, Act::Publish];
    sharing::hold(&apps, &member.viewer.person, &app, &acts).await?;
    let is_starred = fields.get("starred") == Some("yes");
    actions::star(&apps, &member.viewer, &app, is_starred).await?;
    let said = if is_starred {
        "It stands first in your list of apps"
    } else {
        "It stands among the others again"
    };
    Ok(Done::to(back(&apps, &member, &app, &fields).await).saying(said))
}

/// The page of the app that the star was pressed on, as it was; the list of apps where it
/// was pressed there.
async fn back(apps: &Apps, member: &Member, app: &str, fields: &Fields) -> String {
    let published = apps.published(member.workspace, app).await.ok();
    let page = fields.get("page");
    let page = published
        .as_ref()
        .and_then(|published| published.app.page(page?));
    match (&published, page) {
        (Some(published), Some(page)) => {
            let at = address(&format!("/apps/{app}"), &published.app, &page.id);
            let shown = Fields::parse(fields.get("shown").unwrap_or_default());
            format!("{at}?{}", shown.query())
        }
        _ => "/apps".to_owned(),
    }
}
