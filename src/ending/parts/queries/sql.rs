//! Saved queries.

use crate::store::{Connection, Error, SqlResult, named_params};
use crate::web::WorkspaceId;

pub(super) struct Query {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) params: String,
}

pub(super) fn queries(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Query>, Error> {
    let mut list = conn.prepare_cached(
        "select name, sql, params from query where workspace = :workspace order by name",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Query {
            name: row.get("name")?,
            sql: row.get("sql")?,
            params: row.get("params")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}
