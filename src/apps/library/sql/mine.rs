//! What apps are to one person: those that stand first, and when each was opened last.

use crate::apps::library::model::Mine;
use crate::base::Time;
use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// All that is kept of this person and the apps of their workspace.
pub(in crate::apps) fn mine(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<Mine>, Error> {
    let mut list = conn.prepare_cached(
        "select app, is_starred, opened from app_mine
         where workspace = :workspace and user = :user",
    )?;
    let values = named_params! { ":workspace": workspace, ":user": user };
    let found = list.query_map(values, |row| {
        let opened: Option<i64> = row.get("opened")?;
        Ok(Mine {
            app: row.get("app")?,
            is_starred: row.get("is_starred")?,
            opened: opened.map(Time),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Puts the app first for that person; `false` when it stood there.
pub(in crate::apps) fn star(
    tx: &Transaction<'_>,
    (workspace, app): (WorkspaceId, &str),
    user: UserId,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "insert into app_mine (workspace, user, app, is_starred)
         values (:workspace, :user, :app, 1)
         on conflict (workspace, user, app) do update set is_starred = 1 where is_starred = 0",
        named_params! { ":workspace": workspace, ":user": user, ":app": app },
    )?;
    Ok(changed == 1)
}

/// Has it stand where its name puts it; `false` when it stood there.
pub(in crate::apps) fn unstar(
    tx: &Transaction<'_>,
    (workspace, app): (WorkspaceId, &str),
    user: UserId,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update app_mine set is_starred = 0
         where workspace = :workspace and user = :user and app = :app and is_starred = 1",
        named_params! { ":workspace": workspace, ":user": user, ":app": app },
    )?;
    Ok(changed == 1)
}
