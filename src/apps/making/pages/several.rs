//! The page on which tables are chosen that become one app.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::{Apps, Author, actions, fault};
use crate::apps::Error;
use crate::apps::making::generate::{MOST, Outline};
use crate::data::Catalog;
use crate::data::tables::Table;
use crate::web::{Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/make.html")]
struct Choosing {
    shell: Shell,
    tables: Vec<Choice>,
    /// What will be made of those that are chosen.
    outline: Vec<Outline>,
    chosen: Vec<String>,
    title: String,
    faults: Faults,
}

/// A table one may choose.
struct Choice {
    name: String,
    title: String,
    is_chosen: bool,
    /// How it belongs to those that are chosen.
    why: String,
}

/// The tables, those that are chosen first, then those that belong to them.
fn choices(catalog: &Catalog, chosen: &[String]) -> Vec<Choice> {
    let is_chosen = |name: &str| chosen.iter().any(|one| one == name);
    let title = |name: &str| catalog.table(name).map_or("", |table| table.title.as_str());
    let why = |table: &Table| {
        let up = { table.references.iter() }.find(|one| is_chosen(&one.to) && one.to != table.name);
        if let Some(up) = up {
            return format!("its rows name rows of {}", title(&up.to));
        }
        let names = |one: &&Table| {
            is_chosen(&one.name) && one.references.iter().any(|of| of.to == table.name)
        };
        let down = catalog.tables.iter().find(names);
        down.map_or_else(String::new, |down| {
            format!("rows of {} name its rows", down.title)
        })
    };
    let mut all: Vec<Choice> = { catalog.tables.iter() }
        .map(|table| {
            let is_chosen = is_chosen(&table.name);
            Choice {
                name: table.name.clone(),
                title: table.title.clone(),
                why: if is_chosen { String::new() } else { why(table) },
                is_chosen,
            }
        })
        .collect();
    all.sort_by_key(|one| (!one.is_chosen, one.why.is_empty()));
    all
}

async fn page(apps: &Apps, member: &Member, chosen: Vec<String>) -> Result<Choosing> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let mut page = Choosing {
        shell: Shell::of(&member.viewer, "apps"),
        tables: choices(&catalog, &chosen),
        outline: Vec::new(),
        title: String::new(),
        faults: Faults::default(),
        chosen,
    };
    if page.chosen.is_empty() {
        return Ok(page);
    }
    match actions::plan(apps, &member.db, member.workspace, &page.chosen).await {
        Ok(planned) => {
            page.title = planned.title;
            page.outline = planned.outline;
        }
        Err(error) => page.faults = Faults::of("tables", fault(error)?),
    }
    Ok(page)
}

fn chosen(fields: &Fields) -> Vec<String> {
    let mut chosen: Vec<String> = Vec::new();
    for name in fields.all("table").filter(|name| !name.is_empty()) {
        if chosen.iter().all(|known| known != name) {
            chosen.push(name.to_owned());
        }
    }
    chosen
}

pub(super) async fn choose(
    State(apps): State<Apps>,
    member: Member,
    RawQuery(asked): RawQuery,
) -> Result<Response> {
    let fields = Fields::parse(asked.as_deref().unwrap_or_default());
    let page = page(&apps, &member, chosen(&fields)).await?;
    Ok(if page.faults.is_empty() {
        Page(page).into_response()
    } else {
        Again(page).into_response()
    })
}

/// Makes an app of one table at once, and of those that were chosen under a title.
pub(super) async fn make(
    State(apps): State<Apps>,
    member: Member,
    fields: Fields,
) -> Result<Response> {
    let (author, chosen) = (Author::of(&member.viewer), chosen(&fields));
    let Some(title) = fields.get("title") else {
        let table = chosen.first().cloned().unwrap_or_default();
        return super::beginning::make(&apps, &member, table).await;
    };
    let what = (chosen.as_slice(), title);
    match actions::make_of(&apps, &member.db, &author, what).await {
        Ok(made) => Ok(arrived(&made)),
        Err(error) => {
            let field = match &error {
                Error::Refused(_) if title.trim().is_empty() => "title",
                Error::Refused(_) if title.chars().count() > 120 => "title",
                _ => "tables",
            };
            let faults = Faults::of(field, fault(error)?);
            let page = page(&apps, &member, chosen).await?;
            let title = title.to_owned();
            Ok(Again(Choosing {
                title,
                faults,
                ..page
            })
            .into_response())
        }
    }
}

/// On to the app that was made, or to what is missing for it to be published.
pub(in crate::apps) fn arrived(made: &actions::Made) -> Response {
    if made.is_published {
        Done::to(format!("/apps/{}", made.id))
            .saying("App made and published as version 1")
            .into_response()
    } else {
        Done::to(format!("/edit/{}/publish", made.id))
            .saying("App made; a second person must approve it")
            .into_response()
    }
}
