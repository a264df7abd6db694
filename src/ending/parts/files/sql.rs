//! Files that were sent, with the key of each.

use crate::store::{Connection, Error, Key, SqlResult, named_params, types};
use crate::web::WorkspaceId;

pub(super) struct File {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) key: Key,
}

pub(super) fn files(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<File>, Error> {
    let mut list = conn.prepare_cached(
        "select id, name, key from upload where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        let key: Vec<u8> = row.get("key")?;
        Ok(File {
            id: row.get("id")?,
            name: row.get("name")?,
            key: Key::from_bytes(&key).ok_or(types::FromSqlError::InvalidType)?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}
