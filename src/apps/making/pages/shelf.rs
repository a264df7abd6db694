//! The apps of a workspace.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{Apps, actions};
use crate::apps::library::Listed;
use crate::apps::making::model::Found;
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
    may_open: bool,
    may_edit: bool,
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
    let person = &member.viewer.person;
    let found = actions::find(&apps, person, &asked.q).await?;
    let is_bare = found.is_empty() && actions::find(&apps, person, "").await?.is_empty();
    let tables = if is_builder {
        let catalog = apps.data.catalog(member.workspace, &member.db).await?;
        catalog.tables.len()
    } else {
        0
    };
    let mut cards = Vec::with_capacity(found.len());
    for Found {
        app,
        may_open,
        may_edit,
    } in found
    {
        let published = match app.version {
            Some(_) => apps.published(member.workspace, &app.id).await.ok(),
            None => None,
        };
        let description = published.and_then(|published| published.app.description.clone());
        cards.push(Card {
            app,
            may_open,
            may_edit,
            description: description.unwrap_or_default(),
        });
    }
    Ok(Page(Shelf {
        shell: Shell::of(&member.viewer, "apps"),
        q: asked.q,
        is_bare,
        apps: cards,
        tables,
    }))
}
