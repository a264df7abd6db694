//! Drafts: begun, saved, renamed, and apps deleted.

use serde_json::{Value, json};

use crate::apps::format::Document;
use crate::apps::library::{Draft, Side, Step, sql};
use crate::apps::making::model::{Author, Read, fits, ids_for};
use crate::apps::{Apps, Error};
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::store::{Connection, Error as StoreError, Transaction};
use crate::web::WorkspaceId;

/// What is said of a change that was typed into the text.
const TYPED: &str = "change the text";
/// Milliseconds between two saves of somebody who goes on typing.
const IN_ONE_GO: i64 = 120_000;

/// A text to put in the draft's place.
pub(in crate::apps::making) struct Change {
    pub(in crate::apps::making) text: String,
    /// The draft it takes the place of.
    pub(in crate::apps::making) seen: Time,
    /// What was done to it, for whoever wants it undone.
    pub(in crate::apps::making) what: String,
}

impl Change {
    /// As it was typed into the text editor.
    pub(in crate::apps::making) fn typed(text: String, seen: Time) -> Change {
        Change {
            text,
            seen,
            what: TYPED.to_owned(),
        }
    }
}

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

/// Puts a text in the draft's place, if that is still the one that was seen; the one
/// before is kept for undoing. Gives when it was saved.
pub(in crate::apps::making) async fn save(
    apps: &Apps,
    author: &Author,
    id: &str,
    change: Change,
) -> Result<Time, Error> {
    fits(&change.text)?;
    let title = Read::of(&change.text).app.map(|app| app.title);
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    apps.site()
        .system
        .write(move |tx| {
            let old = sql::draft(tx, author.workspace, &id)?;
            if old.text == change.text {
                return Ok(old.at);
            }
            if old.at != change.seen {
                return Err(Error::Stale(old.by));
            }
            let of = (author.workspace, id.as_str());
            sql::forget_ahead(tx, of)?;
            keep(tx, &author, &old, (&change.what, now))?;
            let (entry, at) = put(tx, &author, old, (change.text, title, now))?;
            journal::record(tx, &entry)?;
            Ok(at)
        })
        .await
}

/// Keeps a draft that another takes the place of. What one person changes in one
/// place in one go is undone in one go.
pub(super) fn keep(
    tx: &Transaction<'_>,
    author: &Author,
    old: &Draft,
    (what, now): (&str, Time),
) -> Result<(), StoreError> {
    let of = (author.workspace, old.id.as_str());
    let newest = sql::newest_step(tx, of, Side::Behind)?;
    let goes_on = newest.is_some_and(|(_, step)| {
        let is_same = step.what == what && what.starts_with("change ");
        let is_same = is_same && step.by == author.actor.name;
        is_same && now.0 - old.at.0 < IN_ONE_GO
    });
    let side = if goes_on { Side::Between } else { Side::Behind };
    let step = Step {
        text: old.text.clone(),
        at: old.at,
        what: what.to_owned(),
        by: author.actor.name.clone(),
    };
    sql::add_step(tx, of, side, &step)
}

/// Writes another text into the place of the draft. Gives its record, and when it was.
pub(super) fn put(
    tx: &Transaction<'_>,
    author: &Author,
    old: Draft,
    (text, title, now): (String, Option<String>, Time),
) -> Result<(Entry, Time), Error> {
    let (before, seen) = (told(&old.text), old.at);
    let new = Draft {
        title: title.unwrap_or_else(|| old.title.clone()),
        // Two saves within a millisecond are two states all the same.
        at: Time(now.0.max(seen.0 + 1)),
        by: author.actor.name.clone(),
        text,
        ..old
    };
    if !sql::save(tx, author.workspace, &new, seen)? {
        return Err(Error::Stale(new.by));
    }
    note_author(tx, author, &new.id)?;
    let entry = Entry::new(now, &author.actor, "app.draft_saved", &*new.id);
    Ok((entry.changed(&before, &told(&new.text)), new.at))
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
    let change = Change {
        text: document.to_string(),
        seen: old.at,
        what: "rename the app".to_owned(),
    };
    save(apps, author, id, change).await
}
