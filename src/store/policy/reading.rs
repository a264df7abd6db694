//! A reading connection for people whom policies bind: its views are those of
//! whoever asked last, and are made anew for somebody bound otherwise.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthContext, Authorization};

use super::gate::Gate;
use super::{Layer, Rules, check, register, views};
use crate::store::Error;

/// What governs a connection that reads.
pub(in crate::store) struct Governed {
    mode: Arc<Mutex<Mode>>,
    made: RefCell<Option<Made>>,
}

struct Made {
    rules: Arc<Rules>,
    gate: Gate,
    /// Of the schema its views were made for.
    version: i64,
}

/// What the engine's questions are answered by.
enum Mode {
    /// Nothing has been prepared: nothing may be read.
    Closed,
    /// Our own words.
    Ours,
    Under(Gate),
    Checking(check::Look),
}

impl Governed {
    pub(in crate::store) fn on(conn: &mut Connection) -> Result<Governed, Error> {
        register(conn)?;
        let mode = Arc::new(Mutex::new(Mode::Closed));
        let asked = Arc::clone(&mode);
        conn.authorizer(Some(move |context: AuthContext<'_>| {
            let lets = match &mut *lock(&asked) {
                Mode::Closed => false,
                Mode::Ours => true,
                // `at_once` begins a transaction; a stranger cannot.
                Mode::Under(gate) => is_transaction(&context) || gate.lets(&context),
                Mode::Checking(look) => look.lets(&context),
            };
            if lets {
                Authorization::Allow
            } else {
                Authorization::Deny
            }
        }))?;
        Ok(Governed {
            mode,
            made: RefCell::new(None),
        })
    }

    /// Are the views that somebody bound like this needs already there?
    pub(in crate::store) fn is_for(&self, rules: &Arc<Rules>) -> bool {
        let made = self.made.borrow();
        made.as_ref()
            .is_some_and(|made| Arc::ptr_eq(&made.rules, rules) || made.rules == *rules)
    }

    /// Sees to it that the views are those of `rules`.
    pub(in crate::store) fn bind(
        &self,
        conn: &Connection,
        rules: &Arc<Rules>,
    ) -> Result<(), Error> {
        *lock(&self.mode) = Mode::Ours;
        let ready = self.renewed(conn, rules);
        *lock(&self.mode) = match (&ready, &*self.made.borrow()) {
            (Ok(()), Some(made)) => Mode::Under(made.gate.clone()),
            _ => Mode::Closed,
        };
        ready
    }

    fn renewed(&self, conn: &Connection, rules: &Arc<Rules>) -> Result<(), Error> {
        let version = views::schema_version(conn)?;
        if self.is_for(rules)
            && self.made.borrow().as_ref().map(|made| made.version) == Some(version)
        {
            return Ok(());
        }
        self.made.take();
        // A statement kept from before knows nothing of the new views.
        conn.flush_prepared_statement_cache();
        conn.pragma_update(None, "query_only", false)?;
        let gate = made(conn, rules);
        conn.pragma_update(None, "query_only", true)?;
        self.made.replace(Some(Made {
            rules: Arc::clone(rules),
            gate: gate?,
            version,
        }));
        Ok(())
    }

    /// Refuses a text that says what it cannot know.
    pub(in crate::store) fn screen(&self, sql: &str) -> Result<(), Error> {
        let made = self.made.borrow();
        made.as_ref().map_or(Ok(()), |made| made.gate.screen(sql))
    }

    /// An error without the names of our views.
    pub(in crate::store) fn told(&self, error: Error) -> Error {
        let made = self.made.borrow();
        let Some(made) = made.as_ref() else {
            return error;
        };
        match error {
            Error::BadSql { message, offset } => Error::BadSql {
                message: made.gate.veiled(&message),
                offset,
            },
            other => other,
        }
    }

    pub(in crate::store) fn veiled(&self, text: &str) -> String {
        let made = self.made.borrow();
        made.as_ref()
            .map_or_else(|| text.to_owned(), |made| made.gate.veiled(text))
    }

    /// Is `layer` something that could stand before the table?
    pub(in crate::store) fn check(
        &self,
        conn: &Connection,
        table: &str,
        layer: &Layer,
    ) -> Result<(), Error> {
        *lock(&self.mode) = Mode::Ours;
        let shape = views::shape(conn, table);
        let found = shape.and_then(|shape| {
            let shape =
                shape.ok_or_else(|| check::refused(format!("there is no table `{table}`")))?;
            check::layer(conn, (table, &shape), layer, &mut |look| {
                *lock(&self.mode) = Mode::Checking(look);
            })
        });
        *lock(&self.mode) = Mode::Closed;
        self.made.take();
        found
    }
}

fn made(conn: &Connection, rules: &Arc<Rules>) -> Result<Gate, Error> {
    views::clear(conn)?;
    let gate = Gate::new(rules)?;
    for (at, (table, _)) in rules.tables.iter().enumerate() {
        // A policy of a table that is not there governs a name all the same.
        if let Some(shape) = views::shape(conn, table)? {
            views::make(conn, (&gate, rules), at, &shape)?;
        }
    }
    Ok(gate)
}

fn is_transaction(context: &AuthContext<'_>) -> bool {
    matches!(
        context.action,
        rusqlite::hooks::AuthAction::Transaction { .. }
    )
}

fn lock(mode: &Mutex<Mode>) -> MutexGuard<'_, Mode> {
    mode.lock().unwrap_or_else(PoisonError::into_inner)
}
