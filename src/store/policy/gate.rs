//! Who may read what of the governed tables: the engine asks this of every
//! column a statement names.

use aws_lc_rs::rand;
use rusqlite::hooks::{AuthAction, AuthContext};

use super::Rules;
use crate::store::{Error, allowed, names};

/// The names of one connection's views, which nobody can guess or learn: a
/// common table expression of such a name would pass for the view itself.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    /// `_rls_` and 128 random bits.
    prefix: String,
    /// Each governed table with the number of its layers.
    pub(super) tables: Vec<(String, usize)>,
}

/// Where an access comes from.
enum Room {
    View { table: usize, layer: usize },
    Trigger { table: usize },
}

impl Gate {
    pub(super) fn new(rules: &Rules) -> Result<Gate, Error> {
        let mut bytes = [0; 16];
        rand::fill(&mut bytes).map_err(|_unspecified| Error::NoRandomness)?;
        let tables = rules.tables.iter();
        Ok(Gate {
            prefix: format!("_rls_{:032x}_", u128::from_ne_bytes(bytes)),
            tables: tables
                .map(|(table, layers)| (table.clone(), layers.len()))
                .collect(),
        })
    }

    pub(super) fn view(&self, table: usize, layer: usize) -> String {
        format!("{}{table}_{layer}", self.prefix)
    }

    /// The view through which a governed table is seen.
    pub(super) fn last_view(&self, table: usize) -> String {
        self.view(table, self.tables[table].1.saturating_sub(1))
    }

    pub(super) fn trigger(&self, table: usize, of: char) -> String {
        format!("{}{table}_on{of}", self.prefix)
    }

    /// Where changes to a governed table wait until they are looked at.
    pub(super) fn waiting(&self, table: usize) -> String {
        format!("{}{table}_waiting", self.prefix)
    }

    /// Refuses a text that says what the engine would not ask us about: the
    /// names nobody may know, and a governed table past its view.
    pub(super) fn screen(&self, sql: &str) -> Result<(), Error> {
        let random = &self.prefix["_rls_".len()..];
        if sql.to_ascii_lowercase().contains(random) {
            return Err(Error::Denied("it names what nobody may name".to_owned()));
        }
        if names::qualifies(sql, &|table| self.governs(table).is_some()) {
            return Err(Error::Denied(
                "a policy governs this table; write its name without main.".to_owned(),
            ));
        }
        names::refuse_joins(sql)
    }

    /// The text without those names.
    pub(super) fn veiled(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (at, (table, layers)) in self.tables.iter().enumerate() {
            for layer in 0..*layers {
                out = out.replace(&self.view(at, layer), table);
            }
        }
        out.replace(&self.prefix, "policy_")
    }

    pub(super) fn governs(&self, table: &str) -> Option<usize> {
        { self.tables.iter() }.position(|(known, _)| known.eq_ignore_ascii_case(table))
    }

    fn room(&self, accessor: &str) -> Option<Room> {
        let (table, rest) = accessor.strip_prefix(&self.prefix)?.split_once('_')?;
        let table = table.parse().ok()?;
        Some(match rest.parse() {
            Ok(layer) => Room::View { table, layer },
            Err(_) => Room::Trigger { table },
        })
    }

    /// May the columns of `table` be read from there?
    fn may_read(&self, table: &str, database: Option<&str>, accessor: Option<&str>) -> bool {
        match (accessor.and_then(|name| self.room(name)), database) {
            // The first view reads its table, and each other the view below it.
            (
                Some(Room::View {
                    table: at,
                    layer: 0,
                }),
                Some("main"),
            )
            | (Some(Room::Trigger { table: at }), Some("temp")) => self.governs(table) == Some(at),
            (Some(Room::View { table: at, layer }), Some("temp")) if layer > 0 => {
                table == self.view(at, layer - 1)
            }
            (None, Some("main")) => self.governs(table).is_none() && allowed::table(table),
            (None, Some("temp")) => {
                let reader = accessor.and_then(|name| self.governs(name));
                let is_behind = reader.is_some_and(|at| table == self.last_view(at));
                is_behind || self.governs(table).is_some()
            }
            (Some(_), _) | (None, Some(_)) => false,
            (None, None) => allowed::not_a_system_name(table),
        }
    }

    pub(super) fn lets(&self, context: &AuthContext<'_>) -> bool {
        match context.action {
            AuthAction::Select | AuthAction::Recursive => true,
            AuthAction::Function { function_name } => {
                let is_ours = context
                    .accessor
                    .is_some_and(|name| self.room(name).is_some());
                allowed::function(function_name) || (is_ours && is_context(function_name))
            }
            AuthAction::Read { table_name, .. } => {
                self.may_read(table_name, context.database_name, context.accessor)
            }
            _ => false,
        }
    }

    /// What [`Gate::lets`] lets through, and changes: of tables nobody governs,
    /// and of governed ones through their views.
    pub(super) fn lets_write(&self, context: &AuthContext<'_>) -> bool {
        match context.action {
            AuthAction::Insert { table_name }
            | AuthAction::Delete { table_name }
            | AuthAction::Update { table_name, .. } => {
                let governed = self.governs(table_name);
                match (context.database_name, governed) {
                    (Some("main"), None) => allowed::table(table_name),
                    (Some("temp"), Some(_)) => true,
                    (Some("temp"), None) => self.is_put_aside(table_name, context.accessor),
                    _ => false,
                }
            }
            _ => self.lets(context),
        }
    }

    fn is_put_aside(&self, table: &str, accessor: Option<&str>) -> bool {
        match accessor.and_then(|name| self.room(name)) {
            Some(Room::Trigger { table: at }) => table == self.waiting(at),
            _ => false,
        }
    }
}

pub(super) fn is_context(function: &str) -> bool {
    ["ctx", "ctx_has"].contains(&function)
}
