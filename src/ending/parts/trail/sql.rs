//! Records of one workspace.

use crate::journal::{Link, as_link};
use crate::store::{Connection, Error, named_params};
use crate::web::WorkspaceId;

/// Each record of a workspace, oldest first.
pub(super) fn each(
    conn: &Connection,
    workspace: WorkspaceId,
    mut see: impl FnMut(Link) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut list = conn.prepare(
        "select seq, file, line, hash, at, workspace, action, record
         from chain where workspace = :workspace order by seq",
    )?;
    let mut rows = list.query(named_params! { ":workspace": workspace })?;
    while let Some(row) = rows.next()? {
        see(as_link(row)?)?;
    }
    Ok(())
}
