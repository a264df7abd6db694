//! Names of what is personal: as surveys say, and as their files remember.

use serde_json::json;

use crate::store::{Connection, Error, SqlResult, Transaction, named_params};
use crate::surveys::format::Survey;
use crate::surveys::personal::Names;
use crate::web::WorkspaceId;

/// The surveys of all workspaces.
pub(in crate::surveys::personal) fn all(
    conn: &Connection,
) -> Result<Vec<(WorkspaceId, String)>, Error> {
    let mut list =
        conn.prepare_cached("select workspace, id from survey order by workspace, id")?;
    let found = list.query_map(named_params! {}, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// What any published version of a survey calls personal; its draft, where none was.
pub(in crate::surveys::personal) fn names(
    conn: &Connection,
    (workspace, survey): (WorkspaceId, &str),
) -> Result<Names, Error> {
    let mut list = conn.prepare_cached(
        "select text from survey_version where workspace = :workspace and survey = :survey
         union all
         select draft from survey
         where workspace = :workspace and id = :survey and version is null",
    )?;
    let values = named_params! { ":workspace": workspace, ":survey": survey };
    let mut names = Names::default();
    for text in list.query_map(values, |row| row.get::<_, String>(0))? {
        // What was published was whole when it was; a draft may be anything.
        if let Ok(survey) = Survey::read(&text?) {
            names = names.and(Names::of(&survey));
        }
    }
    Ok(names)
}

/// Is everything under these names sealed in the file, and nothing left of what was not?
pub(in crate::surveys::personal) fn is_clean(
    conn: &Connection,
    names: &Names,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select not exists (
           select 1 from json_each(:pairs) as pair
           where not exists (select 1 from sealed_name
                             where kind = pair.value ->> 0 and name = pair.value ->> 1
                               and is_clean = 1))",
    )?;
    let pairs = json!(names.pairs()).to_string();
    Ok(ask.query_row(named_params! { ":pairs": pairs }, |row| row.get(0))?)
}

/// Was it begun to seal some of them, and not ended?
pub(in crate::surveys::personal) fn is_begun(conn: &Connection) -> Result<bool, Error> {
    let mut ask =
        conn.prepare_cached("select exists (select 1 from sealed_name where is_clean = 0)")?;
    Ok(ask.query_row(named_params! {}, |row| row.get(0))?)
}

/// Notes the names before anything is sealed; `is_any`: something lies there unsealed, and
/// has to be overwritten in the end.
pub(in crate::surveys::personal) fn begin(
    tx: &Transaction<'_>,
    names: &Names,
    is_any: bool,
) -> Result<(), Error> {
    let pairs = json!(names.pairs()).to_string();
    tx.execute(
        "insert into sealed_name (kind, name)
         select value ->> 0, value ->> 1 from json_each(:pairs) where true
         on conflict (kind, name) do nothing",
        named_params! { ":pairs": pairs },
    )?;
    tx.execute(
        "update sealed_name set is_clean = 0 where :any",
        named_params! { ":any": is_any },
    )?;
    Ok(())
}

/// Nothing is left of what was not sealed.
pub(in crate::surveys::personal) fn clean(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute(
        "update sealed_name set is_clean = 1 where is_clean = 0",
        named_params! {},
    )?;
    Ok(())
}
