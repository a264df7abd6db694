//! Writing on behalf of people whom policies bind: what they change of a
//! governed table waits until it is known to lie inside the policy.

use std::cell::RefCell;

use rusqlite::hooks::AuthContext;
use rusqlite::{Connection, Statement, named_params, types};

use super::gate::Gate;
use super::views::{self, Shape, quoted};
use super::{Bound, asking};
use crate::store::{Error, Mutation, Transaction, mutation};

thread_local! {
    /// The writer thread is the only one that writes to its file, so whose
    /// words it works on is a fact about the thread.
    static GUARD: RefCell<Guard> = const { RefCell::new(Guard(Whose::Ours)) };
}

/// Whose words the engine works on.
pub(in crate::store) struct Guard(Whose);

enum Whose {
    Ours,
    /// A builder's, for somebody no policy binds.
    Foreign,
    Bound(Gate),
}

impl Guard {
    pub(in crate::store) fn foreign() -> Guard {
        Guard(Whose::Foreign)
    }
}

/// The guard holds until what this gives is dropped.
pub(in crate::store) fn guard(guard: Guard) -> Awake {
    GUARD.set(guard);
    Awake
}

pub(in crate::store) struct Awake;

impl Drop for Awake {
    fn drop(&mut self) {
        GUARD.set(Guard(Whose::Ours));
    }
}

/// What the engine may do on the connection that writes.
pub(in crate::store) fn may_write(context: &AuthContext<'_>) -> bool {
    GUARD.with_borrow(|guard| match &guard.0 {
        Whose::Ours => true,
        Whose::Foreign => mutation::may_write(context),
        Whose::Bound(gate) => gate.lets_write(context),
    })
}

/// Are they a builder's, with no policy around?
pub(in crate::store) fn is_foreign() -> bool {
    GUARD.with_borrow(|guard| matches!(guard.0, Whose::Foreign))
}

/// What came of a change.
#[derive(Default)]
struct Done {
    rows: usize,
    last: Option<i64>,
}

/// A governed table that a statement names.
struct Door {
    at: usize,
    shape: Shape,
    masked: Vec<String>,
}

/// Runs one statement that changes rows, under what binds its author's reader.
pub(in crate::store) fn run(
    tx: &Transaction<'_>,
    bound: &Bound,
    mutation: &Mutation<'_>,
) -> Result<usize, Error> {
    Ok(change(tx, bound, mutation)?.rows)
}

fn change(tx: &Transaction<'_>, bound: &Bound, mutation: &Mutation<'_>) -> Result<Done, Error> {
    let (rows, waited) = governed(tx, bound, mutation.sql, |statement| {
        mutation::check(statement)?;
        statement.execute(mutation.values).map_err(told)
    })?;
    let last = waited
        .last
        .or_else(|| (rows > 0).then(|| tx.last_insert_rowid()));
    Ok(Done {
        rows: rows.max(waited.rows),
        last,
    })
}

/// Adds one row and gives its key.
pub fn add(tx: &Transaction<'_>, insert: &Mutation<'_>) -> Result<i64, Error> {
    if let Some(bound) = tx.bound {
        return change(tx, bound, insert)?.last.ok_or(Error::NotFound);
    }
    tx.prepare_cached(insert.sql)?.execute(insert.values)?;
    Ok(tx.last_insert_rowid())
}

/// The first row of an answer, as whoever writes may see it.
pub fn look(
    tx: &Transaction<'_>,
    query: &Mutation<'_>,
) -> Result<Option<Vec<types::Value>>, Error> {
    let first = |statement: &mut Statement<'_>| mutation::first_row(statement, query.values, told);
    match tx.bound {
        Some(bound) => Ok(governed(tx, bound, query.sql, first)?.0),
        None => first(&mut *tx.prepare_cached(query.sql)?),
    }
}

/// The same for a question that somebody wrote: it reads and does nothing else.
pub(in crate::store) fn answer(
    tx: &Transaction<'_>,
    bound: &Bound,
    question: &Mutation<'_>,
) -> Result<Option<Vec<types::Value>>, Error> {
    let first = |statement: &mut Statement<'_>| {
        mutation::reads(statement)?;
        mutation::first_row(statement, question.values, told)
    };
    Ok(governed(tx, bound, question.sql, first)?.0)
}

/// Runs a statement among the views of `bound`. Whatever fails, nothing of it
/// stays: neither rows nor views.
fn governed<T>(
    tx: &Transaction<'_>,
    bound: &Bound,
    sql: &str,
    work: impl FnOnce(&mut Statement<'_>) -> Result<T, Error>,
) -> Result<(T, Done), Error> {
    let conn: &Connection = tx;
    conn.execute_batch("savepoint governed")?;
    let done = asking(&bound.asker, || among_views(conn, bound, sql, work));
    // Whoever is stopped in the middle of a change has lost the whole transaction.
    if done.is_err() && conn.is_autocommit() {
        return done;
    }
    if done.is_err() {
        conn.execute_batch("rollback to governed")?;
    }
    conn.execute_batch("release governed")?;
    done
}

fn among_views<T>(
    conn: &Connection,
    bound: &Bound,
    sql: &str,
    work: impl FnOnce(&mut Statement<'_>) -> Result<T, Error>,
) -> Result<(T, Done), Error> {
    let gate = Gate::new(&bound.rules)?;
    gate.screen(sql)?;
    let doors = doors(conn, (&gate, bound), sql)?;
    let found = {
        let _awake = guard(Guard(Whose::Bound(gate.clone())));
        // Not cached: a statement prepared for somebody else reads other tables.
        let mut statement = conn.prepare(sql).map_err(|error| refused(&gate, error))?;
        work(&mut statement)?
    };
    let mut done = Done::default();
    for door in &doors {
        apply(conn, &gate, door, &mut done)?;
    }
    views::clear(conn)?;
    Ok((found, done))
}

/// Makes the views of those tables that the statement could name: a name has
/// no second spelling in SQL, save for capitals.
fn doors(conn: &Connection, (gate, bound): (&Gate, &Bound), sql: &str) -> Result<Vec<Door>, Error> {
    let sql = sql.to_ascii_lowercase();
    let mut doors = Vec::new();
    for (at, (table, layers)) in bound.rules.tables.iter().enumerate() {
        if !sql.contains(table.as_str()) {
            continue;
        }
        let Some(shape) = views::shape(conn, table)? else {
            continue;
        };
        let masked = layers.iter().flat_map(|layer| &layer.mask);
        let mut masked: Vec<String> = masked
            .map(|(column, _)| column.to_ascii_lowercase())
            .collect();
        masked.sort();
        masked.dedup();
        views::make(conn, (gate, &bound.rules), at, &shape)?;
        views::make_waiting(conn, gate, at, (&shape, &masked))?;
        doors.push(Door { at, shape, masked });
    }
    Ok(doors)
}

/// Does what waits, row by row, and looks at each from the person's side.
fn apply(conn: &Connection, gate: &Gate, door: &Door, done: &mut Done) -> Result<(), Error> {
    let waiting = quoted(&gate.waiting(door.at));
    let all = waiting_rows(conn, &waiting)?;
    if all.is_empty() {
        return Ok(());
    }
    let (table, key) = (quoted(&gate.tables[door.at].0), quoted(&door.shape.key));
    let mut insert = conn.prepare(&door.insert(&table, &waiting))?;
    let mut update = conn.prepare(&door.update(&table, &waiting))?;
    let mut delete = conn.prepare(&format!("delete from main.{table} where {key} = :key"))?;
    let mut seen = conn.prepare(&format!(
        "select exists (select 1 from temp.{} where {key} = :key)",
        quoted(&gate.last_view(door.at))
    ))?;
    for (seq, op, key) in all {
        let key = match op.as_str() {
            "d" => {
                done.rows += delete.execute(named_params! { ":key": key })?;
                continue;
            }
            "u" => {
                done.rows += update.execute(named_params! { ":key": key, ":seq": seq })?;
                key
            }
            _ => {
                done.rows += insert.execute(named_params! { ":seq": seq })?;
                done.last = Some(conn.last_insert_rowid());
                done.last
            }
        };
        if !seen.query_row(named_params! { ":key": key }, |row| row.get::<_, bool>(0))? {
            return Err(Error::Outside(
                "a policy keeps this row from being saved: it would lie outside what you may see"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// Number, what is to be done, and to which row.
type Waiting = (i64, String, Option<i64>);

fn waiting_rows(conn: &Connection, waiting: &str) -> Result<Vec<Waiting>, Error> {
    let mut list = conn.prepare(&format!(
        "select seq, op, key from temp.{waiting} order by seq"
    ))?;
    let all = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(all.collect::<Result<_, _>>()?)
}

impl Door {
    fn insert(&self, table: &str, waiting: &str) -> String {
        let columns: Vec<_> = self.shape.columns.iter().map(|name| quoted(name)).collect();
        let places: Vec<_> = (0..columns.len()).map(|at| format!("c{at}")).collect();
        format!(
            "insert into main.{table} ({}) select {} from temp.{waiting} where seq = :seq",
            columns.join(", "),
            places.join(", ")
        )
    }

    fn update(&self, table: &str, waiting: &str) -> String {
        let key = quoted(&self.shape.key);
        let columns = self.shape.columns.iter().enumerate();
        let free = columns.filter(|(_, name)| **name != self.shape.key && !self.masks(name));
        let set = free.map(|(at, name)| {
            let name = quoted(name);
            format!("{name} = (select c{at} from temp.{waiting} where seq = :seq)")
        });
        let set: Vec<_> = set.collect();
        // A row all of whose columns are masked changes nothing, and is there all the same.
        let set = if set.is_empty() {
            format!("{key} = {key}")
        } else {
            set.join(", ")
        };
        format!("update main.{table} set {set} where {key} = :key and :seq is not null")
    }

    fn masks(&self, column: &str) -> bool {
        let mut masked = self.masked.iter();
        masked.any(|name| name.eq_ignore_ascii_case(column))
    }
}

fn refused(gate: &Gate, error: rusqlite::Error) -> Error {
    match Error::of_query(error) {
        Error::BadSql { message, offset } => Error::BadSql {
            message: gate.veiled(&message),
            offset,
        },
        other => other,
    }
}

/// What a trigger of ours said stands behind its mark.
fn told(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(_, Some(text)) = &error
        && let Some(said) = text.strip_prefix("policy: ")
    {
        return Error::Outside(said.to_owned());
    }
    Error::of_query(error)
}
