//! Writing with SQL that a builder wrote: rows of the tables people made may be
//! inserted, updated and deleted; everything else the engine refuses.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, Statement, ToSql};

use super::{Error, Transaction, allowed, names, policy};

/// One statement somebody wrote, with its values.
pub struct Mutation<'a> {
    pub sql: &'a str,
    pub values: &'a [(&'a str, &'a dyn ToSql)],
}

/// Puts the guard on the connection that writes. It sleeps until [`mutate`].
pub(super) fn watch(conn: &mut Connection) -> Result<(), Error> {
    policy::register(conn)?;
    conn.authorizer(Some(|context: AuthContext<'_>| {
        if policy::may_write(&context) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }))?;
    Ok(())
}

/// Runs one `insert`, `update` or `delete` and gives the number of rows it changed.
/// Policies that bind whoever the transaction is for hold before and after.
pub fn mutate(tx: &Transaction<'_>, mutation: &Mutation<'_>) -> Result<usize, Error> {
    if let Some(bound) = tx.bound {
        return policy::run(tx, bound, mutation);
    }
    names::refuse_joins(mutation.sql)?;
    // A statement of ours with the same words was prepared without the guard:
    // the mark in front keeps the two apart in the statement cache.
    let marked = format!("/*app*/ {}", mutation.sql);
    let _awake = policy::guard(policy::Guard::foreign());
    let mut statement = tx.prepare_cached(&marked).map_err(Error::of_query)?;
    check(&statement)?;
    statement.execute(mutation.values).map_err(Error::of_query)
}

/// It changes rows and gives none.
pub(super) fn check(statement: &Statement<'_>) -> Result<(), Error> {
    if statement.readonly() || statement.is_explain() != 0 {
        return Err(Error::Denied("it writes nothing".to_owned()));
    }
    if statement.column_count() > 0 {
        return Err(Error::Denied("leave out returning".to_owned()));
    }
    Ok(())
}

/// What somebody's words may do whom no policy binds.
pub(super) fn may_write(context: &AuthContext<'_>) -> bool {
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
