//! Where it is kept that a form was sent already.

use crate::base::Time;
use crate::data::sql_text::Dialect;
use crate::store::{Error as StoreError, Transaction, named_params};

/// What is known of a form's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The form comes for the first time.
    New,
    /// It was sent before, and took effect.
    Done,
    /// It was sent before, and whether it took effect is not known.
    Open,
}

/// Notes the token of a form whose query goes to a database elsewhere; until it is closed
/// or taken back nobody knows whether it took effect.
pub(super) fn begin(tx: &Transaction<'_>, key: &str, now: Time) -> Result<Token, StoreError> {
    let mut insert = tx.prepare_cached(
        "insert into _once (key, at, is_open) values (:key, :now, 1)
         on conflict (key) do nothing",
    )?;
    if insert.execute(named_params! { ":key": key, ":now": now.0 })? == 1 {
        return Ok(Token::New);
    }
    let mut find = tx.prepare_cached("select is_open from _once where key = :key")?;
    let is_open = find.query_row(named_params! { ":key": key }, |row| row.get(0))?;
    Ok(if is_open { Token::Open } else { Token::Done })
}

/// It took effect.
pub(super) fn close(tx: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    let mut update = tx.prepare_cached("update _once set is_open = 0 where key = :key")?;
    update.execute(named_params! { ":key": key })?;
    Ok(())
}

/// It surely took none, and may be sent again.
pub(super) fn take_back(tx: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    let mut delete = tx.prepare_cached("delete from _once where key = :key")?;
    delete.execute(named_params! { ":key": key })?;
    Ok(())
}

/// The row of an app's query whose key is the value of that name.
pub(super) fn with_key(query: &str, column: &str, name: &str) -> String {
    let column = Dialect::Sqlite.quoted(column);
    format!("select * from (\n{query}\n) where {column} = :{name}")
}

/// How many rows an app's query gives.
pub(super) fn how_many(query: &str) -> String {
    format!("select count(*) from (\n{query}\n)")
}

/// Notes the token; `false` when it was noted before.
pub(super) fn first_time(tx: &Transaction<'_>, key: &str, now: Time) -> Result<bool, StoreError> {
    let mut insert = tx.prepare_cached(
        "insert into _once (key, at) values (:key, :now) on conflict (key) do nothing",
    )?;
    Ok(insert.execute(named_params! { ":key": key, ":now": now.0 })? == 1)
}

/// Forgets tokens older than that: no page is open that long.
pub(super) fn forget(tx: &Transaction<'_>, before: Time) -> Result<(), StoreError> {
    let mut delete = tx.prepare_cached("delete from _once where at < :before")?;
    delete.execute(named_params! { ":before": before.0 })?;
    Ok(())
}
