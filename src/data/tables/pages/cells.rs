//! One cell, edited where it stands.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::find;
use crate::data::shown::Shown;
use crate::data::tables::actions::{Change, change};
use crate::data::tables::{Error, Table, TableColumn, sql};
use crate::data::{Cell, ColumnType, Data, Value, typed};
use crate::web::{self, Again, Fields, Page, Result};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "tables/cell.html")]
pub(super) struct CellForm {
    action: String,
    column: TableColumn,
    /// What stood there when the editing began.
    was: String,
    typed: String,
    fault: String,
}

type Address = (String, i64, String);

/// The form, or for somebody without JavaScript the page of the whole row.
pub(super) async fn edit(
    State(data): State<Data>,
    member: Member,
    Path((name, key, column)): Path<Address>,
    headers: HeaderMap,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let at = position(&table, &column)?;
    if !headers.contains_key("hx-request") {
        return Ok(Redirect::to(&format!("/data/{name}/rows/{key}")).into_response());
    }
    let held = held(&member, &table, key).await?;
    let was = held.get(at).cloned().unwrap_or_default();
    Ok(Page(CellForm {
        action: format!("/data/{name}/rows/{key}/{column}"),
        column: table.columns[at].clone(),
        typed: was.clone(),
        was,
        fault: String::new(),
    })
    .into_response())
}

/// Where the column stands; the key is nobody's to change.
fn position(table: &Table, name: &str) -> Result<usize> {
    let mut columns = table.columns.iter();
    columns
        .position(|column| column.name == name && name != table.key)
        .ok_or(web::Error::NotFound)
}

/// What a row holds, as fields hold it.
pub(super) async fn held(member: &Member, table: &Table, key: i64) -> Result<Vec<String>> {
    let table = table.clone();
    let row = member
        .db
        .read(move |conn| sql::written(conn, &table, key))
        .await?;
    member.db.saw(u64::from(row.is_some())).await?;
    row.ok_or(web::Error::NotFound)
}

pub(super) async fn save(
    State(data): State<Data>,
    member: Member,
    Path((name, key, column)): Path<Address>,
    fields: Fields,
) -> Result<Response> {
    let (_, table) = find(&data, &member, &name).await?;
    let at = position(&table, &column)?;
    let mut form = CellForm {
        action: format!("/data/{name}/rows/{key}/{column}"),
        column: table.columns[at].clone(),
        was: typed_of(&fields, "was"),
        typed: typed_of(&fields, "value"),
        fault: String::new(),
    };
    let value = match typed::parse(form.column.kind, &form.typed) {
        Ok(value) => value,
        Err(fault) => {
            form.fault = format!("This holds {fault}.");
            return Ok(Again(form).into_response());
        }
    };
    let one = Change {
        column,
        was: form.was.clone(),
        value: value.clone(),
    };
    match change(&data, &member, table, key, vec![one]).await {
        Ok(()) => Ok(Page(Shown::of(cell(&value), Some(form.column.kind))).into_response()),
        Err(Error::Changed(_, there)) => {
            form.fault = if there.is_empty() {
                "Emptied by somebody meanwhile. Enter saves yours all the same.".to_owned()
            } else {
                format!("Changed meanwhile to “{there}”. Enter saves yours all the same.")
            };
            form.was = there;
            Ok(Again(form).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A browser sends line ends as the mail did once.
pub(super) fn typed_of(fields: &Fields, name: &str) -> String {
    fields.get(name).unwrap_or_default().replace("\r\n", "\n")
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Null => Cell::Null,
        Value::Integer(number) => Cell::Integer(*number),
        Value::Real(number) => Cell::Real(*number),
        Value::Text(text) => Cell::Text(text),
    }
}
