//! A draft put back as it was before, and forward again; two changes of one draft joined.

use serde_json::json;

use super::drafts::put;
use crate::apps::editing::{Joined, join};
use crate::apps::library::{Draft, Side, Step, Stood, sql};
use crate::apps::making::model::{Author, Read};
use crate::apps::{Apps, Error};
use crate::base::Time;
use crate::journal;
use crate::web::WorkspaceId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps::making) enum Way {
    Undo,
    Redo,
}

/// Goes one saved draft back, or forward again. Gives what was undone or redone.
pub(in crate::apps::making) async fn step(
    apps: &Apps,
    author: &Author,
    id: &str,
    (way, seen): (Way, Time),
) -> Result<String, Error> {
    let (now, author, id) = (apps.site().clock.now(), author.clone(), id.to_owned());
    let done = apps.site().system.write(move |tx| {
        let old = sql::draft(tx, author.workspace, &id)?;
        if old.at != seen {
            return Err(Error::Stale(old.by));
        }
        let of = (author.workspace, id.as_str());
        let (from, to, word) = match way {
            Way::Undo => (Side::Behind, Side::Ahead, "undo"),
            Way::Redo => (Side::Ahead, Side::Behind, "redo"),
        };
        let Some((number, next)) = sql::newest_step(tx, of, from)? else {
            return Err(Error::Refused(format!(
                "there is nothing to {word} any more"
            )));
        };
        sql::remove_step(tx, of, number)?;
        let kept = Step {
            text: old.text.clone(),
            at: old.at,
            what: next.what.clone(),
            by: next.by,
        };
        sql::add_step(tx, of, to, &kept)?;
        let title = Read::of(&next.text).app.map(|app| app.title);
        let (entry, _) = put(tx, &author, old, (next.text, title, now))?;
        journal::record(tx, &entry.with(json!({ "by": word })))?;
        Ok(next.what)
    });
    done.await
}

/// What can be undone and redone.
pub(in crate::apps::making) async fn stood(
    apps: &Apps,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Stood, Error> {
    let id = id.to_owned();
    let found = apps
        .site()
        .system
        .read(move |conn| sql::stood(conn, (workspace, &id)));
    Ok(found.await?)
}

/// The draft as somebody saw it, and as it is now.
pub(in crate::apps::making) struct Seen {
    pub(in crate::apps::making) text: String,
    pub(in crate::apps::making) now: Draft,
}

/// What somebody changes who saw the draft of that moment. [`Error::Stale`] when nobody
/// knows any more what it was.
pub(in crate::apps::making) async fn seen(
    apps: &Apps,
    workspace: WorkspaceId,
    id: &str,
    at: Time,
) -> Result<Seen, Error> {
    let id = id.to_owned();
    apps.site()
        .system
        .read(move |conn| {
            let now = sql::draft(conn, workspace, &id)?;
            let text = if now.at == at {
                Some(now.text.clone())
            } else {
                sql::text_at(conn, (workspace, &id), at)?
            };
            match text {
                Some(text) => Ok(Seen { text, now }),
                None => Err(Error::Stale(now.by)),
            }
        })
        .await
}

impl Seen {
    /// Nobody saved it since.
    pub(in crate::apps::making) fn is_newest(&self) -> bool {
        self.text == self.now.text
    }

    /// What was made of the text that was seen, together with what others made of it.
    pub(in crate::apps::making) fn joined(&self, new: &str) -> Result<String, Error> {
        if self.is_newest() {
            return Ok(new.to_owned());
        }
        let apart = |what: String| Err(Error::Apart(self.now.by.clone(), what));
        let whole = |text: &str| Read::of(text).app.is_some();
        match join(&self.text, new, &self.now.text) {
            // Each fits for itself, and both together may not.
            Ok(Joined::One(both)) if whole(&both) || !whole(&self.now.text) || !whole(new) => {
                Ok(both)
            }
            Ok(Joined::One(_)) => apart("what yours leans on".to_owned()),
            Ok(Joined::Apart(tables)) => apart(tables.join(", ")),
            Err(_) => apart("the text".to_owned()),
        }
    }
}
