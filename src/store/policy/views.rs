//! The views that stand before the governed tables of a connection, and what
//! catches changes made through them.

use rusqlite::{Connection, named_params};

use super::gate::Gate;
use super::{Layer, Rules};
use crate::store::Error;

/// A table as the engine has it.
pub(super) struct Shape {
    pub(super) key: String,
    pub(super) columns: Vec<String>,
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `None` when there is no such table.
pub(super) fn shape(conn: &Connection, table: &str) -> Result<Option<Shape>, Error> {
    let mut list =
        conn.prepare_cached("select name, pk from pragma_table_info(:table, 'main') order by cid")?;
    let columns = list.query_map(named_params! { ":table": table }, |row| {
        Ok((row.get::<_, String>("name")?, row.get::<_, i64>("pk")?))
    })?;
    let columns: Vec<(String, i64)> = columns.collect::<Result<_, _>>()?;
    let key = columns.iter().find(|(_, key)| *key == 1);
    Ok(key.map(|(key, _)| Shape {
        key: key.clone(),
        columns: columns.iter().map(|(name, _)| name.clone()).collect(),
    }))
}

/// Makes the views of one governed table.
pub(super) fn make(
    conn: &Connection,
    (gate, rules): (&Gate, &Rules),
    at: usize,
    shape: &Shape,
) -> Result<(), Error> {
    let (table, layers) = &rules.tables[at];
    for (number, layer) in layers.iter().enumerate() {
        let below = match number.checked_sub(1) {
            None => format!("main.{}", quoted(table)),
            Some(below) => format!("temp.{}", quoted(&gate.view(at, below))),
        };
        let view = gate.view(at, number);
        conn.execute(&one(&view, shape, layer, &below), [])?;
    }
    let last = format!("temp.{}", quoted(&gate.last_view(at)));
    conn.execute(&one(table, shape, &Layer::default(), &last), [])?;
    Ok(())
}

fn one(view: &str, shape: &Shape, layer: &Layer, below: &str) -> String {
    let columns = shape.columns.iter().map(|column| {
        let mask = { layer.mask.iter() }.find(|(masked, _)| masked.eq_ignore_ascii_case(column));
        match mask {
            // The line end closes a comment the expression may end with.
            Some((_, shown)) => format!("({shown}\n) as {}", quoted(column)),
            None => quoted(column),
        }
    });
    let columns: Vec<String> = columns.collect();
    let mut terms = Vec::new();
    terms.extend(layer.rows.as_ref().map(|rows| format!("({rows}\n)")));
    if below.starts_with("main.") {
        // Who counts rows names no column, and then the engine no longer tells
        // us that it was this view which read the table.
        // The key is no column to it.
        let mut columns = shape.columns.iter();
        let column = columns
            .find(|name| **name != shape.key)
            .unwrap_or(&shape.key);
        let column = quoted(column);
        terms.push(format!("{column} is {column}"));
    }
    let rows = match terms.join(" and ") {
        terms if terms.is_empty() => terms,
        terms => format!(" where {terms}"),
    };
    format!(
        "create temp view {} as select {} from {below}{rows}",
        quoted(view),
        columns.join(", ")
    )
}

/// Makes the place where changes wait, and the triggers that bring them there.
pub(super) fn make_waiting(
    conn: &Connection,
    gate: &Gate,
    at: usize,
    (shape, masked): (&Shape, &[String]),
) -> Result<(), Error> {
    let (view, key) = (quoted(&gate.tables[at].0), quoted(&shape.key));
    let waiting = quoted(&gate.waiting(at));
    let places: Vec<_> = (0..shape.columns.len())
        .map(|at| format!("c{at}"))
        .collect();
    let places = places.join(", ");
    let new: Vec<_> = shape
        .columns
        .iter()
        .map(|name| format!("new.{}", quoted(name)))
        .collect();
    let new = new.join(", ");
    conn.execute(
        &format!("create temp table {waiting} (seq integer primary key, op, key, {places})"),
        [],
    )?;
    let kept = masked.iter().map(|column| {
        let name = quoted(column);
        let said =
            format!("{column} is masked by a policy and cannot be changed").replace('\'', "''");
        format!(" select raise(abort, 'policy: {said}') where new.{name} is not old.{name};")
    });
    let kept: String = kept.collect();
    for (of, when, body) in [
        (
            'i',
            "insert",
            format!("insert into {waiting} (op, key, {places}) values ('i', null, {new});"),
        ),
        (
            'u',
            "update",
            format!(
                "select raise(abort, 'policy: the key of a row cannot be changed under a policy') \
                 where new.{key} is not old.{key};{kept} \
                 insert into {waiting} (op, key, {places}) values ('u', old.{key}, {new});"
            ),
        ),
        (
            'd',
            "delete",
            format!("insert into {waiting} (op, key) values ('d', old.{key});"),
        ),
    ] {
        let trigger = quoted(&gate.trigger(at, of));
        conn.execute(
            &format!("create temp trigger {trigger} instead of {when} on {view} begin {body} end"),
            [],
        )?;
    }
    Ok(())
}

/// Takes away whatever stands in the temporary schema.
pub(super) fn clear(conn: &Connection) -> Result<(), Error> {
    let mut list = conn.prepare_cached(
        "select type, name from sqlite_temp_schema where type in ('view', 'table')",
    )?;
    let all = list.query_map([], |row| {
        Ok((row.get::<_, String>("type")?, row.get::<_, String>("name")?))
    })?;
    let all: Vec<(String, String)> = all.collect::<Result<_, _>>()?;
    drop(list);
    for (kind, name) in all {
        conn.execute(&format!("drop {kind} temp.{}", quoted(&name)), [])?;
    }
    Ok(())
}

/// Changes whenever a table or column comes or goes.
pub(super) fn schema_version(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row(
        "select schema_version from pragma_schema_version",
        [],
        |row| row.get(0),
    )?)
}
