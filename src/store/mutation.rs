//! Writing with SQL that a builder wrote: rows of the tables people made may be
//! inserted, updated and deleted; everything else the engine refuses.

use std::cell::Cell;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ToSql};

use super::{Error, Transaction, allowed};

thread_local! {
    /// The writer thread is the only one that writes to its file, so whether
    /// it works on somebody else's words is a fact about the thread.
    static FOREIGN: Cell<bool> = const { Cell::new(false) };
}

/// One statement somebody wrote, with its values.
pub struct Mutation<'a> {
    pub sql: &'a str,
    pub values: &'a [(&'a str, &'a dyn ToSql)],
}

/// Puts the guard on the connection that writes. It sleeps until [`mutate`].
pub(super) fn watch(conn: &mut Connection) -> Result<(), Error> {
    conn.authorizer(Some(|context: AuthContext<'_>| {
        if !FOREIGN.get() || may_write(&context) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }))?;
    Ok(())
}

/// Runs one `insert`, `update` or `delete` and gives the number of rows it changed.
pub fn mutate(tx: &Transaction<'_>, mutation: &Mutation<'_>) -> Result<usize, Error> {
    // A statement of ours with the same words was prepared without the guard:
    // the mark in front keeps the two apart in the statement cache.
    let marked = format!("/*app*/ {}", mutation.sql);
    let _awake = Awake::new();
    let mut statement = tx.prepare_cached(&marked).map_err(Error::of_query)?;
    if statement.readonly() || statement.is_explain() != 0 {
        return Err(Error::Denied("it writes nothing".to_owned()));
    }
    if statement.column_count() > 0 {
        return Err(Error::Denied("leave out returning".to_owned()));
    }
    statement.execute(mutation.values).map_err(Error::of_query)
}

struct Awake;

impl Awake {
    fn new() -> Awake {
        FOREIGN.set(true);
        Awake
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        FOREIGN.set(false);
    }
}

fn may_write(context: &AuthContext<'_>) -> bool {
    let in_main = matches!(context.database_name, Some("main"));
    match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => allowed::function(function_name),
        AuthAction::Insert { table_name }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. } => in_main && allowed::table(table_name),
        AuthAction::Read { table_name, .. } => match context.database_name {
            Some("main") => allowed::table(table_name),
            Some(_) => false,
            None => allowed::not_a_system_name(table_name),
        },
        _ => false,
    }
}
