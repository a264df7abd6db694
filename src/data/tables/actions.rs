//! What can be done to tables and their rows. Each action is one transaction
//! and one line in the journal, which tells of rows and columns, never of values.

mod together;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::model::{Error, NewTable, Reference, Table, TableColumn};
use super::{relations, sql};
use crate::data::{Data, Value};
use crate::journal::{self, Actor, Entry};
use crate::store::{Budget, Db, Error as StoreError, Lane};
use crate::web::WorkspaceId;
use crate::workspaces::Member;

pub use together::{make_together, unmake_together};

/// Holding values against the keys of other tables takes this long at the most.
const LOOKING: Duration = Duration::from_secs(20);

/// One column of one row, as it was when somebody began to change it.
pub(super) struct Change {
    pub(super) column: String,
    /// As the field held it.
    pub(super) was: String,
    pub(super) value: Value,
}

pub(super) async fn make(data: &Data, member: &Member, new: NewTable) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let made = member.db.write(move |tx| {
        sql::register(tx, &new, now)?;
        sql::create(tx, new.name.as_str(), &new)?;
        let entry = Entry::new(now, &actor, "table.made", new.name.as_str());
        journal::record(tx, &entry.changed(&json!(null), &new.told()))?;
        Ok::<_, Error>(())
    });
    made.await?;
    data.changed(member.workspace);
    Ok(())
}

pub(super) async fn add_row(
    data: &Data,
    member: &Member,
    table: Table,
    values: Vec<(String, Value)>,
) -> Result<i64, Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let added = member.db.write(move |tx| {
        let key = sql::insert(tx, &table, &values)?;
        let entry = Entry::new(now, &actor, "row.added", table.name);
        journal::record(tx, &entry.with(json!({ "row": key, "rows": 1 })))?;
        Ok::<_, Error>(key)
    });
    added.await
}

/// Changes columns of a row, if they still are what they were.
pub(super) async fn change(
    data: &Data,
    member: &Member,
    table: Table,
    key: i64,
    changes: Vec<Change>,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let done = member.db.write(move |tx| {
        let row = sql::written(tx, &table, key)?.ok_or(Error::Gone)?;
        for change in &changes {
            let mut now_there = table.columns.iter().zip(&row);
            let there = now_there.find(|(column, _)| column.name == change.column);
            let (column, there) = there.ok_or_else(|| Error::NoColumn(change.column.clone()))?;
            if *there != change.was {
                return Err(Error::Changed(column.title.clone(), there.clone()));
            }
        }
        let values = changes.into_iter().map(|one| (one.column, one.value));
        let values: Vec<_> = values.collect();
        sql::set(tx, &table, key, &values)?;
        let columns: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
        let detail = json!({ "row": key, "rows": 1, "columns": columns });
        journal::record(
            tx,
            &Entry::new(now, &actor, "cell.changed", table.name).with(detail),
        )?;
        Ok::<_, Error>(())
    });
    done.await
}

/// Deletes rows and says how many there were.
pub(super) async fn delete_rows(
    data: &Data,
    member: &Member,
    table: Table,
    keys: Vec<i64>,
) -> Result<usize, Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let deleted = member.db.write(move |tx| {
        let gone = sql::delete(tx, &table, &keys)?;
        let entry = Entry::new(now, &actor, "rows.deleted", table.name);
        journal::record(tx, &entry.with(json!({ "rows": gone })))?;
        Ok::<_, Error>(gone)
    });
    deleted.await
}

pub(super) async fn add_column(
    data: &Data,
    member: &Member,
    table: Table,
    column: TableColumn,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let added = member.db.write(move |tx| {
        sql::add_column(tx, &table, &column)?;
        let entry = Entry::new(now, &actor, "column.added", table.name);
        let added = json!({ "column": column.told() });
        journal::record(tx, &entry.changed(&json!(null), &added))?;
        Ok::<_, Error>(())
    });
    added.await?;
    data.changed(member.workspace);
    Ok(())
}

/// Makes an index, as the page of the table does.
pub async fn add_index(
    data: &Data,
    member: &Member,
    table: Table,
    column: String,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let added = member.db.write(move |tx| {
        sql::add_index(tx, &table.name, &column)?;
        let entry = Entry::new(now, &actor, "index.added", table.name);
        let added = json!({ "index": column });
        journal::record(tx, &entry.changed(&json!(null), &added))?;
        Ok::<_, Error>(())
    });
    added.await
}

pub(super) async fn retitle(
    data: &Data,
    member: &Member,
    table: Table,
    title: String,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let renamed = member.db.write(move |tx| {
        sql::retitle(tx, &table.name, &title)?;
        let entry = Entry::new(now, &actor, "table.renamed", table.name);
        let (before, after) = (json!({ "title": table.title }), json!({ "title": title }));
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok::<_, Error>(())
    });
    renamed.await?;
    data.changed(member.workspace);
    Ok(())
}

/// Writes down which table's rows a column names; `None` for no table's.
pub(super) async fn refer(
    data: &Data,
    member: &Member,
    table: Table,
    column: String,
    to: Option<String>,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let written = member.db.write(move |tx| {
        sql::refer(tx, &table.name, &column, to.as_deref())?;
        let before = told(&column, table.refers(&column));
        let after = told(&column, to.as_deref());
        let entry = Entry::new(now, &actor, "reference.set", table.name);
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok::<_, Error>(())
    });
    written.await?;
    data.changed(member.workspace);
    Ok(())
}

/// Looks for columns that name rows of a table, that table's own and those of the others:
/// by what they are called, and all of their values agree. Gives how many were found.
pub(in crate::data) async fn find_references(
    data: &Data,
    (workspace, db): (WorkspaceId, &Db),
    actor: &Actor,
    table: &str,
) -> Result<usize, Error> {
    let catalog = data.catalog(workspace, db).await?;
    let Some(table) = catalog.table(table) else {
        return Err(Error::NoTable(table.to_owned()));
    };
    let likely = relations::likely(table, &catalog.tables);
    if likely.is_empty() {
        return Ok(0);
    }
    let asked = Arc::clone(&catalog);
    let agreed = db.ask(Lane::Desk, Budget::of(LOOKING), move |guarded| {
        let mut agreed = Vec::new();
        for (from, reference, to) in likely {
            let fit = sql::fit(guarded, &asked, (&from, &reference.column), &to)?;
            if fit.filled > 0 && fit.astray == 0 {
                agreed.push((from.name, reference));
            }
        }
        Ok::<_, StoreError>(agreed)
    });
    let agreed = agreed.await?;
    let (many, now, actor) = (agreed.len(), data.site.clock.now(), actor.clone());
    if many == 0 {
        return Ok(0);
    }
    let written = db.write(move |tx| {
        for (from, Reference { column, to }) in agreed {
            sql::refer(tx, &from, &column, Some(&to))?;
            let entry = Entry::new(now, &actor, "reference.found", from);
            let (before, after) = (told(&column, None), told(&column, Some(&to)));
            journal::record(tx, &entry.changed(&before, &after))?;
        }
        Ok::<_, Error>(())
    });
    written.await?;
    data.changed(workspace);
    Ok(many)
}

/// What a record says of a reference.
fn told(column: &str, to: Option<&str>) -> Json {
    json!({ "column": column, "refers": to })
}

/// Says in the journal that somebody takes the rows away, before the first leaves.
pub(super) async fn exported(
    data: &Data,
    member: &Member,
    table: &str,
    format: &'static str,
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let (actor, table) = (member.viewer.actor(), table.to_owned());
    let told = member.db.write(move |tx| {
        let entry = Entry::new(now, &actor, "table.exported", table);
        journal::record(tx, &entry.with(json!({ "format": format })))?;
        Ok::<_, Error>(())
    });
    told.await
}
