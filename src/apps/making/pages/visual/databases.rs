//! The databases an app asks: one more of those that are connected, and its tables.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::super::{actions, fault};
use super::asking;
use super::changing::{Made, change, seen_at};
use super::here::met;
use super::there::{There, there};
use crate::apps::editing::add_use;
use crate::apps::library::Draft;
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::apps::sources::choose;
use crate::apps::{Apps, Error};
use crate::data::tables::Table;
use crate::data::{elsewhere, only_reads_kind};
use crate::web::{Again, Done, Fields, Page, Result, Shell};

/// Tables the page shows: one with more would be no help.
const MOST: usize = 200;
/// Columns of a table that are named.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "apps/tables.html")]
pub(super) struct Tables {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    there: There,
    listed: Vec<Listed>,
    /// There are more than are shown.
    has_more: bool,
    others: Vec<Other>,
}

/// A table that can be asked about.
struct Listed {
    /// As a statement names it.
    name: String,
    title: String,
    /// What it has, in a line.
    columns: String,
}

impl Listed {
    fn of(table: &Table) -> Listed {
        let titles = table.columns.iter().map(|column| column.title.as_str());
        let first: Vec<&str> = titles.take(NAMED).collect();
        let (columns, more) = (first.join(", "), table.columns.len().saturating_sub(NAMED));
        Listed {
            name: table.name.clone(),
            title: table.title.clone(),
            columns: if more > 0 {
                format!("{columns} and {more} more")
            } else {
                columns
            },
        }
    }
}

/// The tables of one database, each to ask about.
pub(super) async fn tables(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Tables>> {
    let asked = Fields::parse(&query.unwrap_or_default());
    let draft = actions::look(&apps, member.workspace, &app).await?;
    let uses = asked.get("use").unwrap_or_default();
    let there = there(&apps, &member, &draft.text, uses).await?;
    Ok(Page(Tables {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "pages",
        listed: there.tables.iter().take(MOST).map(Listed::of).collect(),
        has_more: there.tables.len() > MOST,
        there,
        others: met(&apps, &member, &app, "the tables"),
        draft,
    }))
}

/// Has the app ask one more database: a name for it comes into the text, and what the name
/// stands for is chosen.
pub(super) async fn add(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let id = fields.get("source").unwrap_or_default();
    let found = elsewhere(apps.site(), member.workspace).await;
    let found = found.map_err(Error::Store)?;
    let mut found = found.into_iter();
    let Some(place) = found.find(|one| one.id().to_string() == id) else {
        let why = "choose a database that is connected".to_owned();
        let page = asking::listed(&apps, &member, &app, why).await?;
        return Ok(Again(page).into_response());
    };
    let writes = fields.get("writes").is_some();
    if writes && only_reads_kind(place.kind()) {
        let why = format!(
            "{} only reads; ask it without changing rows there",
            place.name()
        );
        let page = asking::listed(&apps, &member, &app, why).await?;
        return Ok(Again(page).into_response());
    }
    let mut name = String::new();
    let done = change(&apps, &member, (&app, seen), |text| {
        let (text, new) = add_use(text, place.name(), (place.kind(), writes))?;
        name.clone_from(&new);
        Ok(Made {
            text,
            what: format!("ask {} as {new}", place.name()),
            then: String::new(),
        })
    });
    let why = match done.await {
        Ok(_) => {
            let wanted = vec![(name.clone(), id.to_owned())];
            match choose(&apps, &member.viewer, &app, wanted).await {
                Ok(()) => {
                    let to = format!("/edit/{app}/tables?use={name}");
                    let said = format!("The app asks {}; choose what", place.name());
                    return Ok(Done::to(to).saying(said).into_response());
                }
                Err(error) => fault(error)?,
            }
        }
        Err(trouble) => match trouble.words(&apps, &member, &app).await {
            Ok(words) => words,
            Err(response) => return Ok(*response),
        },
    };
    let page = asking::listed(&apps, &member, &app, why).await?;
    Ok(Again(page).into_response())
}
