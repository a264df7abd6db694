//! What was decided about deleting and returning.

use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};

pub(in crate::ending) fn setting(conn: &Connection, name: &str) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached("select value from ending_setting where name = :name")?;
    let found = find.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?)
}

pub(in crate::ending) fn keep_setting(
    tx: &Transaction<'_>,
    name: &str,
    value: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into ending_setting (name, value) values (:name, :value)
         on conflict (name) do update set value = :value",
        named_params! { ":name": name, ":value": value },
    )?;
    Ok(())
}
