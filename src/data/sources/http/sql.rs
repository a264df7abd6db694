//! Rows that were fetched, in a database that lies in memory only while they are asked.

use super::described::Described;
use crate::base::{Bound, Limits};
use crate::data::{Caps, Catalog, Column, Question, Rows, Value, fetch};
use crate::store::{Budget, Connection, Error, Guarded, Lane, params_from_iter};

/// How names of ours begin here: no table is described under such a name, so that asking for
/// the columns names none.
pub(super) const OURS: &str = "onsight_";
/// The table that tells the others with their columns.
const COLUMNS: &str = "onsight_columns";

/// A table with its rows.
pub(super) type Held = (String, Rows);

/// What the statement gives over these tables; those of the others are empty.
pub(super) fn answer(
    described: &Described,
    held: &[Held],
    (question, caps, budget): (&Question, Caps, &Budget),
) -> Result<Rows, Error> {
    let guarded = over(described, held, budget)?;
    let tables = described.tables.iter().map(super::described::Shape::table);
    let catalog = Catalog::new(tables.collect());
    fetch(&guarded, &catalog, question, caps)
}

/// Whether the statement can be asked at all.
pub(super) fn check(described: &Described, sql: &str, budget: &Budget) -> Result<(), Error> {
    let guarded = over(described, &[], budget)?;
    guarded.prepare(sql).map(|_fine| ())
}

/// How the statement would be run.
pub(super) fn plan(described: &Described, sql: &str, budget: &Budget) -> Result<Rows, Error> {
    let guarded = over(described, &[], budget)?;
    let mut rows = Rows::new(vec![Column {
        name: "plan".to_owned(),
        kind: None,
    }]);
    for line in guarded.plan(sql)? {
        rows.push(crate::data::Cell::Text(&line));
    }
    Ok(rows)
}

/// Its bounds are the database's own: whoever asks gives the time and the rows.
fn limits() -> Limits {
    Limits::default()
        .with(Bound::Desk, u64::MAX)
        .with(Bound::Rows, u64::MAX)
}

fn over(described: &Described, held: &[Held], budget: &Budget) -> Result<Guarded, Error> {
    Guarded::over(Lane::Desk, (budget, limits()), |conn| {
        conn.execute_batch("begin")?;
        make(conn, described)?;
        for (name, rows) in held {
            fill(conn, name, rows)?;
        }
        Ok(conn.execute_batch("commit")?)
    })
}

fn make(conn: &Connection, described: &Described) -> Result<(), Error> {
    conn.execute_batch(&format!(
        "create table {COLUMNS} (
             onsight_place integer primary key, onsight_table text, onsight_name text,
             onsight_type text
         )"
    ))?;
    let mut tell = conn.prepare(&format!(
        "insert into {COLUMNS} (onsight_table, onsight_name, onsight_type) values (?, ?, ?)"
    ))?;
    for shape in &described.tables {
        let columns = shape.columns.iter().map(|column| {
            // A decimal has no storage of its own: it is a number or its digits, each as it is.
            let storage = match column.sort.kind() {
                crate::data::ColumnType::Number => "",
                kind => kind.storage(),
            };
            format!("\"{}\" {storage}", column.name)
        });
        let columns: Vec<String> = columns.collect();
        let sql = format!("create table \"{}\" ({})", shape.name, columns.join(", "));
        conn.execute_batch(&sql)?;
        for column in &shape.columns {
            tell.execute([&*shape.name, &column.name, column.sort.name()])?;
        }
    }
    Ok(())
}

fn fill(conn: &Connection, name: &str, rows: &Rows) -> Result<(), Error> {
    let places = vec!["?"; rows.columns.len()].join(", ");
    let mut insert = conn.prepare(&format!("insert into \"{name}\" values ({places})"))?;
    for row in 0..rows.len() {
        insert.execute(params_from_iter(rows.row(row).map(Value::of)))?;
    }
    Ok(())
}
