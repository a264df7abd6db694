//! What a table holds, found out by asking it, within limits.

use std::time::Duration;

use super::sql;
use crate::data::tables::{Table, TableColumn};
use crate::data::{Caps, Catalog, Cell, ColumnType, Question, Rows, fetch};
use crate::store::{Budget, Db, Error, Guarded, Lane};

/// Columns looked at; a table with more of them keeps the rest to itself.
const COLUMNS: usize = 60;
/// The most values a column of choices has.
pub(super) const CHOICES: usize = 20;
/// Rows that say something about what a column is for.
const SEVERAL: i64 = 4;
/// Longest value one would offer as a choice, in characters.
const LONGEST: usize = 60;
/// All of the looking takes this long at the most.
const TIME: Duration = Duration::from_secs(20);

/// A table and what stands in it.
#[derive(Clone, Debug)]
pub(in crate::apps::making) struct Shape {
    pub(in crate::apps::making) table: Table,
    pub(in crate::apps::making) rows: i64,
    /// Without the key.
    pub(in crate::apps::making) columns: Vec<Facts>,
    /// What people call a row by, if there is text in the table.
    pub(in crate::apps::making) called: Option<Called>,
}

/// The column with what a row is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps::making) struct Called {
    pub(in crate::apps::making) column: String,
    /// Every row has something there, and no two have the same.
    pub(in crate::apps::making) is_unique: bool,
}

/// What stands in one column.
#[derive(Clone, Debug)]
pub(in crate::apps::making) struct Facts {
    pub(in crate::apps::making) column: TableColumn,
    /// Rows with something in it.
    pub(in crate::apps::making) filled: i64,
    /// The first and the last value, in the order of the database.
    pub(in crate::apps::making) least: String,
    pub(in crate::apps::making) most: String,
    /// Characters of the longest text.
    pub(in crate::apps::making) longest: i64,
    /// Every value there is, when they are few enough to choose from.
    pub(in crate::apps::making) values: Vec<String>,
}

impl Facts {
    pub(super) fn name(&self) -> &str {
        &self.column.name
    }

    pub(super) fn kind(&self) -> ColumnType {
        self.column.kind
    }

    pub(super) fn is_choice(&self) -> bool {
        self.values.len() >= 2
    }
}

/// Looks at the table.
pub(in crate::apps::making) async fn survey(
    db: &Db,
    catalog: std::sync::Arc<Catalog>,
    table: Table,
) -> Result<Shape, Error> {
    db.ask(Lane::Desk, Budget::of(TIME), move |guarded| {
        look(guarded, &catalog, table)
    })
    .await
}

fn look(guarded: &Guarded, catalog: &Catalog, table: Table) -> Result<Shape, Error> {
    let columns: Vec<TableColumn> = table
        .columns
        .iter()
        .filter(|column| column.name != table.key)
        .take(COLUMNS)
        .cloned()
        .collect();
    let ask = |sql: String| {
        let question = Question {
            sql,
            values: Vec::new(),
        };
        fetch(guarded, catalog, &question, Caps::PAGE)
    };
    let figures = ask(sql::figures(&table.name, &columns))?;
    let mut facts = Vec::with_capacity(columns.len());
    for (at, column) in columns.into_iter().enumerate() {
        let first = 1 + at * 4;
        let values = if may_be_choice(column.kind) {
            choices(&ask(sql::distinct(&table.name, &column.name, CHOICES + 2))?)
        } else {
            Vec::new()
        };
        facts.push(Facts {
            filled: whole(figures.get(0, first)),
            least: words(figures.get(0, first + 1)),
            most: words(figures.get(0, first + 2)),
            longest: whole(figures.get(0, first + 3)),
            values,
            column,
        });
    }
    let rows = whole(figures.get(0, 0));
    let name = only_real_choices(&mut facts);
    let called = match &name {
        None => None,
        Some(column) => {
            let different = ask(sql::different(&table.name, column))?;
            Some(Called {
                column: column.clone(),
                is_unique: whole(different.get(0, 0)) == rows,
            })
        }
    };
    Ok(Shape {
        rows,
        table,
        columns: facts,
        called,
    })
}

/// Where no two of several rows have the same value, it tells them apart and is no choice.
/// Gives the column that says which row it is, of which that holds for fewer rows as well.
fn only_real_choices(facts: &mut [Facts]) -> Option<String> {
    let tells_apart = |facts: &Facts| i64::try_from(facts.values.len()) == Ok(facts.filled);
    for facts in facts.iter_mut() {
        if facts.filled >= SEVERAL && tells_apart(facts) {
            facts.values.clear();
        }
    }
    let name = calling(facts)?.to_owned();
    let called = facts.iter_mut().find(|facts| facts.name() == name);
    if let Some(called) = called.filter(|called| tells_apart(called)) {
        called.values.clear();
    }
    Some(name)
}

/// Words in the name of a column that holds what a row is called.
const CALLING: [&str; 9] = [
    "name", "title", "label", "subject", "summary", "company", "number", "code", "email",
];

/// The column that says best which row it is: one of a telling name, or else the first
/// text that is not chosen from a list.
fn calling(columns: &[Facts]) -> Option<&str> {
    let texts = || { columns.iter() }.filter(|facts| facts.kind() == ColumnType::Text);
    let telling = CALLING.iter().find_map(|word| {
        texts().find(|facts| facts.name() == *word || facts.name().ends_with(&format!("_{word}")))
    });
    let free = || texts().find(|facts| !facts.is_choice());
    let found = telling.or_else(free).or_else(|| texts().next());
    found.map(Facts::name)
}

fn may_be_choice(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Text | ColumnType::Integer)
}

/// The values, if one can choose among them: few, short, and the same after
/// they went through a form.
fn choices(rows: &Rows) -> Vec<String> {
    let given = (0..rows.len()).map(|row| rows.get(row, 0));
    let values: Vec<String> = given
        .filter(|cell| *cell != Cell::Null)
        .map(words)
        .collect();
    let is_fine = |value: &String| {
        !value.is_empty() && value.trim() == value && value.chars().count() <= LONGEST
    };
    if rows.len() <= CHOICES + 1 && values.len() <= CHOICES && values.iter().all(is_fine) {
        values
    } else {
        Vec::new()
    }
}

fn whole(cell: Cell<'_>) -> i64 {
    match cell {
        Cell::Integer(number) => number,
        _ => 0,
    }
}

fn words(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Null | Cell::Blob(_) => String::new(),
    }
}
