//! Which app was opened by whom on which day, and when last.

use crate::base::Time;
use crate::store::{Error, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// Keeps it; `false` when it is known already.
pub(in crate::workspaces) fn opened(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    app: &str,
    day: i64,
) -> Result<bool, Error> {
    let mut insert = tx.prepare_cached(
        "insert or ignore into app_opening (workspace, user, app, day)
         values (:workspace, :user, :app, :day)",
    )?;
    let new = insert.execute(named_params! {
        ":workspace": workspace,
        ":user": user,
        ":app": app,
        ":day": day,
    })?;
    Ok(new == 1)
}

/// Keeps when somebody opened an app last, as long as there is one.
pub(in crate::workspaces) fn seen(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    user: UserId,
    (app, at): (&str, Time),
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "insert into app_mine (workspace, user, app, opened)
         select workspace, :user, id, :at from app where workspace = :workspace and id = :app
         on conflict (workspace, user, app) do update set opened = excluded.opened",
    )?;
    insert.execute(named_params! {
        ":workspace": workspace,
        ":user": user,
        ":app": app,
        ":at": at.0,
    })?;
    Ok(())
}
