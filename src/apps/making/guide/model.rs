//! What can be asked of one table without SQL.

use crate::data::ColumnType;
use crate::data::sql_text::Dialect;
use crate::data::tables::Table;

/// A question about the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::apps::making) struct Guide {
    /// Whose SQL it becomes.
    pub(in crate::apps::making) dialect: Dialect,
    pub(in crate::apps::making) table: String,
    /// All of them when there are none.
    pub(in crate::apps::making) columns: Vec<String>,
    pub(in crate::apps::making) filters: Vec<Filter>,
    /// Rows with the same values here become one.
    pub(in crate::apps::making) group: Vec<String>,
    pub(in crate::apps::making) measure: Option<(Measure, String)>,
    /// The column, and whether the largest comes first.
    pub(in crate::apps::making) sort: Option<(String, bool)>,
    pub(in crate::apps::making) limit: Option<u32>,
}

/// Which rows: a column, how it is compared, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps::making) struct Filter {
    pub(in crate::apps::making) column: String,
    pub(in crate::apps::making) op: Op,
    /// Nothing: whoever looks chooses, and may choose nothing.
    pub(in crate::apps::making) value: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps::making) enum Measure {
    Count,
    Sum,
    Average,
    Least,
    Most,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps::making) enum Op {
    Is,
    IsNot,
    Contains,
    Begins,
    Over,
    AtLeast,
    Under,
    AtMost,
    Empty,
    Filled,
}

impl Measure {
    pub(in crate::apps::making) const ALL: [(Measure, &'static str, &'static str); 5] = [
        (Measure::Count, "count", "How many rows"),
        (Measure::Sum, "sum", "The sum of"),
        (Measure::Average, "avg", "The average of"),
        (Measure::Least, "min", "The smallest"),
        (Measure::Most, "max", "The largest"),
    ];

    /// The word of SQL.
    pub(in crate::apps::making) fn word(self) -> &'static str {
        let found = Measure::ALL.iter().find(|(one, _, _)| *one == self);
        found.map_or("count", |(_, word, _)| word)
    }

    pub(in crate::apps::making) fn named(word: &str) -> Option<Measure> {
        let found = Measure::ALL.iter().find(|(_, known, _)| *known == word);
        found.map(|(one, _, _)| *one)
    }
}

impl Op {
    /// Each with its word in a form, and what people read.
    pub(in crate::apps::making) const ALL: [(Op, &'static str, &'static str); 10] = [
        (Op::Is, "is", "is"),
        (Op::IsNot, "not", "is not"),
        (Op::Contains, "has", "contains"),
        (Op::Begins, "begins", "begins with"),
        (Op::Over, "over", "is more than"),
        (Op::AtLeast, "from", "is at least"),
        (Op::Under, "under", "is less than"),
        (Op::AtMost, "to", "is at most"),
        (Op::Empty, "empty", "is empty"),
        (Op::Filled, "filled", "is filled in"),
    ];

    pub(in crate::apps::making) fn word(self) -> &'static str {
        let found = Op::ALL.iter().find(|(one, _, _)| *one == self);
        found.map_or("is", |(_, word, _)| word)
    }

    pub(in crate::apps::making) fn named(word: &str) -> Option<Op> {
        let found = Op::ALL.iter().find(|(_, known, _)| *known == word);
        found.map(|(one, _, _)| *one)
    }

    /// Is there something to compare with?
    pub(in crate::apps::making) fn takes_value(self) -> bool {
        !matches!(self, Op::Empty | Op::Filled)
    }

    pub(in crate::apps::making) fn fits(self, kind: ColumnType) -> bool {
        match self {
            Op::Is | Op::IsNot | Op::Empty | Op::Filled => true,
            Op::Contains | Op::Begins => kind == ColumnType::Text,
            Op::Over | Op::AtLeast | Op::Under | Op::AtMost => {
                kind.is_numeric() || kind.is_temporal()
            }
        }
    }
}

impl Guide {
    /// What is wrong with it, by field of the form.
    pub(in crate::apps::making) fn faults(&self, table: &Table) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        for (at, filter) in self.filters.iter().enumerate() {
            if let Err(why) = filter.allowed((table, self.dialect)) {
                faults.push((format!("f.{at}"), why));
            }
            if self.filters[..at].contains(filter) {
                faults.push((format!("f.{at}"), "this is there already".to_owned()));
            }
        }
        if let Some((measure, column)) = &self.measure {
            let kind = table.column(column).map(|column| column.kind);
            let adds = matches!(measure, Measure::Sum | Measure::Average);
            if *measure != Measure::Count && kind.is_none() {
                let why = "choose the column to work out".to_owned();
                faults.push(("measured".to_owned(), why));
            } else if adds && !kind.is_some_and(ColumnType::is_numeric) {
                let why = format!("{column} has no numbers; choose a column that has");
                faults.push(("measured".to_owned(), why));
            }
        }
        let given = super::writing::given(self, table);
        if let Some((column, _)) = &self.sort
            && !given.contains(column)
            && (self.measure.is_some() || !self.group.is_empty())
        {
            let why = format!(
                "{column} is not among what comes of it; sort by what is grouped or worked out"
            );
            faults.push(("sort".to_owned(), why));
        }
        faults
    }
}

impl Filter {
    fn allowed(&self, (table, dialect): (&Table, Dialect)) -> Result<(), String> {
        let Some(column) = table.column(&self.column) else {
            return Err(format!("there is no column {} in this table", self.column));
        };
        if !self.op.fits(column.kind) {
            return Err(format!(
                "{} holds {}; compare it in another way",
                column.title,
                column.kind.name()
            ));
        }
        let Some(value) = self.value.as_deref().filter(|_| self.op.takes_value()) else {
            return Ok(());
        };
        super::writing::literal(value, (column.kind, dialect))
            .map(|_| ())
            .ok_or_else(|| {
                format!(
                    "`{value}` is no {}; write it like {}",
                    column.kind.name(),
                    example(column.kind)
                )
            })
    }
}

fn example(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Integer => "42",
        ColumnType::Number => "4.2",
        ColumnType::Text => "new, on one line",
        ColumnType::Date => "2026-11-21",
        ColumnType::DateTime => "2026-11-21T19:18:00",
        ColumnType::Boolean => "yes or no",
    }
}
