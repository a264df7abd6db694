//! What only a test can have done to it.

use crate::store::{Error, Transaction, named_params};

/// What is kept under this name beside what came with a test: no variable is called so.
pub(in crate::surveys::running) const FORCED: &str = ".forced";

/// Notes the pages it was led to whatever stood against it.
pub(in crate::surveys::running) fn force(
    tx: &Transaction<'_>,
    id: i64,
    pages: &str,
) -> Result<(), Error> {
    tx.prepare_cached(
        "insert into entry (respondent, name, value)
         select id, :name, :pages from respondent where id = :id and is_test = 1
         on conflict (respondent, name) do update set value = excluded.value",
    )?
    .execute(named_params! { ":id": id, ":name": FORCED, ":pages": pages })?;
    Ok(())
}

/// It goes on after its end.
pub(in crate::surveys::running) fn reopen(tx: &Transaction<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "update respondent set outcome = null, way_out = '', exit_to = null, ended = null
         where id = :id and is_test = 1",
    )?
    .execute(named_params! { ":id": id })?;
    Ok(())
}

/// It sent no page yet.
pub(in crate::surveys::running) fn forget_sent(tx: &Transaction<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "delete from page_visit
         where respondent = (select id from respondent where id = :id and is_test = 1)",
    )?
    .execute(named_params! { ":id": id })?;
    Ok(())
}

/// Removes one.
pub(in crate::surveys::running) fn forget_test(tx: &Transaction<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached("delete from respondent where id = :id and is_test = 1")?
        .execute(named_params! { ":id": id })?;
    Ok(())
}
