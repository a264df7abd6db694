//! Several tables made in one go, and taken back.

use serde_json::json;

use crate::data::tables::model::{Error, MadeTable, Table};
use crate::data::tables::sql;
use crate::data::{Data, Value};
use crate::journal::{self, Actor, Entry};
use crate::store::{Db, Transaction};
use crate::web::WorkspaceId;

/// Makes all of the tables with their rows and references, or none.
pub async fn make_together(
    data: &Data,
    (workspace, db): (WorkspaceId, &Db),
    actor: &Actor,
    tables: Vec<MadeTable>,
) -> Result<(), Error> {
    let (now, actor) = (data.site.clock.now(), actor.clone());
    let made = db.write(move |tx| {
        for table in &tables {
            let (new, name) = (&table.new, table.new.name.as_str());
            sql::register(tx, new, now)?;
            sql::create(tx, name, new)?;
            fill(tx, table)?;
            let entry = Entry::new(now, &actor, "table.made", name);
            let entry = entry.with(json!({ "rows": table.rows.len() }));
            journal::record(tx, &entry.changed(&json!(null), &new.told()))?;
        }
        for table in &tables {
            for reference in &table.references {
                let (name, to) = (table.new.name.as_str(), Some(reference.to.as_str()));
                sql::refer(tx, name, &reference.column, to)?;
            }
        }
        Ok::<_, Error>(())
    });
    made.await?;
    data.changed(workspace);
    Ok(())
}

fn fill(tx: &Transaction<'_>, made: &MadeTable) -> Result<(), Error> {
    let new = &made.new;
    let table = Table {
        name: new.name.as_str().to_owned(),
        title: new.title.clone(),
        key: new.key.clone(),
        columns: new.columns.clone(),
        references: Vec::new(),
    };
    let columns: Vec<&str> = { new.columns.iter() }
        .map(|column| column.name.as_str())
        .filter(|name| *name != new.key)
        .collect();
    for row in &made.rows {
        let values = columns.iter().zip(row);
        let values: Vec<(String, Value)> = values
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        sql::insert(tx, &table, &values)?;
    }
    Ok(())
}

/// Takes back tables that were made a moment ago for something that then could not be.
pub async fn unmake_together(
    data: &Data,
    (workspace, db): (WorkspaceId, &Db),
    actor: &Actor,
    tables: Vec<String>,
) -> Result<(), Error> {
    let (now, actor) = (data.site.clock.now(), actor.clone());
    let unmade = db.write(move |tx| {
        for table in tables {
            sql::drop_table(tx, &table)?;
            sql::unregister(tx, &table)?;
            journal::record(tx, &Entry::new(now, &actor, "table.unmade", table))?;
        }
        Ok::<_, Error>(())
    });
    unmade.await?;
    data.changed(workspace);
    Ok(())
}
