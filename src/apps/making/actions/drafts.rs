//! Drafts: begun, saved, renamed, and apps deleted.

use serde_json::{Value, json};

use crate::apps::format::Document;
use crate::apps::library::{Draft, sql};
use crate::apps::making::model::{Author, Read, fits, ids_for};
use crate::apps::{Apps, Error};
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::store::{Connection, Error as StoreError, Transaction};
use crate::web::WorkspaceId;

/// Whoever changes a draft is not the second person who approves it.
pub(super) fn note_author(
    tx: &Transaction<'_>,
    author: &Author,
    app: &str,
) -> Result<(), StoreError> {
    match &author.actor.user {
        Some(user) => sql::note_author(tx, author.workspace, app, user),
        None => Ok(()),
    }
}

/// What a record says of a draft: a fingerprint, since records stay when the app
/// is destroyed, and no word of it may.
fn told(text: &str) -> Value {
    let hash = journal::hex(&journal::sha256(text.as_bytes()));
    json!({ "bytes": text.len(), "sha256": hash })
}

/// Says what an app began as.
pub(super) fn begun(entry: Entry, draft: &Draft) -> Entry {
    entry.changed(&Value::Null, &told(&draft.text))
}

/// The first id an app of that title could have which nobody has.
pub(super) fn free_id(
    conn: &Connection,
    workspace: WorkspaceId,
    title: &str,
) -> Result<String, StoreError> {
    for id in ids_for(title) {
        if !sql::exists(conn, workspace, &id)? {
            return Ok(id);
        }
    }
    Err(StoreError::NotFound)
}

/// A new app with nothing but a page of words on it, and comments that say
/// what comes next.
pub(in crate::apps::making) async fn start(
    apps: &Apps,
    author: &Author,
    title: &str,
) -> Result<String, Error> {
    let title = title.trim().to_owned();
    if title.is_empty() || title.chars().count() > 120 {
        let text = "write a title of 1 to 120 characters, such as Orders desk";
        return Err(Error::Refused(text.to_owned()));
    }
    let (now, author) = (apps.site().clock.now(), author.clone());
    apps.site()
        .system
        .write(move |tx| {
            let id = free_id(tx, author.workspace, &title)?;
            let draft = Draft {
                text: first_text(&id, &title),
                id,
                title,
                at: now,
                by: author.actor.name.clone(),
                version: None,
            };
            sql::insert(tx, author.workspace, &draft)?;
            note_author(tx, &author, &draft.id)?;
            let entry = Entry::new(now, &author.actor, "app.made", &*draft.id);
            let entry = entry.with(json!({ "from": "nothing" }));
            journal::record(tx, &begun(entry, &draft))?;
            Ok(draft.id)
        })
        .await
}

fn first_text(id: &str, title: &str) -> String {
    let mut text = include_str!("first.toml").replace("{id}", id);
    // The title goes in as TOML writes it, quotes and all.
    let quoted = toml_edit::Value::from(title).to_string();
    text = text.replace("\"{title}\"", quoted.trim());
    text
}

/// Puts `text` in the draft's place, if the draft is still the one of `seen`.
/// Gives when it was saved.
pub(in crate::apps::making) async fn save(
    apps: &Apps,
    author: &Author,
    id: &str,
    text: String,
    seen: Time,
) -> Result<Time, Error> {
    fits(&text)?;
    let title = Read::of(&text).app.map(|app| app.title);
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    apps.site()
        .system
        .write(move |tx| {
            let old = sql::draft(tx, author.workspace, &id)?;
            if old.at != seen && old.text != text {
                return Err(Error::Stale(old.by));
            }
            if old.text == text {
                return Ok(old.at);
            }
            let before = told(&old.text);
            let new = Draft {
                title: title.unwrap_or(old.title),
                // Two saves within a millisecond are two states all the same.
                at: Time(now.0.max(old.at.0 + 1)),
                by: author.actor.name.clone(),
                text,
                ..old
            };
            if !sql::save(tx, author.workspace, &new, seen)? {
                return Err(Error::Stale(new.by));
            }
            note_author(tx, &author, &new.id)?;
            let entry = Entry::new(now, &author.actor, "app.draft_saved", &*new.id);
            journal::record(tx, &entry.changed(&before, &told(&new.text)))?;
            Ok(new.at)
        })
        .await
}

/// Gives the app another title, in the draft; everything else in the text
/// stays as it was written.
pub(in crate::apps::making) async fn rename(
    apps: &Apps,
    author: &Author,
    id: &str,
    title: &str,
) -> Result<Time, Error> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 120 {
        let text = "write a title of 1 to 120 characters";
        return Err(Error::Refused(text.to_owned()));
    }
    let (workspace, wanted) = (author.workspace, id.to_owned());
    let old = apps
        .site()
        .system
        .read(move |conn| sql::draft(conn, workspace, &wanted))
        .await?;
    let mut document =
        Document::parse(&old.text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    document.set_title(title);
    save(apps, author, id, document.to_string(), old.at).await
}
