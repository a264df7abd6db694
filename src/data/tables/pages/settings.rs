//! What a table is called and holds, and its end.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::find;
use super::list::column;
use crate::data::tables::{Error, Table, actions, sql};
use crate::data::{ColumnType, Data};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "tables/settings.html")]
pub(super) struct SettingsPage {
    shell: Shell,
    table: Table,
    indexed: Vec<String>,
    /// Name and title of every table that a column may refer to.
    tables: Vec<(String, String)>,
    faults: Faults,
    /// What was typed into the forms.
    form: Typed,
}

#[derive(Default)]
struct Typed {
    title: String,
    column: String,
    kind: String,
}

async fn page(data: &Data, member: &Member, table: Table) -> Result<SettingsPage> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let titles = catalog.tables.iter();
    let name = table.name.clone();
    let indexed = member
        .db
        .read(move |conn| sql::indexed(conn, &name))
        .await?;
    Ok(SettingsPage {
        shell: Shell::of(&member.viewer, "data"),
        indexed,
        tables: titles
            .map(|table| (table.name.clone(), table.title.clone()))
            .collect(),
        faults: Faults::default(),
        form: Typed {
            title: table.title.clone(),
            ..Typed::default()
        },
        table,
    })
}

async fn again(
    (data, member): (&Data, &Member),
    table: Table,
    faults: Faults,
    fields: &Fields,
) -> Result<Response> {
    let page = page(data, member, table).await?;
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let form = Typed {
        title: fields.get("title").unwrap_or(&page.form.title).to_owned(),
        column: typed("column"),
        kind: typed("type"),
    };
    Ok(Again(SettingsPage {
        faults,
        form,
        ..page
    })
    .into_response())
}

pub(super) fn settings(table: &str) -> Done {
    Done::to(format!("/data/{table}/settings"))
}

pub(super) async fn show(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Page<SettingsPage>> {
    let (_, table) = find(&data, &member, &name).await?;
    Ok(Page(page(&data, &member, table).await?))
}

pub(super) async fn retitle(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let title = fields.get("title").unwrap_or_default().trim().to_owned();
    if title.is_empty() || title.chars().count() > 100 {
        let faults = Faults::of("title", "a title has 1 to 100 characters");
        return again((&data, &member), table, faults, &fields).await;
    }
    let said = format!("The table is now called {title}");
    actions::retitle(&data, &member, table, title).await?;
    Ok(settings(&name).saying(said).into_response())
}

pub(super) async fn add_column(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let title = fields.get("column").unwrap_or_default().trim();
    let column = match column(title, fields.get("type").unwrap_or_default()) {
        Ok(column) => column,
        Err(fault) => {
            return again(
                (&data, &member),
                table,
                Faults::of("column", fault),
                &fields,
            )
            .await;
        }
    };
    match actions::add_column(&data, &member, table.clone(), column).await {
        Ok(()) => Ok(settings(&name)
            .saying(format!("{title} is there, empty in every row"))
            .into_response()),
        Err(Error::ColumnTwice(twice)) => {
            let fault = format!("there is a column `{twice}` already; choose another name");
            again(
                (&data, &member),
                table,
                Faults::of("column", fault),
                &fields,
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn add_index(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Done> {
    let (_, table) = find(&data, &member, &name).await?;
    let column = table
        .column(fields.get("column").unwrap_or_default())
        .ok_or(web::Error::NotFound)?;
    let (said, column) = (
        format!("{} has an index", column.title),
        column.name.clone(),
    );
    actions::add_index(&data, &member, table, column).await?;
    Ok(settings(&name).saying(said))
}
