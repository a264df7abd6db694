//! The apps of a workspace.

use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{Apps, actions};
use crate::apps::library::Listed;
use crate::apps::making::model::Found;
use crate::base::Time;
use crate::web::{Page, Result, Right, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/list.html")]
pub(super) struct Shelf {
    shell: Shell,
    q: String,
    /// The apps they opened last, the last one first.
    recent: Vec<(String, String)>,
    apps: Vec<Card>,
    /// There are none at all, whatever is searched for.
    is_bare: bool,
    tables: usize,
}

/// As many apps that were opened last stand above the others.
const RECENT: usize = 6;

struct Card {
    app: Listed,
    is_starred: bool,
    opened: Option<Time>,
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
    let mut cards = cards(&apps, &member, found).await?;
    let recent = if asked.q.is_empty() {
        recent(&cards)
    } else {
        Vec::new()
    };
    // By title already; those with a star come before those without.
    cards.sort_by_key(|card| !card.is_starred);
    Ok(Page(Shelf {
        shell: Shell::of(&member.viewer, "apps"),
        q: asked.q,
        recent,
        is_bare,
        apps: cards,
        tables,
    }))
}

async fn cards(apps: &Apps, member: &Member, found: Vec<Found>) -> Result<Vec<Card>> {
    let workspace = member.workspace;
    let mine = { apps.mine((workspace, member.viewer.person.id)) }.await?;
    let mut cards = Vec::with_capacity(found.len());
    for Found {
        app,
        may_open,
        may_edit,
    } in found
    {
        let published = match app.version {
            Some(_) => apps.published(workspace, &app.id).await.ok(),
            None => None,
        };
        let description = published.and_then(|published| published.app.description.clone());
        let own = mine.iter().find(|one| one.app == app.id);
        cards.push(Card {
            is_starred: own.is_some_and(|own| own.is_starred),
            opened: own.and_then(|own| own.opened),
            app,
            may_open,
            may_edit,
            description: description.unwrap_or_default(),
        });
    }
    Ok(cards)
}

/// Ids and titles of those opened last; of a single app nobody has to be told.
fn recent(cards: &[Card]) -> Vec<(String, String)> {
    let opened = cards.iter().filter(|card| card.may_open);
    let opened = opened.filter_map(|card| Some((card.opened?, &card.app)));
    let mut opened: Vec<(Time, &Listed)> = opened.collect();
    opened.sort_by_key(|(at, _)| Reverse(*at));
    let named = opened.into_iter().take(RECENT);
    let named = named.map(|(_, app)| (app.id.clone(), app.title.clone()));
    if cards.len() > 1 {
        named.collect()
    } else {
        Vec::new()
    }
}
