//! The apps of a workspace.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{Apps, actions};
use crate::apps::library::Listed;
use crate::web::{Page, Result, Right, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/list.html")]
pub(super) struct Shelf {
    shell: Shell,
    q: String,
    apps: Vec<Card>,
    /// There are none at all, whatever is searched for.
    is_bare: bool,
    tables: usize,
}

struct Card {
    app: Listed,
    description: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn list(
    State(apps): State<Apps>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Page<Shelf>> {
    let is_builder = member.viewer.may(Right::Build);
    let all = actions::find(&apps, member.workspace, "", is_builder).await?;
    let found = actions::find(&apps, member.workspace, &asked.q, is_builder).await?;
    let tables = if is_builder {
        let catalog = apps.data.catalog(member.workspace, &member.db).await?;
        catalog.tables.len()
    } else {
        0
    };
    let mut cards = Vec::with_capacity(found.len());
    for app in found {
        let published = match app.version {
            Some(_) => apps.published(member.workspace, &app.id).await.ok(),
            None => None,
        };
        let description = published.and_then(|published| published.app.description.clone());
        cards.push(Card {
            app,
            description: description.unwrap_or_default(),
        });
    }
    Ok(Page(Shelf {
        shell: Shell::of(&member.viewer, "apps"),
        q: asked.q,
        is_bare: all.is_empty(),
        apps: cards,
        tables,
    }))
}
