//! Where it is kept that a form was sent already.

use crate::base::Time;
use crate::store::{Error as StoreError, Transaction, named_params};

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
