//! Which app was opened by whom on which day.

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
