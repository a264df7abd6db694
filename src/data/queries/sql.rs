//! Where queries are kept.

use super::model::{Draft, Error, Query};
use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Row, SqlResult, Transaction,
    named_params,
};
use crate::web::WorkspaceId;

pub(super) fn list(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Query>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, sql, params, source, changed, changed_by from query
         where workspace = :workspace order by name",
    )?;
    let queries = list.query_map(named_params! { ":workspace": workspace }, query)?;
    Ok(queries.collect::<Result<_, _>>()?)
}

pub(super) fn find(
    conn: &Connection,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<Query>, StoreError> {
    let mut find = conn.prepare_cached(
        "select name, sql, params, source, changed, changed_by from query
         where workspace = :workspace and name = :name",
    )?;
    let found = find.query_row(
        named_params! { ":workspace": workspace, ":name": name },
        query,
    );
    Ok(found.optional()?)
}

fn query(row: &Row<'_>) -> SqlResult<Query> {
    let params: String = row.get("params")?;
    Ok(Query {
        name: row.get("name")?,
        sql: row.get("sql")?,
        // Parameters of another build read as none: the statement names them anyway.
        params: serde_json::from_str(&params).unwrap_or_default(),
        source: row.get("source")?,
        changed: Time(row.get("changed")?),
        changed_by: row.get("changed_by")?,
    })
}

pub(super) fn insert(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    draft: &Draft,
    (now, by): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "insert into query (workspace, name, sql, params, source, changed, changed_by)
         values (:workspace, :name, :sql, :params, :source, :now, :by)",
        named_params! {
            ":workspace": workspace,
            ":name": draft.name,
            ":sql": draft.sql,
            ":params": params(draft),
            ":source": draft.source,
            ":now": now.0,
            ":by": by,
        },
    )
    .on_taken(
        "query.workspace, query.name",
        Error::Exists(draft.name.clone()),
    )?;
    Ok(())
}

pub(super) fn update(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    draft: &Draft,
    (now, by): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "update query set name = :name, sql = :sql, params = :params, source = :source,
                changed = :now, changed_by = :by
         where workspace = :workspace and name = :was",
        named_params! {
            ":workspace": workspace,
            ":was": draft.was,
            ":name": draft.name,
            ":sql": draft.sql,
            ":params": params(draft),
            ":source": draft.source,
            ":now": now.0,
            ":by": by,
        },
    )
    .on_taken(
        "query.workspace, query.name",
        Error::Exists(draft.name.clone()),
    )?;
    Ok(())
}

fn params(draft: &Draft) -> String {
    serde_json::to_string(&draft.params).expect("names and types are JSON")
}

/// Whether there was one to delete.
pub(super) fn delete(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    name: &str,
) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "delete from query where workspace = :workspace and name = :name",
        named_params! { ":workspace": workspace, ":name": name },
    )?;
    Ok(gone > 0)
}
