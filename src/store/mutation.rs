//! Writing with SQL that a builder wrote: rows of the tables people made may be
//! inserted, updated and deleted; everything else the engine refuses.

use rusqlite::hooks::{Action, AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, Statement, ToSql, types};

use super::{Error, Transaction, allowed, changes, keyed, names, policy};

/// One statement somebody wrote, with its values.
pub struct Mutation<'a> {
    pub sql: &'a str,
    pub values: &'a [(&'a str, &'a dyn ToSql)],
}

/// Puts the guard on the connection that writes, which sleeps until [`mutate`], and has it
/// tell what is written.
pub(super) fn watch(conn: &mut Connection) -> Result<(), Error> {
    policy::register(conn)?;
    // There is one such hook for a connection.
    conn.update_hook(Some(
        |action: Action, database: &str, table: &str, key: i64| {
            if database == "main" {
                changes::wrote(table);
                keyed::wrote(action, key);
            }
        },
    ))?;
    conn.authorizer(Some(|context: AuthContext<'_>| {
        changes::look(&context);
        if !policy::may_write(&context) {
            Authorization::Deny
        } else if matches!(context.action, AuthAction::Delete { .. }) && policy::is_foreign() {
            // Deletes all the same, and never in one step: kept statements are not looked
            // at again, and the engine tells of single rows only.
            Authorization::Ignore
        } else {
            Authorization::Allow
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

/// The first row of an answer to a question somebody wrote, in the middle of a
/// transaction. It reads what [`Db::ask`](super::Db::ask) would let it read.
pub fn answer(
    tx: &Transaction<'_>,
    question: &Mutation<'_>,
) -> Result<Option<Vec<types::Value>>, Error> {
    if let Some(bound) = tx.bound {
        return policy::answer(tx, bound, question);
    }
    names::refuse_joins(question.sql)?;
    let marked = format!("/*app*/ {}", question.sql);
    let _awake = policy::guard(policy::Guard::foreign());
    let mut statement = tx.prepare_cached(&marked).map_err(Error::of_query)?;
    reads(&statement)?;
    first_row(&mut statement, question.values, Error::of_query)
}

/// It gives rows and changes none.
pub(super) fn reads(statement: &Statement<'_>) -> Result<(), Error> {
    if !statement.readonly() || statement.is_explain() != 0 || statement.column_count() == 0 {
        return Err(Error::Denied("it has to read, and nothing else".to_owned()));
    }
    Ok(())
}

pub(super) fn first_row(
    statement: &mut Statement<'_>,
    values: &[(&str, &dyn ToSql)],
    told: fn(rusqlite::Error) -> Error,
) -> Result<Option<Vec<types::Value>>, Error> {
    let width = statement.column_count();
    let mut rows = statement.query(values).map_err(told)?;
    let Some(row) = rows.next().map_err(told)? else {
        return Ok(None);
    };
    let cells = (0..width).map(|at| row.get(at));
    Ok(Some(cells.collect::<Result<Vec<_>, _>>()?))
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
