//! What was chosen for the names of an app's `uses`.

use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::web::WorkspaceId;

/// Names and the ids of the databases chosen for them.
pub(super) fn chosen(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select uses, source from app_source where workspace = :workspace and app = :app
         order by uses",
    )?;
    let values = named_params! { ":workspace": workspace, ":app": app };
    let found = list.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// `None`: nothing is chosen from now on.
pub(super) fn choose(
    tx: &Transaction<'_>,
    (workspace, app): (WorkspaceId, &str),
    (uses, source): (&str, Option<&str>),
) -> Result<(), Error> {
    tx.execute(
        "delete from app_source where workspace = :workspace and app = :app and uses = :uses",
        named_params! { ":workspace": workspace, ":app": app, ":uses": uses },
    )?;
    if let Some(source) = source {
        tx.execute(
            "insert into app_source (workspace, app, uses, source)
             values (:workspace, :app, :uses, :source)",
            named_params! {
                ":workspace": workspace, ":app": app, ":uses": uses, ":source": source,
            },
        )?;
    }
    Ok(())
}
