//! Asking the engine: values bound, types told, rows counted and weighed.

use std::ops::ControlFlow;

use super::{Catalog, Cell, Column, Rows};
use crate::base::{Bound, Limits};
use crate::store::{CachedStatement, Error, Guarded, Mutation, SqlResult, ToSql, types};

/// A value on its way into a statement. It is bound, never written into SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Value {
    /// A value that came out, to go in again. Bytes have no value of ours.
    pub fn of(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Null | Cell::Blob(_) => Value::Null,
            Cell::Integer(number) => Value::Integer(number),
            Cell::Real(number) => Value::Real(number),
            Cell::Text(text) => Value::Text(text.to_owned()),
        }
    }
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Cell<'a> {
        match value {
            Value::Null => Cell::Null,
            Value::Integer(number) => Cell::Integer(*number),
            Value::Real(number) => Cell::Real(*number),
            Value::Text(text) => Cell::Text(text),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> SqlResult<types::ToSqlOutput<'_>> {
        Ok(types::ToSqlOutput::Borrowed(match self {
            Value::Null => types::ValueRef::Null,
            Value::Integer(number) => types::ValueRef::Integer(*number),
            Value::Real(number) => types::ValueRef::Real(*number),
            Value::Text(text) => types::ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// One statement that reads, with its values: `name` without the colon.
#[derive(Clone, Debug)]
pub struct Question {
    pub sql: String,
    pub values: Vec<(String, Value)>,
}

impl Question {
    /// Hands it over as a statement of a transaction: its names with their colons.
    pub fn as_mutation<T>(&self, work: impl FnOnce(&Mutation<'_>) -> T) -> T {
        let names: Vec<String> = { self.values.iter() }
            .map(|(name, _)| format!(":{name}"))
            .collect();
        let values = names.iter().zip(&self.values);
        let values: Vec<(&str, &dyn ToSql)> = values
            .map(|(name, (_, value))| (name.as_str(), value as &dyn ToSql))
            .collect();
        work(&Mutation {
            sql: &self.sql,
            values: &values,
        })
    }
}

/// How much an answer may hold.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    pub rows: usize,
    /// Bytes in memory.
    pub bytes: usize,
}

impl Caps {
    /// What a page shows at the most.
    pub const PAGE: Caps = Caps {
        rows: 10_000,
        bytes: 16 << 20,
    };

    /// A page asks for as much as its workspace may have; less stays less.
    fn within(self, limits: &Limits) -> Caps {
        let most = |bound| usize::try_from(limits.get(bound)).unwrap_or(usize::MAX);
        let (rows, bytes) = (most(Bound::Rows), most(Bound::Answer) << 20);
        let is_all = self.rows == Caps::PAGE.rows;
        Caps {
            rows: if is_all { rows } else { self.rows.min(rows) },
            bytes,
        }
    }
}

/// Rows there is room for from the start: most answers are a page of them.
const PAGE: usize = 50;

/// The answer, whole. Rows past the cap are left out and `more` says so; an
/// answer heavier than the cap is an error.
///
/// The workspace's own limits hold as well. Where the engine ran out of memory
/// because of somebody else, it is asked once more.
pub fn fetch(
    guarded: &Guarded,
    catalog: &Catalog,
    question: &Question,
    caps: Caps,
) -> Result<Rows, Error> {
    match once(guarded, catalog, question, caps) {
        Err(Error::NoMemory) if guarded.may_try_again() => once(guarded, catalog, question, caps),
        answer => answer,
    }
}

fn once(
    guarded: &Guarded,
    catalog: &Catalog,
    question: &Question,
    caps: Caps,
) -> Result<Rows, Error> {
    let (limits, caps) = (guarded.limits(), caps.within(&guarded.limits()));
    let (mut statement, columns) = prepared(guarded, catalog, question)?;
    let count = columns.len();
    let mut rows = Rows::new(columns);
    rows.reserve(caps.rows.min(PAGE));
    let mut found = statement.raw_query();
    let mut taken = 0;
    while let Some(row) = found.next().map_err(|error| guarded.explain(error))? {
        if taken >= caps.rows {
            rows.more = true;
            break;
        }
        for at in 0..count {
            rows.push(cell(row.get_ref(at)?));
        }
        taken += 1;
        guarded.count_row();
        if rows.size() > caps.bytes {
            return Err(Error::limit(&limits, Bound::Answer));
        }
    }
    Ok(rows)
}

/// The statement with its values, about to run, and the columns it will give.
fn prepared<'a>(
    guarded: &'a Guarded,
    catalog: &Catalog,
    question: &Question,
) -> Result<(CachedStatement<'a>, Vec<Column>), Error> {
    let mut statement = guarded.prepare(&question.sql)?;
    let columns = catalog.columns_of(&statement);
    let mut place = String::with_capacity(32);
    for (name, value) in &question.values {
        place.clear();
        place.push(':');
        place.push_str(name);
        let at = statement
            .parameter_index(&place)
            .map_err(|error| guarded.explain(error))?;
        // A value the statement has no place for was decided on before it ran.
        if let Some(at) = at {
            statement
                .raw_bind_parameter(at, value)
                .map_err(|error| guarded.explain(error))?;
        }
    }
    Ok((statement, columns))
}

/// Takes the columns and the cells of one row, and says whether to go on.
pub(super) type Seer<'a> = dyn FnMut(&[Column], &[Cell<'_>]) -> Result<ControlFlow<()>, Error> + 'a;

/// Hands over the answer row by row, nothing kept. Gives the columns.
pub fn each(
    guarded: &Guarded,
    catalog: &Catalog,
    question: &Question,
    see: &mut Seer<'_>,
) -> Result<Vec<Column>, Error> {
    let (mut statement, columns) = prepared(guarded, catalog, question)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| guarded.explain(error))? {
        let mut cells = Cells::default();
        for at in 0..columns.len() {
            cells.push(cell(row.get_ref(at)?));
        }
        guarded.count_row();
        if see(&columns, cells.all())?.is_break() {
            break;
        }
    }
    Ok(columns)
}

/// A value of the engine as a cell. Text that is not UTF-8 counts as bytes.
pub fn cell(value: types::ValueRef<'_>) -> Cell<'_> {
    match value {
        types::ValueRef::Null => Cell::Null,
        types::ValueRef::Integer(number) => Cell::Integer(number),
        types::ValueRef::Real(number) => Cell::Real(number),
        types::ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Cell::Text(text),
            Err(_) => Cell::Blob(text),
        },
        types::ValueRef::Blob(bytes) => Cell::Blob(bytes),
    }
}

/// The cells of one row, on the stack for as many columns as most tables have.
struct Cells<'a> {
    few: [Cell<'a>; 32],
    many: Vec<Cell<'a>>,
    count: usize,
}

impl Default for Cells<'_> {
    fn default() -> Self {
        Cells {
            few: [Cell::Null; 32],
            many: Vec::new(),
            count: 0,
        }
    }
}

impl<'a> Cells<'a> {
    fn push(&mut self, cell: Cell<'a>) {
        if self.count < self.few.len() {
            self.few[self.count] = cell;
        } else {
            if self.many.is_empty() {
                self.many.extend_from_slice(&self.few);
            }
            self.many.push(cell);
        }
        self.count += 1;
    }

    fn all(&self) -> &[Cell<'a>] {
        if self.many.is_empty() {
            &self.few[..self.count]
        } else {
            &self.many
        }
    }
}
