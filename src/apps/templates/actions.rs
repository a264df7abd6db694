//! Making an app and its tables of a template, all of it or nothing.

use serde_json::json;

use super::Template;
use super::model::Named;
use crate::apps::making::{Author, Made, begin, free};
use crate::apps::{Apps, Error};
use crate::data::tables::{Error as TableError, make_together, unmake_together};
use crate::store::Db;

/// Makes the tables and the app of them, published as version 1 if one person may.
/// `has_rows`: with the rows that show how it is meant.
pub(super) async fn make(
    apps: &Apps,
    db: &Db,
    author: &Author,
    (template, has_rows): (&Template, bool),
) -> Result<Made, Error> {
    let id = free(apps, author, template.title).await?;
    make_as(apps, db, author, (template, has_rows), &id).await
}

/// The same under that id. Tables and apps are kept in two files: where the app cannot
/// be kept, the tables are taken back.
pub(super) async fn make_as(
    apps: &Apps,
    db: &Db,
    author: &Author,
    (template, has_rows): (&Template, bool),
    id: &str,
) -> Result<Made, Error> {
    let named = named(apps, db, author, (template, id)).await?;
    let mut tables = named.tables;
    if !has_rows {
        for table in &mut tables {
            table.rows.clear();
        }
    }
    let called: Vec<String> = { tables.iter() }
        .map(|table| table.new.name.as_str().to_owned())
        .collect();
    let of = (author.workspace, db);
    make_together(&apps.data, of, &author.actor, tables)
        .await
        .map_err(refused)?;
    let from = json!({ "template": template.name, "tables": called });
    let note = format!("Made from the template {}", template.title);
    let made = begin(apps, author, (named.id, named.text), (from, note)).await;
    if made.is_err() {
        unmake_together(&apps.data, of, &author.actor, called)
            .await
            .map_err(refused)?;
    }
    made
}

/// The template under the names it would get in the workspace.
pub(super) async fn named(
    apps: &Apps,
    db: &Db,
    author: &Author,
    (template, id): (&Template, &str),
) -> Result<Named, Error> {
    let catalog = apps.data.catalog(author.workspace, db).await?;
    template.named(id, &catalog.tables, apps.site().clock.now())
}

fn refused(error: TableError) -> Error {
    match error {
        TableError::Store(error) => error.into(),
        other => Error::Refused(other.to_string()),
    }
}
