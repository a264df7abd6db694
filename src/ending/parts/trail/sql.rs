//! Records of one workspace.

use crate::journal::{Columns, Link, as_link};
use crate::store::{Connection, Error, named_params};
use crate::web::WorkspaceId;

/// Each record of a workspace, oldest first.
pub(super) fn each(
    conn: &Connection,
    workspace: WorkspaceId,
    mut see: impl FnMut(Link) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut list = conn.prepare(
        "select seq, file, line, hash, version, at, actor_kind, actor, actor_name, email, grant,
             workspace, via, address, proxies, device, browser, system, session, method,
             request, action, kind, object_id, object, result, reason, row_count, detail, diff
         from chain where workspace = :workspace order by seq",
    )?;
    let columns = Columns::of(&list)?;
    let mut rows = list.query(named_params! { ":workspace": workspace })?;
    while let Some(row) = rows.next()? {
        see(as_link(row, &columns)?)?;
    }
    Ok(())
}
