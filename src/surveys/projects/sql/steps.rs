//! Drafts before and after the one there is.

use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::WorkspaceId;

/// So many can be undone; older ones are forgotten.
const KEPT: i64 = 20;

type Of<'a> = (WorkspaceId, &'a str);

/// What can be undone and redone.
#[derive(Clone, Debug, Default)]
pub(in crate::surveys::projects) struct Stood {
    pub(in crate::surveys::projects) undo: Option<String>,
    pub(in crate::surveys::projects) redo: Option<String>,
    /// How many can be undone, one after the other.
    pub(in crate::surveys::projects) behind: i64,
    pub(in crate::surveys::projects) most: i64,
}

/// Keeps a text that another one takes the place of.
pub(in crate::surveys::projects) fn add_step(
    tx: &Transaction<'_>,
    of: Of<'_>,
    ahead: bool,
    (text, what): (&str, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "insert into survey_step (workspace, survey, number, ahead, text, what)
         values (:workspace, :survey,
                 (select coalesce(max(number), 0) + 1 from survey_step
                  where workspace = :workspace and survey = :survey),
                 :ahead, :text, :what)",
        named_params! {
            ":workspace": of.0,
            ":survey": of.1,
            ":ahead": ahead,
            ":text": text,
            ":what": what,
        },
    )?;
    forget_old(tx, of)
}

fn forget_old(tx: &Transaction<'_>, of: Of<'_>) -> Result<(), StoreError> {
    tx.execute(
        "delete from survey_step
         where workspace = :workspace and survey = :survey and ahead = 0
           and number not in (select number from survey_step
                              where workspace = :workspace and survey = :survey and ahead = 0
                              order by number desc limit :kept)",
        named_params! { ":workspace": of.0, ":survey": of.1, ":kept": KEPT },
    )?;
    Ok(())
}

/// What was undone cannot be redone once something else was done.
pub(in crate::surveys::projects) fn forget_ahead(
    tx: &Transaction<'_>,
    of: Of<'_>,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from survey_step
         where workspace = :workspace and survey = :survey and ahead = 1",
        named_params! { ":workspace": of.0, ":survey": of.1 },
    )?;
    Ok(())
}

/// The next one on that side: its number, its text, and what was done.
pub(in crate::surveys::projects) fn newest_step(
    conn: &Connection,
    of: Of<'_>,
    ahead: bool,
) -> Result<Option<(i64, String, String)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select number, text, what from survey_step
         where workspace = :workspace and survey = :survey and ahead = :ahead
         order by number desc limit 1",
    )?;
    let values = named_params! { ":workspace": of.0, ":survey": of.1, ":ahead": ahead };
    let found = find.query_row(values, |row| {
        Ok((row.get("number")?, row.get("text")?, row.get("what")?))
    });
    Ok(found.optional()?)
}

pub(in crate::surveys::projects) fn remove_step(
    tx: &Transaction<'_>,
    of: Of<'_>,
    number: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from survey_step
         where workspace = :workspace and survey = :survey and number = :number",
        named_params! { ":workspace": of.0, ":survey": of.1, ":number": number },
    )?;
    Ok(())
}

/// What the buttons say.
pub(in crate::surveys::projects) fn stood(
    conn: &Connection,
    of: Of<'_>,
) -> Result<Stood, StoreError> {
    let mut count = conn.prepare_cached(
        "select count(*) from survey_step
         where workspace = :workspace and survey = :survey and ahead = 0",
    )?;
    let values = named_params! { ":workspace": of.0, ":survey": of.1 };
    Ok(Stood {
        undo: newest_step(conn, of, false)?.map(|(_, _, what)| what),
        redo: newest_step(conn, of, true)?.map(|(_, _, what)| what),
        behind: count.query_row(values, |row| row.get(0))?,
        most: KEPT,
    })
}
