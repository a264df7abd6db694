//! The tables of a workspace, and the form that makes one.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::base::text;
use crate::data::tables::{Error, NewTable, Table, TableColumn, TableName, actions, sql};
use crate::data::{Caps, Cell, ColumnType, Data, fetch};
use crate::store::{self, Budget, Lane};
use crate::web::{Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// Rows of one table that the list counts.
const MOST: i64 = 10_000;
/// Lines for columns that an empty form has.
const LINES: usize = 6;

#[derive(Template)]
#[template(path = "tables/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    tables: Vec<(Table, String)>,
}

pub(super) async fn list(State(data): State<Data>, member: Member) -> Result<Page<ListPage>> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let counted = member
        .db
        .ask(
            Lane::Page,
            Budget::of(Duration::from_secs(5)),
            move |guarded| {
                let counted = catalog.tables.iter().map(|table| {
                    let question = sql::count(table, &[], MOST + 1);
                    let rows = fetch(guarded, &catalog, &question, Caps::PAGE)?;
                    Ok((table.clone(), said(rows.get(0, 0))))
                });
                counted.collect::<Result<Vec<_>, store::Error>>()
            },
        )
        .await?;
    Ok(Page(ListPage {
        shell: Shell::of(&member.viewer, "data"),
        tables: counted,
    }))
}

fn said(count: Cell<'_>) -> String {
    match count {
        Cell::Integer(count) if count > MOST => "more than 10,000".to_owned(),
        Cell::Integer(count) => text::thousands(count),
        _ => String::new(),
    }
}

#[derive(Template)]
#[template(path = "tables/new.html")]
struct NewPage {
    shell: Shell,
    faults: Faults,
    title: String,
    columns: Vec<(String, String)>,
}

pub(super) async fn new(member: Member) -> impl IntoResponse {
    Page(NewPage {
        shell: Shell::of(&member.viewer, "data"),
        faults: Faults::default(),
        title: String::new(),
        columns: vec![(String::new(), "text".to_owned()); LINES],
    })
}

pub(super) async fn make(
    State(data): State<Data>,
    member: Member,
    fields: Fields,
) -> Result<Response> {
    let title = fields.get("title").unwrap_or_default().trim().to_owned();
    let titles = fields.all("column").map(|title| title.trim().to_owned());
    let kinds = fields.all("type").map(str::to_owned);
    let mut columns: Vec<_> = titles.zip(kinds).collect();
    let faults = match parse(&title, &columns) {
        Err(faults) => faults,
        Ok(new) => {
            let name = new.name.as_str().to_owned();
            match actions::make(&data, &member, new).await {
                Ok(()) => {
                    let done = Done::to(format!("/data/{name}"));
                    return Ok(done.saying(format!("{title} is there")).into_response());
                }
                Err(error @ Error::Exists(_)) => Faults::of("title", error.to_string()),
                Err(error) => return Err(error.into()),
            }
        }
    };
    columns.resize(
        LINES.max(columns.len() + 2),
        (String::new(), "text".to_owned()),
    );
    Ok(Again(NewPage {
        shell: Shell::of(&member.viewer, "data"),
        faults,
        title,
        columns,
    })
    .into_response())
}

fn parse(title: &str, lines: &[(String, String)]) -> Result<NewTable, Faults> {
    let mut faults = Faults::default();
    let name = TableName::of_title(title)
        .map_err(|error| faults.add("title", named(title, &error)))
        .ok();
    let mut columns = Vec::new();
    for (at, (title, kind)) in lines.iter().enumerate() {
        if title.is_empty() {
            continue;
        }
        match column(title, kind) {
            Ok(column) => columns.push(column),
            Err(fault) => faults.add(&format!("column-{at}"), fault),
        }
    }
    if columns.is_empty() && faults.is_empty() {
        faults.add("column-0", Error::NoColumns.to_string());
    }
    let (Some(name), true) = (name, faults.is_empty()) else {
        return Err(faults);
    };
    NewTable::new(name, title, None, columns)
        .map_err(|error| Faults::of("column-0", error.to_string()))
}

/// A column from what people call it and the name of its type.
pub(super) fn column(title: &str, kind: &str) -> Result<TableColumn, String> {
    let name = text::identifier(title);
    super::super::model::check_name(&name).map_err(|error| named(title, &error))?;
    let kind = ColumnType::named(kind).ok_or("choose a type")?;
    Ok(TableColumn {
        name,
        title: title.to_owned(),
        kind,
    })
}

fn named(title: &str, error: &Error) -> String {
    if title.trim().is_empty() {
        "give it a name".to_owned()
    } else if text::identifier(title).is_empty() {
        "use a letter from a to z or a digit in it: its name in queries is made of it".to_owned()
    } else {
        error.to_string()
    }
}
