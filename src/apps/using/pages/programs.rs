//! What programs may read of one app, with calls that can be copied.

use askama::Template;
use axum::extract::{Path, State};

use super::published;
use crate::apps::Apps;
use crate::apps::using::examples::{self, Example};
use crate::web::{Origin, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/programs.html")]
pub(super) struct Programs {
    shell: Shell,
    id: String,
    title: String,
    /// The server's address as it is written into the calls.
    origin: String,
    examples: Vec<Example>,
}

pub(super) async fn page(
    State(apps): State<Apps>,
    member: Member,
    origin: Origin,
    Path(app): Path<String>,
) -> Result<Page<Programs>> {
    let published = published(&apps, &member, &app).await?;
    // Where nobody knows how this server is called, whoever copies it says so.
    let origin = Some(origin.0).filter(|origin| !origin.is_empty());
    let origin = origin.unwrap_or_else(|| "https://your-server".to_owned());
    Ok(Page(Programs {
        shell: Shell::of(&member.viewer, "apps"),
        examples: examples::all(&published.app, &origin),
        id: published.app.id.clone(),
        title: published.app.title.clone(),
        origin,
    }))
}
