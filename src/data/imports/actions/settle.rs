//! The end of an import: its rows become real at once, or are gone.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::base::Time;
use crate::data::imports::draft::Mode;
use crate::data::imports::jobs::Imports;
use crate::data::imports::keep;
use crate::data::imports::model::{Bringer, Error, Outcome, Upload};
use crate::data::imports::order::Order;
use crate::data::imports::run::Bringing;
use crate::data::imports::sql;
use crate::data::readers::Report;
use crate::data::tables::find_references;
use crate::data::tables::sql::{add_index, register, rename};
use crate::journal::{self, Entry};
use crate::store::{Error as StoreError, Transaction};

/// The one transaction that makes collected rows real.
pub(in crate::data::imports) async fn settle(
    bringing: &Bringing<'_>,
    file: &str,
    report: Report,
) -> Result<Outcome, Error> {
    let (bringer, order) = (bringing.bringer, Arc::clone(&bringing.order));
    let mut outcome = Outcome::of(&order, report, bringing.job);
    if let Some(id) = bringing.upload {
        keep::outcome(bringing.imports, id, outcome.clone()).await?;
    }
    let (now, actor) = (bringing.imports.site().clock.now(), bringer.actor.clone());
    let detail = json!({
        "rows": outcome.report.rows,
        "mode": outcome.mode.name(),
        "file": file,
    });
    // A new table begins to be what it is here.
    let made = match &order.into {
        None => order.staged.told(),
        Some(_) => Value::Null,
    };
    let staging = bringing.staging.clone();
    let updated = bringer.db.write(move |tx| {
        let updated = take_place(tx, &staging, &order, now)?;
        sql::set_done(tx, &staging, now)?;
        let entry = Entry::new(now, &actor, "table.imported", order.table());
        let entry = entry.with(detail).changed(&Value::Null, &made);
        journal::record(tx, &entry)?;
        Ok::<_, Error>(updated)
    });
    outcome.updated = updated.await? as u64;
    bringing.imports.data.changed(bringer.workspace);
    if bringing.order.into.is_none() {
        relate(bringing).await;
    }
    if let Some(id) = bringing.upload {
        keep::outcome(bringing.imports, id, outcome.clone()).await?;
    }
    Ok(outcome)
}

/// A table that came may belong to others. What is not found can be said by hand, so an
/// import whose rows are in does not fail for it.
async fn relate(bringing: &Bringing<'_>) {
    let (data, bringer) = (&bringing.imports.data, bringing.bringer);
    let (table, of) = (bringing.order.table(), (bringer.workspace, &bringer.db));
    if let Err(error) = find_references(data, of, &bringer.actor, table).await {
        tracing::warn!("no references were looked for in {table}: {error}");
    }
}

/// Gives the number of rows that were brought up to date.
fn take_place(
    tx: &Transaction<'_>,
    staging: &str,
    order: &Order,
    now: Time,
) -> Result<usize, Error> {
    let Some(into) = &order.into else {
        register(tx, &order.staged, now)?;
        rename(tx, staging, order.table())?;
        return Ok(0);
    };
    let (table, columns) = (&into.table.name, &order.columns);
    let ambiguous = |column: &String| match sql::twice(tx, staging, column)? {
        Some(value) => Err(Error::Ambiguous {
            column: column.clone(),
            value,
        }),
        None => Ok(()),
    };
    let key = columns.iter().find(|column| **column == into.table.key);
    key.map_or(Ok(()), ambiguous)?;
    match (into.mode, &into.on) {
        (Mode::Upsert, Some(on)) => {
            ambiguous(on)?;
            add_index(tx, table, on)?;
            let updated = sql::update(tx, staging, table, columns, on)?;
            sql::insert_new(tx, staging, table, columns, on)?;
            return Ok(updated);
        }
        (Mode::Replace, _) => {
            sql::delete_all(tx, table)?;
        }
        _ => {
            if let Some(key) = key
                && let Some(value) = sql::clash(tx, staging, table, key)?
            {
                let column = key.clone();
                return Err(Error::Clash { column, value });
            }
        }
    }
    sql::append(tx, staging, table, columns)?;
    Ok(0)
}

/// Somebody stopped an import: its rows are gone already.
pub(in crate::data::imports) async fn cancelled(
    bringer: &Bringer,
    imports: &Imports,
    upload: &Upload,
) -> Result<(), StoreError> {
    let (now, actor, name) = (
        imports.site().clock.now(),
        bringer.actor.clone(),
        upload.name.clone(),
    );
    bringer
        .db
        .write(move |tx| journal::record(tx, &Entry::new(now, &actor, "import.cancelled", name)))
        .await
}
