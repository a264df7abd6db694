//! The SQL that looks at a table, and the SQL of the app made from it. Names of
//! tables and columns stand in it, values never do.

use super::parts::Parts;
use super::shape::Facts;
use crate::data::ColumnType;
use crate::data::tables::TableColumn;

/// Words of SQL that are no name without quotes.
const WORDS: &[&str] = &[
    "abort",
    "add",
    "all",
    "alter",
    "always",
    "analyze",
    "and",
    "any",
    "as",
    "asc",
    "attach",
    "begin",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "commit",
    "constraint",
    "create",
    "cross",
    "current",
    "current_date",
    "current_time",
    "current_timestamp",
    "database",
    "default",
    "deferrable",
    "delete",
    "desc",
    "detach",
    "distinct",
    "do",
    "drop",
    "each",
    "else",
    "end",
    "escape",
    "except",
    "exclude",
    "exists",
    "explain",
    "fail",
    "filter",
    "first",
    "following",
    "for",
    "foreign",
    "from",
    "full",
    "generated",
    "glob",
    "group",
    "groups",
    "having",
    "if",
    "ignore",
    "in",
    "index",
    "indexed",
    "inner",
    "insert",
    "instead",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "last",
    "left",
    "like",
    "limit",
    "match",
    "materialized",
    "natural",
    "no",
    "not",
    "nothing",
    "notnull",
    "null",
    "nulls",
    "of",
    "offset",
    "on",
    "or",
    "order",
    "others",
    "outer",
    "over",
    "partition",
    "plan",
    "pragma",
    "preceding",
    "primary",
    "query",
    "raise",
    "range",
    "recursive",
    "references",
    "regexp",
    "reindex",
    "release",
    "rename",
    "replace",
    "restrict",
    "returning",
    "right",
    "rollback",
    "row",
    "rows",
    "savepoint",
    "select",
    "set",
    "table",
    "temp",
    "temporary",
    "then",
    "ties",
    "to",
    "transaction",
    "trigger",
    "unbounded",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "vacuum",
    "values",
    "view",
    "virtual",
    "when",
    "where",
    "window",
    "with",
    "without",
];

/// The name as a person would write it: in quotes only where it needs them.
pub(in crate::apps::making) fn name(name: &str) -> String {
    if WORDS.contains(&name) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

/// How many rows, and of each column: how many filled, least, most, longest.
pub(super) fn figures(table: &str, columns: &[TableColumn]) -> String {
    let each = columns.iter().map(|column| {
        let column = name(&column.name);
        format!(", count({column}), min({column}), max({column}), max(length({column}))")
    });
    format!(
        "select count(*){} from {}",
        each.collect::<String>(),
        name(table)
    )
}

/// The first `most` different values of a column, in their order.
pub(super) fn distinct(table: &str, column: &str, most: usize) -> String {
    format!(
        "select value from (select distinct {} as value from {} limit {most}) order by value",
        name(column),
        name(table)
    )
}

/// How many different values a column has.
pub(super) fn different(table: &str, column: &str) -> String {
    format!(
        "select count(distinct {}) from {}",
        name(column),
        name(table)
    )
}

/// The columns of the list, the key first.
pub(super) fn list(parts: &Parts<'_>, conditions: &[String]) -> String {
    let table = &parts.shape.table;
    let shown = parts.shown.iter().map(|facts| facts.name());
    let columns: Vec<String> = [table.key.as_str()]
        .into_iter()
        .chain(shown)
        .map(name)
        .collect();
    format!("select {}\n{}", columns.join(", "), from(parts, conditions))
}

/// One row of figures over the rows the filters leave.
pub(super) fn totals(parts: &Parts<'_>, conditions: &[String]) -> String {
    let mut columns = vec![format!("count(*) as {}", name(&parts.count_alias()))];
    if let Some(measure) = &parts.measure {
        columns.push(measured(parts));
        if measure.adds_up {
            let of = name(measure.facts.name());
            columns.push(format!("avg({of}) as avg_{}", measure.facts.name()));
        }
    }
    if let Some(moment) = parts.moment {
        let of = name(moment.name());
        columns.push(format!("max({of}) as latest"));
    }
    format!(
        "select {}\n{}",
        columns.join(",\n       "),
        from(parts, conditions)
    )
}

fn measured(parts: &Parts<'_>) -> String {
    match &parts.measure {
        Some(measure) => format!(
            "{}({}) as {}",
            measure.function(),
            name(measure.facts.name()),
            measure.alias()
        ),
        None => format!("count(*) as {}", name(&parts.count_alias())),
    }
}

/// What a chart draws, a row for each month or day.
pub(super) fn over_time(parts: &Parts<'_>, moment: &Facts, conditions: &[String]) -> String {
    let (letters, period) = if parts.is_by_day() {
        (10, "day")
    } else {
        (7, "month")
    };
    let adds_up = parts.measure.is_some_and(|measure| measure.adds_up);
    let drawn = if adds_up {
        measured(parts)
    } else {
        format!("count(*) as {}", name(&parts.count_alias()))
    };
    let of = name(moment.name());
    let mut all = vec![format!("{of} is not null")];
    all.extend_from_slice(conditions);
    format!(
        "select substr({of}, 1, {letters}) as {period}, {drawn}\n{}\n group by 1\n order by 1",
        from(parts, &all)
    )
}

/// How many rows each value of a column has.
pub(super) fn counted_by(parts: &Parts<'_>, by: &Facts, conditions: &[String]) -> String {
    format!(
        "select {}, count(*) as {}\n{}\n group by 1\n order by 2 desc",
        name(by.name()),
        name(&parts.count_alias()),
        from(parts, conditions)
    )
}

/// The measure for each value of a column.
pub(super) fn measured_by(parts: &Parts<'_>, by: &Facts, conditions: &[String]) -> String {
    format!(
        "select {}, {}\n{}\n group by 1\n order by 2 desc",
        name(by.name()),
        measured(parts),
        from(parts, conditions)
    )
}

fn from(parts: &Parts<'_>, conditions: &[String]) -> String {
    let mut sql = format!("  from {}", name(&parts.shape.table.name));
    for (at, condition) in conditions.iter().enumerate() {
        sql.push_str(if at == 0 { "\n where " } else { "\n   and " });
        sql.push_str(condition);
    }
    sql
}

/// A filter that says nothing while its value is missing. Columns of filters come as
/// they are to stand in the statement.
pub(super) fn equals(column: &str, param: &str) -> String {
    format!("(:{param} is null or {column} = :{param})")
}

pub(super) fn contains(columns: &[String], param: &str) -> String {
    let each = columns
        .iter()
        .map(|column| format!("{column} like '%' || :{param} || '%'"));
    let any = each.collect::<Vec<_>>().join(" or ");
    if columns.len() == 1 {
        format!("(:{param} is null or {any})")
    } else {
        format!("(:{param} is null or ({any}))")
    }
}

pub(super) fn since(column: &str, _: ColumnType, param: &str) -> String {
    format!("(:{param} is null or {column} >= :{param})")
}

/// Up to the end of that day, whatever hours the column holds.
pub(super) fn until(column: &str, kind: ColumnType, param: &str) -> String {
    if kind == ColumnType::DateTime {
        format!("(:{param} is null or {column} < date(:{param}, '+1 day'))")
    } else {
        format!("(:{param} is null or {column} <= :{param})")
    }
}

/// One row, whole.
pub(super) fn one(parts: &Parts<'_>) -> String {
    let table = &parts.shape.table;
    let columns = parts.shape.columns.iter().map(Facts::name);
    let all: Vec<String> = [table.key.as_str()]
        .into_iter()
        .chain(columns)
        .map(name)
        .collect();
    format!(
        "select {}\n  from {}\n where {} = :{}",
        all.join(", "),
        name(&table.name),
        name(&table.key),
        table.key
    )
}

pub(super) fn change(parts: &Parts<'_>) -> String {
    let table = &parts.shape.table;
    let each = parts.shape.columns.iter().map(|facts| {
        let column = facts.name();
        format!("{} = :{column}", name(column))
    });
    format!(
        "update {}\n   set {}\n where {} = :{}",
        name(&table.name),
        each.collect::<Vec<_>>().join(",\n       "),
        name(&table.key),
        table.key
    )
}

pub(super) fn add(parts: &Parts<'_>) -> String {
    let columns = || parts.shape.columns.iter().map(Facts::name);
    let names: Vec<String> = columns().map(name).collect();
    let values: Vec<String> = columns().map(|column| format!(":{column}")).collect();
    format!(
        "insert into {} ({})\nvalues ({})",
        name(&parts.shape.table.name),
        names.join(", "),
        values.join(", ")
    )
}

pub(super) fn remove(parts: &Parts<'_>) -> String {
    let table = &parts.shape.table;
    format!(
        "delete from {}\n where {} = :{}",
        name(&table.name),
        name(&table.key),
        table.key
    )
}
