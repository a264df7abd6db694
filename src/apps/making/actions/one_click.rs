//! A whole app made from one table, and published at once.

use serde_json::{Value, json};

use super::drafts::{begun, free_id, note_author};
use super::versions::in_use;
use crate::apps::format::{App, Level};
use crate::apps::library::{Draft, NewVersion, sql};
use crate::apps::making::generate::{Parts, app_text, survey};
use crate::apps::making::model::Author;
use crate::apps::{Apps, Error, widgets};
use crate::data::tables::add_index;
use crate::journal::{self, Entry};
use crate::store::{Db, Error as StoreError};

/// An app that was made in one go.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: String,
    /// `false` where publishing takes a second person.
    pub is_published: bool,
}

/// Makes an app from a table and publishes it as version 1, if one person may.
/// `db` is the file of the author's workspace.
pub async fn make(apps: &Apps, db: &Db, author: &Author, table: &str) -> Result<Made, Error> {
    let catalog = apps.data.catalog(author.workspace, db).await?;
    let Some(table) = catalog.table(table).cloned() else {
        return Err(Error::Refused(format!(
            "there is no table `{table}`; choose one from the list"
        )));
    };
    let shape = survey(db, catalog, table).await?;
    if shape.columns.is_empty() {
        return Err(Error::Refused(format!(
            "{} has no column but its key; add one first",
            shape.table.title
        )));
    }
    let parts = Parts::of(&shape);
    let columns = vec![(shape.table.name.clone(), parts.indexed())];
    index(apps, db, author, columns).await?;
    let id = free(apps, author, &shape.table.title).await?;
    let text = app_text(&id, &parts);
    let note = format!("Made from the table {}", shape.table.name);
    begin(apps, author, (id, text), (json!(shape.table.name), note)).await
}

/// The free id an app of that title gets.
pub(in crate::apps) async fn free(
    apps: &Apps,
    author: &Author,
    title: &str,
) -> Result<String, Error> {
    let (workspace, title) = (author.workspace, title.to_owned());
    let found = apps
        .site()
        .system
        .read(move |conn| free_id(conn, workspace, &title));
    Ok(found.await?)
}

/// Keeps a text that was made, if there is nothing wrong with it. `from` is what it was
/// made from, and `note` says so of its first version.
pub(in crate::apps) async fn begin(
    apps: &Apps,
    author: &Author,
    (id, text): (String, String),
    (from, note): (Value, String),
) -> Result<Made, Error> {
    let app = App::parse(&text, &widgets::Known).map_err(Error::Problems)?;
    if app
        .problems
        .iter()
        .any(|problem| problem.level > Level::Note)
    {
        return Err(Error::Problems(app.problems));
    }
    let draft = Draft {
        title: app.title,
        text,
        at: apps.site().clock.now(),
        by: author.actor.name.clone(),
        version: None,
        id: id.clone(),
    };
    let is_published = keep(apps, author, draft, (from, note)).await?;
    apps.changed(author.workspace, &id);
    Ok(Made { id, is_published })
}

/// Filters and the first sorting then cost the same in a long table as in a
/// short one.
pub(super) async fn index(
    apps: &Apps,
    db: &Db,
    author: &Author,
    mut tables: Vec<(String, Vec<String>)>,
) -> Result<(), Error> {
    tables.retain(|(_, columns)| !columns.is_empty());
    if tables.is_empty() {
        return Ok(());
    }
    let (now, actor) = (apps.site().clock.now(), author.actor.clone());
    db.write(move |tx| {
        for (table, columns) in tables {
            for column in &columns {
                add_index(tx, &table, column)?;
            }
            let entry = Entry::new(now, &actor, "table.indexed", table);
            let added = json!({ "index": columns });
            journal::record(tx, &entry.changed(&json!(null), &added))?;
        }
        Ok::<_, StoreError>(())
    })
    .await?;
    Ok(())
}

/// `true` when it is published at once: where that takes two, it stays a draft.
async fn keep(
    apps: &Apps,
    author: &Author,
    draft: Draft,
    (from, note): (Value, String),
) -> Result<bool, Error> {
    let (author, now) = (author.clone(), draft.at);
    apps.site()
        .system
        .write(move |tx| {
            sql::insert(tx, author.workspace, &draft)?;
            let entry = Entry::new(now, &author.actor, "app.made", &*draft.id);
            let entry = entry.with(json!({ "from": from }));
            journal::record(tx, &begun(entry, &draft))?;
            note_author(tx, &author, &draft.id)?;
            if sql::needs_two(tx, author.workspace)? {
                return Ok(false);
            }
            let new = NewVersion {
                app: &draft.id,
                text: &draft.text,
                note: &note,
                at: now,
                by: &author.actor.name,
            };
            let version = sql::add(tx, author.workspace, &new)?;
            sql::use_version(tx, author.workspace, &draft.id, version)?;
            let entry = Entry::new(now, &author.actor, "app.published", &*draft.id);
            journal::record(tx, &in_use(entry, None, version))?;
            sql::forget_authors(tx, author.workspace, &draft.id)?;
            Ok(true)
        })
        .await
}
