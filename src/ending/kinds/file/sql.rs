//! Files that were sent.

use crate::base::Time;
use crate::ending::model::Thing;
use crate::store::{Connection, Error, SqlResult, named_params};
use crate::web::WorkspaceId;

pub(super) fn files(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Thing>, Error> {
    let mut list = conn.prepare_cached(
        "select id, name, created from upload where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Thing {
            object: row.get("id")?,
            title: row.get("name")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn bytes(conn: &Connection, workspace: WorkspaceId, id: &str) -> Result<u64, Error> {
    let mut find = conn
        .prepare_cached("select bytes from upload where workspace = :workspace and id = :id")?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0))?)
}
