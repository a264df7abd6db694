//! The parts of a survey, and what waits of it.

use crate::base::Time;
use crate::ending::model::{EndingId, Thing};
use crate::store::{Connection, Error, OptionalExtension, SqlResult, Transaction, named_params};
use crate::surveys::running::token;
use crate::web::WorkspaceId;

type Of<'a> = (WorkspaceId, &'a str);

pub(super) fn surveys(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<Thing>, Error> {
    let mut list = conn.prepare_cached(
        "select id, title, created from survey where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Thing {
            object: row.get("id")?,
            title: row.get("title")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn exists(conn: &Connection, workspace: WorkspaceId, id: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from survey where workspace = :workspace and id = :id)",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// A survey of that id is there, or on its way out and to be had back.
pub(super) fn is_known(conn: &Connection, workspace: WorkspaceId, id: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from survey where workspace = :workspace and id = :id)
             or exists (select 1 from ending
                        where kind = 'survey' and workspace = :workspace and object = :id
                          and state <> 'gone')",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0))?)
}

/// Why it is to be kept, where somebody said so.
pub(super) fn hold(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached(
        "select hold from survey_keeping
         where workspace = :workspace and survey = :id and hold is not null",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// What goes with a survey, by word.
pub(super) fn parts(conn: &Connection, of: Of<'_>) -> Result<Vec<(&'static str, u64)>, Error> {
    let mut count = conn.prepare_cached(
        "select
           (select count(*) from survey_version where workspace = :workspace and survey = :id),
           (select count(*) from survey_link where workspace = :workspace and survey = :id),
           (select count(*) from survey_delivered
            where workspace = :workspace and survey = :id)",
    )?;
    let values = named_params! { ":workspace": of.0, ":id": of.1 };
    Ok(count.query_row(values, |row| {
        Ok(vec![
            ("Draft", 1),
            ("Published versions", row.get(0)?),
            ("Links", row.get(1)?),
            ("Deliveries in the log", row.get(2)?),
        ])
    })?)
}

/// What lies in the file of its answers, by word.
pub(super) fn answers(conn: &Connection) -> Result<Vec<(&'static str, u64)>, Error> {
    Ok(conn.query_row(
        "select (select count(*) from respondent where is_test = 0),
                (select count(*) from respondent where is_test = 1),
                (select count(*) from answer),
                (select count(*) from asset_content),
                (select count(*) from upload),
                (select count(*) from invitee)",
        named_params! {},
        |row| {
            Ok(vec![
                ("Responses", row.get(0)?),
                ("Tests", row.get(1)?),
                ("Values", row.get(2)?),
                ("Pictures", row.get(3)?),
                ("Files of respondents", row.get(4)?),
                ("Addresses of people invited", row.get(5)?),
            ])
        },
    )?)
}

/// The names of the keys that were made for this survey.
pub(super) fn keys(conn: &Connection, of: Of<'_>) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select name from api_key
         where workspace = :workspace and revoked is null
           and instr(',' || apps || ',', ',survey:' || :id || ',') > 0
         order by name",
    )?;
    let values = named_params! { ":workspace": of.0, ":id": of.1 };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Somebody may have taken the word in its respondents' addresses meanwhile: it
/// comes back under another then.
pub(super) fn free_address(tx: &Transaction<'_>, id: EndingId) -> Result<(), Error> {
    let letters: String = token::fresh()?
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    tx.execute(
        "update ending_kept
         set row = json_set(row, '$.slug', (row ->> '$.id') || '-' || :letters)
         where ending = :ending and place = 'survey'
           and exists (select 1 from survey where slug = ending_kept.row ->> '$.slug')",
        named_params! { ":ending": id, ":letters": letters.to_lowercase() },
    )?;
    Ok(())
}
