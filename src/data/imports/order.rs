//! A draft that holds together: what an import does, once nothing is wrong with it.

use super::draft::{Draft, Mode, Target};
use crate::base::text;
use crate::data::readers::Plan;
use crate::data::tables::{Error, NewTable, Table, TableColumn, TableName};
use crate::web::Faults;

/// A table with more columns could not be asked: the engine's limit for SQL
/// that people write is 256.
const MOST_COLUMNS: usize = 250;

/// What an import does.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) part: String,
    pub(super) plan: Plan,
    /// Where the rows are collected: in the end this is the new table, or its
    /// rows are carried over.
    pub(super) staged: NewTable,
    /// The columns the file fills, in its order.
    pub(super) columns: Vec<String>,
    /// Which of them names the rows and so must be there in each.
    pub(super) key: Option<usize>,
    /// The table that takes the rows, if it is there already.
    pub(super) into: Option<Into>,
}

#[derive(Clone, Debug)]
pub(super) struct Into {
    pub(super) table: Table,
    pub(super) mode: Mode,
    /// The column by which rows are known again.
    pub(super) on: Option<String>,
}

impl Order {
    /// What the draft says, or what is wrong with it by field: `name`, `key`,
    /// `on`, `columns`, and `name_3` or `to_3` for the fourth column.
    pub(super) fn parse(draft: &Draft, tables: &[Table]) -> Result<Order, Faults> {
        let taken: Vec<usize> = (0..draft.plan.columns.len())
            .filter(|at| !draft.plan.columns[*at].skip)
            .collect();
        if taken.is_empty() {
            let fault = "take at least one column: no column is ticked";
            return Err(Faults::of("columns", fault));
        }
        if taken.len() > MOST_COLUMNS {
            let fault = format!(
                "a table holds at most {MOST_COLUMNS} columns and {} are ticked: leave some out",
                taken.len()
            );
            return Err(Faults::of("columns", fault));
        }
        let mut order = match &draft.target {
            Target::New { name, title, key } => {
                let staged = new_table(draft, &taken, tables, (name, title, key.as_deref()))?;
                let key = key.as_ref().and_then(|key| {
                    let named = |at: &usize| draft.plan.columns[*at].name == *key;
                    taken.iter().position(named)
                });
                Order::of(draft, staged, key)
            }
            Target::Into { table, mode, on } => {
                let into = known(table, *mode, on.as_deref(), tables)?;
                into_table(draft, &taken, into)?
            }
        };
        order.columns = taken
            .iter()
            .map(|at| draft.plan.columns[*at].name.clone())
            .collect();
        Ok(order)
    }

    fn of(draft: &Draft, staged: NewTable, key: Option<usize>) -> Order {
        Order {
            part: draft.part.clone(),
            plan: draft.plan.clone(),
            staged,
            columns: Vec::new(),
            key,
            into: None,
        }
    }

    /// The table that will hold the rows.
    pub(super) fn table(&self) -> &str {
        match &self.into {
            Some(into) => &into.table.name,
            None => self.staged.name.as_str(),
        }
    }

    pub(super) fn mode(&self) -> Mode {
        self.into.as_ref().map_or(Mode::New, |into| into.mode)
    }
}

fn new_table(
    draft: &Draft,
    taken: &[usize],
    tables: &[Table],
    (name, title, key): (&str, &str, Option<&str>),
) -> Result<NewTable, Faults> {
    let name = TableName::parse(name).map_err(|error| Faults::of("name", error.to_string()))?;
    if tables.iter().any(|table| table.name == name.as_str()) {
        let fault = Error::Exists(name.as_str().to_owned());
        return Err(Faults::of("name", fault.to_string()));
    }
    let title = match title.trim() {
        "" => text::title(name.as_str()),
        title => text::shorten(title, 80).into_owned(),
    };
    let columns = taken.iter().map(|at| {
        let (column, titled) = (&draft.plan.columns[*at], draft.titles.get(*at));
        let titled = titled.map_or("", |title| title.trim());
        TableColumn {
            name: column.name.clone(),
            title: match titled {
                "" => text::title(&column.name),
                titled => titled.to_owned(),
            },
            kind: column.kind,
        }
    });
    NewTable::new(name, &title, key, columns.collect()).map_err(|error| {
        let at = match &error {
            Error::BadName(name) | Error::ColumnTwice(name) => taken
                .iter()
                .rev()
                .find(|at| text::shorten(&draft.plan.columns[**at].name, 60) == name.as_str()),
            _ => None,
        };
        let field = at.map_or_else(|| "key".to_owned(), |at| format!("name_{at}"));
        Faults::of(&field, error.to_string())
    })
}

fn known(table: &str, mode: Mode, on: Option<&str>, tables: &[Table]) -> Result<Into, Faults> {
    let Some(table) = tables.iter().find(|known| known.name == table) else {
        let fault = format!("there is no table `{table}` any more: choose another");
        return Err(Faults::of("into", fault));
    };
    Ok(Into {
        table: table.clone(),
        mode,
        on: on.map(str::to_owned).filter(|_| mode == Mode::Upsert),
    })
}

fn into_table(draft: &Draft, taken: &[usize], into: Into) -> Result<Order, Faults> {
    let mut plan = draft.plan.clone();
    let mut columns: Vec<TableColumn> = Vec::new();
    for at in taken {
        let planned = &mut plan.columns[*at];
        let field = format!("to_{at}");
        let Some(to) = into.table.column(&planned.name) else {
            let error = Error::NoColumn(planned.name.clone());
            return Err(Faults::of(&field, error.to_string()));
        };
        if columns.iter().any(|before| before.name == to.name) {
            let fault = format!("two columns of the file go to `{}`: leave one out", to.name);
            return Err(Faults::of(&field, fault));
        }
        // The table says what it holds; the file has to fit.
        planned.kind = to.kind;
        columns.push(to.clone());
    }
    let is_filled = |name: &String| columns.iter().any(|column| column.name == *name);
    if into.mode == Mode::Upsert && !into.on.as_ref().is_some_and(is_filled) {
        let fault = "choose the column by which rows are known again; the file must fill it";
        return Err(Faults::of("on", fault));
    }
    let name = TableName::parse("staged").expect("a plain name");
    let staged = NewTable::new(name, "", None, columns)
        .map_err(|error| Faults::of("columns", error.to_string()))?;
    let order = Order::of(draft, staged, None);
    Ok(Order {
        plan,
        into: Some(into),
        ..order
    })
}
