//! Apps and queries as text.

use crate::store::{Connection, Error, named_params};

type Texts = Vec<(String, Vec<u8>)>;

/// Every draft, version and query of a workspace, under the name of a file.
pub(in crate::backup) fn sources(conn: &Connection, workspace: &str) -> Result<Texts, Error> {
    let mut texts = Vec::new();
    for sql in [
        "select 'apps/' || id || '/draft.toml' as path, draft as text
         from app where workspace = :workspace order by id",
        "select 'apps/' || app || '/version-' || version || '.toml' as path, text
         from app_version where workspace = :workspace order by app, version",
        "select 'queries/' || name || '.sql' as path, sql as text
         from query where workspace = :workspace order by name",
    ] {
        let mut list = conn.prepare_cached(sql)?;
        let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
            Ok((row.get("path")?, row.get::<_, String>("text")?))
        })?;
        for one in found {
            let (path, text): (String, String) = one?;
            texts.push((path, text.into_bytes()));
        }
    }
    Ok(texts)
}
