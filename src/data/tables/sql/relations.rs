//! Which columns name rows of which tables, and whether their values do.

use super::define::quoted;
use crate::data::tables::model::{Reference, Table};
use crate::data::{Caps, Catalog, Cell, Question, fetch};
use crate::store::{Connection, Error, Guarded, SqlResult, Transaction, named_params};

/// What the values of a column say of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct Fit {
    /// Rows with a value.
    pub(in crate::data) filled: i64,
    /// Those whose value is no key of the other table.
    pub(in crate::data) astray: i64,
}

/// The references to tables that are there, in the order of the columns.
pub(super) fn references(conn: &Connection, table: &str) -> Result<Vec<Reference>, Error> {
    let mut list = conn.prepare_cached(
        "select name, refers from _column
         where \"table\" = :table and refers in (select name from _table)
         order by position",
    )?;
    let found = list.query_map(named_params! { ":table": table }, |row| {
        Ok(Reference {
            column: row.get("name")?,
            to: row.get("refers")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Writes down which table's rows a column names; `None` for no table's.
pub(in crate::data) fn refer(
    tx: &Transaction<'_>,
    table: &str,
    column: &str,
    to: Option<&str>,
) -> Result<(), Error> {
    tx.execute(
        "update _column set refers = :to where \"table\" = :table and name = :column",
        named_params! { ":table": table, ":column": column, ":to": to },
    )?;
    Ok(())
}

/// Holds the values of a column against the keys of a table.
pub(in crate::data) fn fit(
    guarded: &Guarded,
    catalog: &Catalog,
    (table, column): (&Table, &str),
    to: &Table,
) -> Result<Fit, Error> {
    let (column, key) = (quoted(column), quoted(&to.key));
    let question = Question {
        sql: format!(
            "select count(one.{column}),
                    count(case when one.{column} is not null and not exists
                          (select 1 from {} as other where other.{key} = one.{column}) then 1 end)
             from {} as one",
            quoted(&to.name),
            quoted(&table.name)
        ),
        values: Vec::new(),
    };
    let rows = fetch(guarded, catalog, &question, Caps::PAGE)?;
    let whole = |at| match rows.get(0, at) {
        Cell::Integer(number) => number,
        _ => 0,
    };
    Ok(Fit {
        filled: whole(0),
        astray: whole(1),
    })
}
