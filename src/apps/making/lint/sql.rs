//! How long a table is, counted as far as it matters.

use crate::data::sql_text::Dialect;
use crate::store::{Error, Guarded};

/// A table with as many rows is a long one, however many there are.
pub(super) const COUNTED: i64 = 10_000;

/// At most [`COUNTED`]. The name is that of a table in the catalog.
pub(super) fn rows(guarded: &Guarded, table: &str) -> Result<i64, Error> {
    let name = Dialect::Sqlite.quoted(table);
    let text = format!("select count(*) from (select 1 from {name} limit {COUNTED})");
    let mut statement = guarded.prepare(&text)?;
    let mut rows = statement.raw_query();
    let row = rows.next().map_err(|error| guarded.explain(error))?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}
