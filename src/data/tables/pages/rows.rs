//! One row on a page of its own, and rows that go.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::cells::{held, typed_of};
use super::find;
use crate::data::tables::actions::{self, Change};
use crate::data::tables::{Error, Table, TableColumn};
use crate::data::{ColumnType, Data, Value, typed};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "tables/row.html")]
struct RowPage {
    shell: Shell,
    table: Table,
    /// `None` for a row to be.
    key: Option<i64>,
    inputs: Vec<Input>,
    faults: Faults,
}

struct Input {
    column: TableColumn,
    was: String,
    typed: String,
}

impl RowPage {
    fn of(member: &Member, table: Table, key: Option<i64>) -> RowPage {
        RowPage {
            shell: Shell::of(&member.viewer, "data"),
            table,
            key,
            inputs: Vec::new(),
            faults: Faults::default(),
        }
    }

    fn again(self, inputs: Vec<Input>, faults: Faults) -> Response {
        Again(RowPage {
            inputs,
            faults,
            ..self
        })
        .into_response()
    }
}

fn inputs(table: &Table, fields: &Fields) -> Vec<Input> {
    let editable = table.columns.iter();
    let editable = editable.filter(|column| column.name != table.key);
    let input = |column: &TableColumn| Input {
        was: typed_of(fields, &format!("was.{}", column.name)),
        typed: typed_of(fields, &format!("v.{}", column.name)),
        column: column.clone(),
    };
    editable.map(input).collect()
}

/// Every input with its value, or what is wrong, field by field.
fn values(inputs: &[Input]) -> Result<Vec<Value>, Faults> {
    let mut faults = Faults::default();
    let mut values = Vec::new();
    for input in inputs {
        match typed::parse(input.column.kind, &input.typed) {
            Ok(value) => values.push(value),
            Err(fault) => faults.add(
                &format!("v.{}", input.column.name),
                format!("{} holds {fault}", input.column.title),
            ),
        }
    }
    if faults.is_empty() {
        Ok(values)
    } else {
        Err(faults)
    }
}

pub(super) async fn new(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<impl IntoResponse> {
    let (_, table) = find(&data, &member, &name).await?;
    let inputs = inputs(&table, &Fields::default());
    Ok(Page(RowPage {
        inputs,
        ..RowPage::of(&member, table, None)
    }))
}

pub(super) async fn add(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let inputs = inputs(&table, &fields);
    let page = RowPage::of(&member, table.clone(), None);
    let values = match values(&inputs) {
        Ok(values) => values,
        Err(faults) => return Ok(page.again(inputs, faults)),
    };
    let names = inputs.iter().map(|input| input.column.name.clone());
    let values = names.zip(values).collect();
    let key = actions::add_row(&data, &member, table, values).await?;
    let to = if fields.get("then") == Some("another") {
        format!("/data/{name}/rows/new")
    } else {
        format!("/data/{name}?sort=-{}", page.table.key)
    };
    Ok(Done::to(to)
        .saying(format!("Row {key} is in"))
        .into_response())
}

pub(super) async fn show(
    State(data): State<Data>,
    member: Member,
    Path((name, key)): Path<(String, i64)>,
) -> Result<impl IntoResponse> {
    let (catalog, table) = find(&data, &member, &name).await?;
    let held = held(&member, (&catalog, &table), key).await?;
    let columns = table.columns.iter().zip(held);
    let inputs = columns
        .filter(|(column, _)| column.name != table.key)
        .map(|(column, was)| Input {
            column: column.clone(),
            typed: was.clone(),
            was,
        })
        .collect();
    Ok(Page(RowPage {
        inputs,
        ..RowPage::of(&member, table, Some(key))
    }))
}

pub(super) async fn change(
    State(data): State<Data>,
    member: Member,
    Path((name, key)): Path<(String, i64)>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let mut inputs = inputs(&table, &fields);
    let page = RowPage::of(&member, table.clone(), Some(key));
    let values = match values(&inputs) {
        Ok(values) => values,
        Err(faults) => return Ok(page.again(inputs, faults)),
    };
    let changes: Vec<_> = inputs
        .iter()
        .zip(values)
        .filter(|(input, _)| input.was != input.typed)
        .map(|(input, value)| Change {
            column: input.column.name.clone(),
            was: input.was.clone(),
            value,
        })
        .collect();
    if !changes.is_empty() {
        match actions::change(&data, &member, table, key, changes).await {
            Ok(()) => {}
            Err(Error::Changed(title, there)) => {
                let mut every = inputs.iter_mut();
                let Some(input) = every.find(|input| input.column.title == title) else {
                    return Err(web::Error::Busy);
                };
                let fault = format!(
                    "{title} was changed meanwhile to “{there}”; save again to replace that"
                );
                let faults = Faults::of(&format!("v.{}", input.column.name), fault);
                input.was = there;
                return Ok(page.again(inputs, faults));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Done::to(format!("/data/{name}"))
        .saying(format!("Row {key} saved"))
        .into_response())
}

#[derive(Template)]
#[template(path = "tables/delete_rows.html")]
struct DeletePage {
    shell: Shell,
    table: Table,
    keys: Vec<i64>,
    back: String,
}

/// Asks with the number first, then deletes.
pub(super) async fn delete(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let keys: Vec<i64> = fields
        .all("row")
        .filter_map(|key| key.parse().ok())
        .collect();
    let home = format!("/data/{name}");
    let back = fields.get("back").unwrap_or_default();
    let is_ours = back == home || back.starts_with(&format!("{home}?"));
    let back = if is_ours { back.to_owned() } else { home };
    if keys.is_empty() {
        let done = Done::to(back).saying("Choose rows first: tick the box in front of them");
        return Ok(done.into_response());
    }
    if fields.get("sure").is_none() {
        return Ok(Page(DeletePage {
            shell: Shell::of(&member.viewer, "data"),
            table,
            keys,
            back,
        })
        .into_response());
    }
    let gone = actions::delete_rows(&data, &member, table, keys).await?;
    let said = match gone {
        1 => "1 row deleted".to_owned(),
        gone => format!("{gone} rows deleted"),
    };
    Ok(Done::to(back).saying(said).into_response())
}
