//! Letters put into the queue and taken out of it.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::mail::letter::{Body, Letter, one_line};
use crate::mail::model::{Error, LetterId, State};
use crate::mail::sql;
use crate::site::Site;
use crate::store::{Error as StoreError, Transaction};
use crate::web::{UserId, Viewer, WorkspaceId};

use super::key;

/// Letters that may wait at once.
const MOST: i64 = 10_000;

/// Whether a server for mail is set up.
pub async fn is_on(site: &Site) -> Result<bool, StoreError> {
    Ok(site.system.read(sql::server).await?.is_some())
}

/// Puts letters into the queue, all or none. `false`: there is no server for
/// mail, and nothing was written.
pub async fn send(site: &Site, letters: Vec<Letter>) -> Result<bool, Error> {
    if letters.is_empty() || !is_on(site).await? {
        return Ok(false);
    }
    let (now, key) = (site.clock.now(), key(site)?);
    let mut sealed = Vec::with_capacity(letters.len());
    for mut letter in letters {
        letter.subject = one_line(&letter.subject);
        letter.to.name = one_line(&letter.to.name);
        let id = LetterId::new(now);
        let body = Body::of(&letter.subject, &letter.words)?;
        sealed.push((id, body.seal(&key, id)?, letter));
    }
    site.system
        .write(move |tx| {
            let count = i64::try_from(sealed.len()).unwrap_or(MOST);
            if sql::waiting(tx)?.saturating_add(count) > MOST {
                return Err(Error::Crowded);
            }
            for (id, body, letter) in &sealed {
                sql::insert(tx, *id, (letter, body), now)?;
                let entry = Entry::new(
                    now,
                    &by_system(letter.to.workspace),
                    "letter.written",
                    &*letter.to.address,
                );
                let entry = entry.on("letter", id.to_string());
                let detail = json!({ "kind": letter.kind.name(), "subject": letter.subject });
                journal::record(tx, &entry.with(detail))?;
            }
            Ok(true)
        })
        .await
}

/// The instance, in the workspace a letter is about.
pub(super) fn by_system(workspace: Option<WorkspaceId>) -> Actor {
    match workspace {
        Some(workspace) => Actor::system().in_workspace(workspace.to_string()),
        None => Actor::system(),
    }
}

/// Throws away what is on its way to somebody who is shut out, of one workspace
/// or of all. For the transaction that shuts them out, and its line.
pub fn discard_for(
    tx: &Transaction<'_>,
    user: UserId,
    workspace: Option<WorkspaceId>,
    now: Time,
) -> Result<usize, StoreError> {
    sql::discard_for(tx, user, workspace, now)
}

/// Tries a letter again, now.
pub(in crate::mail) async fn resend(
    site: &Site,
    who: &Viewer,
    id: LetterId,
) -> Result<String, Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let letter = sql::letter(tx, id)?;
            if sql::server(tx)?.is_none() {
                return Err(Error::Off);
            }
            if !sql::again(tx, id, now)? {
                return Err(Error::Gone);
            }
            let entry = Entry::new(now, &actor, "letter.resent", &*letter.address);
            journal::record(tx, &entry.on("letter", id.to_string()))?;
            Ok(letter.address)
        })
        .await
}

/// Throws a letter away that has not left.
pub(in crate::mail) async fn discard(
    site: &Site,
    who: &Viewer,
    id: LetterId,
) -> Result<String, Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let letter = sql::letter(tx, id)?;
            if !matches!(letter.state, State::Waiting | State::Failed) {
                return Err(Error::Gone);
            }
            sql::end(tx, id, (State::Discarded, &letter.fault), now)?;
            let entry = Entry::new(now, &actor, "letter.discarded", &*letter.address);
            journal::record(tx, &entry.on("letter", id.to_string()))?;
            Ok(letter.address)
        })
        .await
}
