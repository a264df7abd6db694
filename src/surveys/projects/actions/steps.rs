//! A draft put back as it was before, and forward again.

use serde_json::json;

use super::drafts::{put, title};
use crate::base::Time;
use crate::journal;
use crate::site::Site;
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::sql;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surveys::projects) enum Way {
    Undo,
    Redo,
}

/// Goes one saved draft back, or forward again. Gives what was undone or redone.
pub(in crate::surveys::projects) async fn step(
    site: &Site,
    author: &Author,
    id: &str,
    (way, seen): (Way, Time),
) -> Result<String, Error> {
    let (now, author, id) = (site.clock.now(), author.clone(), id.to_owned());
    let done = site.system.write(move |tx| {
        let old = sql::find(tx, author.workspace, &id)?;
        if old.draft_at != seen {
            return Err(Error::Stale(old.draft_by));
        }
        let of = (author.workspace, id.as_str());
        let is_redo = way == Way::Redo;
        let Some((number, text, what)) = sql::newest_step(tx, of, is_redo)? else {
            let word = if is_redo { "redo" } else { "undo" };
            return Err(Error::Refused(format!(
                "there is nothing to {word} any more"
            )));
        };
        sql::remove_step(tx, of, number)?;
        sql::add_step(tx, of, !is_redo, (&old.text, &what))?;
        let title = title(&text);
        let (entry, _) = put(tx, &author, old, (text, title, now))?;
        let word = if is_redo { "redo" } else { "undo" };
        journal::record(tx, &entry.with(json!({ "by": word })))?;
        Ok(what)
    });
    done.await
}
