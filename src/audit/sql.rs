//! Records as a filter asks for them.

use crate::journal::{Link, as_link};
use crate::store::{Connection, Error, named_params};

/// Temporary home of the list until the filters are here.
pub(super) fn latest(
    conn: &Connection,
    workspace: &str,
    before: i64,
    most: u32,
) -> Result<Vec<Link>, Error> {
    let mut list = conn.prepare_cached(
        "select * from chain where workspace = :workspace and seq < :before order by seq desc limit :most",
    )?;
    let lines = list.query_map(
        named_params! { ":workspace": workspace, ":before": before, ":most": most },
        as_link,
    )?;
    Ok(lines.collect::<Result<_, _>>()?)
}
