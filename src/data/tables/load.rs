//! A small file of rows made a table in one go: what the demo starts with.

use std::io::{Cursor, Error as IoError};
use std::ops::ControlFlow;

use serde_json::json;

use super::model::{Error, NewTable, TableColumn, TableName};
use super::sql;
use crate::base::text::title;
use crate::data::readers::{self, Plan, Source, Stop, Upload};
use crate::data::{Cell, Data, Value};
use crate::journal::{self, Actor, Entry};
use crate::store::{Db, Error as StoreError};
use crate::web::WorkspaceId;

/// Rows in memory, each as long as there are columns.
struct Rows {
    table: NewTable,
    rows: Vec<Vec<Value>>,
}

/// Makes the table `name` of the bytes of a file, read as it was found.
pub async fn load(
    data: &Data,
    db: &Db,
    workspace: WorkspaceId,
    actor: &Actor,
    file: (&str, &'static [u8]),
) -> Result<String, Error> {
    let read = read(file.0, file.1)?;
    let (now, actor) = (data.site.clock.now(), actor.clone());
    let name = db
        .write(move |tx| {
            let Rows { table, rows } = read;
            let name = table.name.as_str().to_owned();
            sql::create(tx, &name, &table)?;
            sql::register(tx, &table, now)?;
            let columns = table.columns.iter().filter(|c| c.name != table.key);
            let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
            for row in &rows {
                sql::insert_row(tx, &name, &columns, row)?;
            }
            let entry = Entry::new(now, &actor, "table.imported", &*name);
            journal::record(tx, &entry.with(json!({ "rows": rows.len() })))?;
            Ok::<_, Error>(name)
        })
        .await?;
    data.changed(workspace);
    Ok(name)
}

fn read(name: &str, bytes: &'static [u8]) -> Result<Rows, Error> {
    let open = || -> Result<Box<dyn Source>, IoError> { Ok(Box::new(Cursor::new(bytes))) };
    let upload = Upload {
        name,
        len: bytes.len() as u64,
        open: &open,
        path: None,
    };
    let refused = |refusal: readers::Refusal| {
        Error::Store(StoreError::Io(IoError::other(refusal.to_string())))
    };
    let part = readers::parts(&upload).map_err(refused)?;
    let part = part.first().map_or("", |part| part.name.as_str());
    let options = readers::options(&upload, part).map_err(refused)?;
    let findings = readers::scan(&upload, part, &options, &mut |_| ControlFlow::Continue(()))
        .map_err(refused)?;
    let columns = findings.columns.iter().map(|column| TableColumn {
        name: column.name.clone(),
        title: title(&column.name),
        kind: column.kind,
    });
    let stem = name.split('.').next().unwrap_or(name);
    let table = NewTable::new(
        TableName::of_title(stem)?,
        &title(stem),
        None,
        columns.collect(),
    )?;
    let mut rows = Vec::new();
    let plan = Plan::of(&findings);
    readers::read(&upload, part, &plan, &mut |line| {
        rows.push(line.cells.iter().map(value).collect());
        ControlFlow::<Stop>::Continue(())
    })
    .map_err(refused)?;
    Ok(Rows { table, rows })
}

fn value(cell: &Cell<'_>) -> Value {
    match cell {
        Cell::Null | Cell::Blob(_) => Value::Null,
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Real(number) => Value::Real(*number),
        Cell::Text(text) => Value::Text((*text).to_owned()),
    }
}
