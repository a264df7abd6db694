//! The SQL of a question, and the parameters it has.

use super::model::{Filter, Guide, Measure, Op};
use super::names::{name, of_table};
use crate::base::written::edit::spelling;
use crate::data::ColumnType;
use crate::data::sql_text::Dialect;
use crate::data::tables::{Table, TableColumn};

/// What stands behind a column whose average is to have no more digits than a number of
/// ours keeps: PostgreSQL gives many more.
pub(super) const DIGITS: &str = "::float8";

/// The statement, one clause a line.
pub(in crate::apps::making) fn sql(guide: &Guide, table: &Table) -> String {
    let dialect = guide.dialect;
    let mut lines = vec![
        format!("select {}", selected(guide)),
        format!("  from {}", of_table(dialect, &guide.table)),
    ];
    for (at, filter) in guide.filters.iter().enumerate() {
        let word = if at == 0 { " where" } else { "   and" };
        if let Some(column) = table.column(&filter.column) {
            lines.push(format!("{word} {}", condition(dialect, filter, column)));
        }
    }
    if !guide.group.is_empty() {
        lines.push(format!(" group by {}", names(dialect, &guide.group)));
    }
    if let Some((column, is_down)) = &guide.sort {
        let way = if *is_down { " desc" } else { "" };
        lines.push(format!(" order by {}{way}", name(dialect, column)));
    }
    if let Some(limit) = guide.limit {
        lines.push(format!(" limit {limit}"));
    }
    lines.join("\n")
}

fn names(dialect: Dialect, columns: &[String]) -> String {
    columns
        .iter()
        .map(|column| name(dialect, column))
        .collect::<Vec<_>>()
        .join(", ")
}

fn selected(guide: &Guide) -> String {
    let dialect = guide.dialect;
    match &guide.measure {
        None if guide.group.is_empty() && guide.columns.is_empty() => "*".to_owned(),
        None if guide.group.is_empty() => names(dialect, &guide.columns),
        None => names(dialect, &guide.group),
        Some((measure, column)) => {
            let of = match measure {
                Measure::Count => "*".to_owned(),
                Measure::Average if dialect == Dialect::Postgres => {
                    format!("{}{DIGITS}", name(dialect, column))
                }
                _ => name(dialect, column),
            };
            let worked_out = format!("{}({of}) as {}", measure.word(), alias(*measure, column));
            match guide.group.as_slice() {
                [] => worked_out,
                group => format!("{}, {worked_out}", names(dialect, group)),
            }
        }
    }
}

/// What the column that is worked out is called.
pub(super) fn alias(measure: Measure, column: &str) -> String {
    match measure {
        Measure::Count => "how_many".to_owned(),
        measure => format!("{}_{column}", measure.word()),
    }
}

/// The columns that come of it.
pub(in crate::apps::making) fn given(guide: &Guide, table: &Table) -> Vec<String> {
    let all = || {
        table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    };
    let mut given: Vec<String> = match (&guide.measure, guide.group.as_slice()) {
        (None, []) if guide.columns.is_empty() => all(),
        (None, []) => guide.columns.clone(),
        (_, group) => group.to_vec(),
    };
    given.extend(
        guide
            .measure
            .iter()
            .map(|(measure, column)| alias(*measure, column)),
    );
    given
}

/// What stands before and behind the value that a column is compared with.
pub(super) fn around(dialect: Dialect, op: Op, column: &str) -> (String, &'static str) {
    let column = name(dialect, column);
    // Large and small letters are alike, as they are here.
    let like = if dialect == Dialect::Postgres {
        "ilike"
    } else {
        "like"
    };
    let is_mysql = dialect == Dialect::MySql;
    match op {
        Op::Is => (format!("{column} = "), ""),
        Op::IsNot => (format!("{column} <> "), ""),
        Op::Contains if is_mysql => (format!("{column} like concat('%', "), ", '%')"),
        Op::Contains => (format!("{column} {like} '%' || "), " || '%'"),
        Op::Begins if is_mysql => (format!("{column} like concat("), ", '%')"),
        Op::Begins => (format!("{column} {like} "), " || '%'"),
        Op::Over => (format!("{column} > "), ""),
        Op::AtLeast => (format!("{column} >= "), ""),
        Op::Under => (format!("{column} < "), ""),
        Op::AtMost => (format!("{column} <= "), ""),
        Op::Empty => (format!("{column} is null"), ""),
        Op::Filled => (format!("{column} is not null"), ""),
    }
}

fn condition(dialect: Dialect, filter: &Filter, column: &TableColumn) -> String {
    let (before, behind) = around(dialect, filter.op, &filter.column);
    if !filter.op.takes_value() {
        return before;
    }
    if let Some(value) = &filter.value {
        let value = literal(value, (column.kind, dialect)).unwrap_or_else(|| quoted(value));
        format!("{before}{value}{behind}")
    } else {
        let param = param(filter);
        format!("(:{param} is null or {before}:{param}{behind})")
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A value as SQL writes it; nothing where it is not of that type.
pub(super) fn literal(value: &str, (kind, dialect): (ColumnType, Dialect)) -> Option<String> {
    let value = value.trim();
    let (yes, no) = match dialect {
        Dialect::Postgres => ("true", "false"),
        Dialect::Sqlite | Dialect::MySql => ("1", "0"),
    };
    let digits = |from: usize, to: usize| {
        value
            .get(from..to)
            .is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_day = digits(0, 4) && digits(5, 7) && digits(8, 10) && value.get(4..5) == Some("-");
    match kind {
        ColumnType::Integer => value.parse::<i64>().ok().map(|number| number.to_string()),
        ColumnType::Number => spelling::number(value),
        ColumnType::Boolean => match value.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Some(yes.to_owned()),
            "no" | "false" | "0" => Some(no.to_owned()),
            _ => None,
        },
        ColumnType::Date => (is_day && value.len() == 10).then(|| quoted(value)),
        ColumnType::DateTime => is_day.then(|| quoted(value)),
        // MySQL reads a backslash as the beginning of something else.
        ColumnType::Text if dialect == Dialect::MySql && value.contains('\\') => None,
        ColumnType::Text => (!value.contains(['\n', '\r', '\0'])).then(|| quoted(value)),
    }
}

/// What whoever looks says for a filter, in the address.
pub(super) fn param(filter: &Filter) -> String {
    match filter.op {
        Op::Is => filter.column.clone(),
        op => format!("{}_{}", filter.column, op.word()),
    }
}

/// The parameters, each with its settings in braces.
pub(in crate::apps::making) fn params(guide: &Guide, table: &Table) -> Vec<(String, String)> {
    let asked = guide
        .filters
        .iter()
        .filter(|filter| filter.value.is_none() && filter.op.takes_value());
    let one = |filter: &Filter| {
        let (name, kind) = (param(filter), table.column(&filter.column)?.kind);
        let kind = said(kind);
        let settings = format!("{{ from = \"url.{name}\", type = \"{kind}\", null = true }}");
        Some((name, settings))
    };
    asked.filter_map(one).collect()
}

/// A type as parameters say it.
pub(in crate::apps::making) fn said(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Integer => "int",
        ColumnType::Number => "decimal",
        ColumnType::Text => "text",
        ColumnType::Date => "date",
        ColumnType::DateTime => "datetime",
        ColumnType::Boolean => "bool",
    }
}
