//! Drafts before and after the one there is.

use crate::apps::library::model::{Side, Step, Stood};
use crate::base::Time;
use crate::store::{Connection, Error as StoreError, OptionalExtension, Transaction, named_params};
use crate::web::WorkspaceId;

/// So many are kept on a side; older ones are forgotten.
const KEPT: i64 = 20;

type Of<'a> = (WorkspaceId, &'a str);

fn side(side: Side) -> i64 {
    match side {
        Side::Behind => 0,
        Side::Ahead => 1,
        Side::Between => 2,
    }
}

/// Keeps a text that another one takes the place of.
pub(in crate::apps) fn add_step(
    tx: &Transaction<'_>,
    of: Of<'_>,
    on: Side,
    step: &Step,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into app_step (workspace, app, number, side, text, at, what, by)
         values (:workspace, :app,
                 (select coalesce(max(number), 0) + 1 from app_step
                  where workspace = :workspace and app = :app),
                 :side, :text, :at, :what, :by)",
        named_params! {
            ":workspace": of.0,
            ":app": of.1,
            ":side": side(on),
            ":text": step.text,
            ":at": step.at.0,
            ":what": step.what,
            ":by": step.by,
        },
    )?;
    forget_old(tx, of, on)
}

fn forget_old(tx: &Transaction<'_>, of: Of<'_>, on: Side) -> Result<(), StoreError> {
    tx.execute(
        "delete from app_step
         where workspace = :workspace and app = :app and side = :side
           and number not in (select number from app_step
                              where workspace = :workspace and app = :app and side = :side
                              order by number desc limit :kept)",
        named_params! {
            ":workspace": of.0,
            ":app": of.1,
            ":side": side(on),
            ":kept": KEPT,
        },
    )?;
    Ok(())
}

/// What was undone cannot be redone once something else was done.
pub(in crate::apps) fn forget_ahead(tx: &Transaction<'_>, of: Of<'_>) -> Result<(), StoreError> {
    tx.execute(
        "delete from app_step where workspace = :workspace and app = :app and side = 1",
        named_params! { ":workspace": of.0, ":app": of.1 },
    )?;
    Ok(())
}

/// The next one on that side, with its number.
pub(in crate::apps) fn newest_step(
    conn: &Connection,
    of: Of<'_>,
    on: Side,
) -> Result<Option<(i64, Step)>, StoreError> {
    let mut find = conn.prepare_cached(
        "select number, text, at, what, by from app_step
         where workspace = :workspace and app = :app and side = :side
         order by number desc limit 1",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1, ":side": side(on) };
    let found = find.query_row(values, |row| {
        let step = Step {
            text: row.get("text")?,
            at: Time(row.get("at")?),
            what: row.get("what")?,
            by: row.get("by")?,
        };
        Ok((row.get("number")?, step))
    });
    Ok(found.optional()?)
}

pub(in crate::apps) fn remove_step(
    tx: &Transaction<'_>,
    of: Of<'_>,
    number: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from app_step where workspace = :workspace and app = :app and number = :number",
        named_params! { ":workspace": of.0, ":app": of.1, ":number": number },
    )?;
    Ok(())
}

/// The text that was saved at that moment, if it is still kept.
pub(in crate::apps) fn text_at(
    conn: &Connection,
    of: Of<'_>,
    at: Time,
) -> Result<Option<String>, StoreError> {
    let mut find = conn.prepare_cached(
        "select text from app_step
         where workspace = :workspace and app = :app and at = :at
         order by number desc limit 1",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1, ":at": at.0 };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// What the buttons say.
pub(in crate::apps) fn stood(conn: &Connection, of: Of<'_>) -> Result<Stood, StoreError> {
    let mut count = conn.prepare_cached(
        "select count(*) from app_step
         where workspace = :workspace and app = :app and side = 0",
    )?;
    let values = named_params! { ":workspace": of.0, ":app": of.1 };
    Ok(Stood {
        undo: newest_step(conn, of, Side::Behind)?.map(|(_, step)| step.what),
        redo: newest_step(conn, of, Side::Ahead)?.map(|(_, step)| step.what),
        behind: count.query_row(values, |row| row.get(0))?,
        most: KEPT,
    })
}
