//! Rows taken out of their tables whole, to be put back or destroyed. What
//! columns a table has is asked of the engine, so that one that is added later
//! goes and comes with the rest.

use rusqlite::{ErrorCode, ToSql, ffi, params_from_iter};
use serde_json::{Map, Value};

use crate::ending::model::EndingId;
use crate::journal::{hex, unhex};
use crate::store::{Connection, Error, SqlResult, Transaction, named_params, types};

/// In which table of a file they are kept meanwhile.
#[derive(Clone, Copy, Debug)]
pub(in crate::ending) enum Kept {
    System,
    Workspace,
}

impl Kept {
    fn table(self) -> &'static str {
        match self {
            Kept::System => "ending_kept",
            Kept::Workspace => "_ending_kept",
        }
    }
}

/// A name as it stands in SQL. Names come from the schema or were checked; the
/// quotes are the second lock.
pub(in crate::ending) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The tables that have all these columns.
pub(in crate::ending) fn holding(
    conn: &Connection,
    columns: &[&str],
) -> Result<Vec<String>, Error> {
    let wanted = Value::from(columns.to_vec()).to_string();
    let mut list = conn.prepare_cached(
        "select held.name from sqlite_schema as held
         where held.type = 'table'
           and (select count(*) from pragma_table_info(held.name) as part
                join json_each(:wanted) as wanted on wanted.value = part.name)
               = json_array_length(:wanted)
         order by held.name",
    )?;
    let names = list.query_map(named_params! { ":wanted": wanted }, |row| row.get(0))?;
    Ok(names.collect::<SqlResult<_>>()?)
}

/// Who refers to rows of that table: their table, their column and the column
/// they refer to.
pub(in crate::ending) fn referring(
    conn: &Connection,
    table: &str,
) -> Result<Vec<(String, String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select held.name, link.\"from\", link.\"to\"
         from sqlite_schema as held join pragma_foreign_key_list(held.name) as link
         where held.type = 'table' and link.\"table\" = :table and link.\"to\" is not null
         order by held.name, link.id",
    )?;
    let found = list.query_map(named_params! { ":table": table }, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Writes the rows of a table beside; they stay where they are. `which` is a
/// condition of ours. Gives their number.
pub(in crate::ending) fn park(
    tx: &Transaction<'_>,
    (kept, ending): (Kept, EndingId),
    table: &str,
    (which, values): (&str, &[(&str, &dyn ToSql)]),
) -> Result<u64, Error> {
    let mut list = tx.prepare(&format!("select * from {} where {which}", quoted(table)))?;
    let names: Vec<String> = list.column_names().map(str::to_owned).collect();
    let mut insert = tx.prepare(&format!(
        "insert into {} (ending, place, position, row) values (?1, ?2, ?3, ?4)",
        kept.table()
    ))?;
    let mut rows = list.query(values)?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let mut cells = Map::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            cells.insert(name.clone(), written(row.get_ref(at)?)?);
        }
        let row = Value::Object(cells).to_string();
        insert.execute((ending, table, count, row))?;
        count += 1;
    }
    Ok(count)
}

fn written(value: types::ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        types::ValueRef::Null => Value::Null,
        types::ValueRef::Integer(number) => number.into(),
        types::ValueRef::Real(number) => number.into(),
        types::ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => text.into(),
            Err(error) => return Err(std::io::Error::other(error).into()),
        },
        types::ValueRef::Blob(bytes) => serde_json::json!({ "hex": hex(bytes) }),
    })
}

fn read(value: &Value) -> Result<types::Value, Error> {
    let unfit = || std::io::Error::other("a row that was kept cannot be read");
    Ok(match value {
        Value::Null => types::Value::Null,
        Value::Bool(yes) => types::Value::Integer((*yes).into()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => types::Value::Integer(whole),
            (None, Some(real)) => types::Value::Real(real),
            (None, None) => return Err(unfit().into()),
        },
        Value::String(text) => types::Value::Text(text.clone()),
        Value::Object(bytes) => {
            let bytes = bytes.get("hex").and_then(Value::as_str).and_then(unhex);
            types::Value::Blob(bytes.ok_or_else(unfit)?)
        }
        Value::Array(_) => return Err(unfit().into()),
    })
}

/// The tables that rows were taken out of, and how many of each.
pub(in crate::ending) fn kept_places(
    conn: &Connection,
    kept: Kept,
    ending: EndingId,
) -> Result<Vec<(String, u64)>, Error> {
    let mut list = conn.prepare(&format!(
        "select place, count(*) from {} where ending = ?1 group by place order by place",
        kept.table()
    ))?;
    let places = list.query_map([ending], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(places.collect::<SqlResult<_>>()?)
}

/// Puts the rows of one table back where they were. One that came there meanwhile,
/// such as somebody's last use, stays.
pub(in crate::ending) fn restore(
    tx: &Transaction<'_>,
    (kept, ending): (Kept, EndingId),
    table: &str,
) -> Result<u64, Error> {
    let mut list = tx.prepare(&format!(
        "select row from {} where ending = ?1 and place = ?2 order by position",
        kept.table()
    ))?;
    let rows = list.query_map((ending, table), |row| row.get::<_, String>(0))?;
    let rows = rows.collect::<SqlResult<Vec<_>>>()?;
    let mut count = 0;
    for row in rows {
        let unfit = |error: serde_json::Error| Error::Io(error.into());
        let cells: Map<String, Value> = serde_json::from_str(&row).map_err(unfit)?;
        let names: Vec<_> = cells.keys().map(|name| quoted(name)).collect();
        let places: Vec<_> = (1..=names.len()).map(|at| format!("?{at}")).collect();
        let values = cells.values().map(read).collect::<Result<Vec<_>, _>>()?;
        tx.execute(
            &format!(
                "insert or ignore into {} ({}) values ({})",
                quoted(table),
                names.join(", "),
                places.join(", ")
            ),
            params_from_iter(values),
        )?;
        count += 1;
    }
    Ok(count)
}

/// Destroys what was kept of an ending. Gives the number of rows.
pub(in crate::ending) fn forget_kept(
    tx: &Transaction<'_>,
    (kept, ending): (Kept, EndingId),
    place: Option<&str>,
) -> Result<usize, Error> {
    let sql = format!(
        "delete from {} where ending = ?1 and (?2 is null or place = ?2)",
        kept.table()
    );
    Ok(tx.execute(&sql, (ending, place))?)
}

/// Deletes rows of a table; `which` is a condition of ours.
pub(in crate::ending) fn delete(
    tx: &Transaction<'_>,
    table: &str,
    (which, values): (&str, &[(&str, &dyn ToSql)]),
) -> Result<u64, Error> {
    let gone = tx.execute(
        &format!("delete from {} where {which}", quoted(table)),
        values,
    )?;
    Ok(gone as u64)
}

/// Does the work for each of these, those last that others still refer to.
/// Gives what each of them gave.
pub(in crate::ending) fn tried<T>(
    mut left: Vec<String>,
    mut work: impl FnMut(&str) -> Result<T, Error>,
) -> Result<Vec<(String, T)>, Error> {
    let mut done = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let (before, mut still, mut last) = (left.len(), Vec::new(), None);
        for name in left {
            match work(&name) {
                Ok(found) => done.push((name, found)),
                Err(error) if is_referred_to(&error) => {
                    last = Some(error);
                    still.push(name);
                }
                Err(error) => return Err(error),
            }
        }
        if still.len() == before
            && let Some(error) = last
        {
            return Err(error);
        }
        left = still;
    }
    Ok(done)
}

/// Somebody refers to a row, or the row to one that is not there yet.
pub(in crate::ending) fn is_referred_to(error: &Error) -> bool {
    matches!(
        error,
        Error::Sqlite(rusqlite::Error::SqliteFailure(
            ffi::Error {
                code: ErrorCode::ConstraintViolation,
                extended_code: ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
            },
            _,
        ))
    )
}
