//! The question that a statement asks, if the guide would write it so.

use super::model::{Filter, Guide, Measure, Op};
use super::names::of_table;
use super::writing::{DIGITS, alias, around, param, sql};
use crate::data::ColumnType;
use crate::data::sql_text::Dialect;
use crate::data::tables::{Table, TableColumn};

/// Nothing where the statement was written by hand.
pub(in crate::apps::making) fn read(
    text: &str,
    (tables, dialect): (&[Table], Dialect),
) -> Option<(Guide, Table)> {
    let text = text.trim();
    let mut lines = text.lines();
    let selected = lines.next()?.strip_prefix("select ")?;
    let from = lines.next()?.strip_prefix("  from ")?;
    let mut known = tables.iter();
    let table = known.find(|table| of_table(dialect, &table.name) == from)?;
    let mut guide = Guide {
        dialect,
        table: table.name.clone(),
        ..Guide::default()
    };
    for line in lines {
        let filter = line
            .strip_prefix(" where ")
            .or_else(|| line.strip_prefix("   and "));
        if let Some(said) = filter {
            guide.filters.push(self::filter(said, (table, dialect))?);
        } else if let Some(said) = line.strip_prefix(" group by ") {
            guide.group = names(said, table)?;
        } else if let Some(said) = line.strip_prefix(" order by ") {
            let column = said.strip_suffix(" desc");
            let is_down = column.is_some();
            guide.sort = Some((bare(column.unwrap_or(said)), is_down));
        } else {
            guide.limit = Some(line.strip_prefix(" limit ")?.parse().ok()?);
        }
    }
    select(&mut guide, selected, table)?;
    // Whatever was misread is written otherwise.
    (sql(&guide, table) == text).then(|| (guide, table.clone()))
}

/// A name without the quotes it may have.
fn bare(said: &str) -> String {
    said.trim_matches(['"', '`']).to_owned()
}

fn names(said: &str, table: &Table) -> Option<Vec<String>> {
    let each = said.split(", ").map(bare);
    each.map(|one| table.column(&one).map(|_| one)).collect()
}

fn select(guide: &mut Guide, said: &str, table: &Table) -> Option<()> {
    if said == "*" {
        return Some(());
    }
    let last = said.rsplit(", ").next()?;
    let measure = last.split_once('(').and_then(|(word, rest)| {
        let (column, _) = rest.split_once(')')?;
        Some((
            Measure::named(word)?,
            if column == "*" {
                String::new()
            } else {
                bare(column.strip_suffix(DIGITS).unwrap_or(column))
            },
        ))
    });
    match measure {
        Some((measure, column)) if last.ends_with(&alias(measure, &column)) => {
            guide.measure = Some((measure, column));
        }
        _ if guide.group.is_empty() => guide.columns = names(said, table)?,
        _ => {}
    }
    Some(())
}

fn filter(said: &str, (table, dialect): (&Table, Dialect)) -> Option<Filter> {
    let each = table.columns.iter();
    let mut all = each.flat_map(|column| Op::ALL.into_iter().map(move |(op, _, _)| (column, op)));
    all.find_map(|(column, op)| one(said, column, (op, dialect)))
}

fn one(said: &str, column: &TableColumn, (op, dialect): (Op, Dialect)) -> Option<Filter> {
    let of = |value: Option<String>| Filter {
        column: column.name.clone(),
        op,
        value,
    };
    let (before, behind) = around(dialect, op, &column.name);
    if !op.takes_value() {
        return (said == before).then(|| of(None));
    }
    let param = param(&of(None));
    if said == format!("(:{param} is null or {before}:{param}{behind})") {
        return Some(of(None));
    }
    let value = said.strip_prefix(&before)?.strip_suffix(behind)?;
    let value = match column.kind {
        ColumnType::Integer | ColumnType::Number => value.to_owned(),
        ColumnType::Boolean => if matches!(value, "1" | "true") {
            "yes"
        } else {
            "no"
        }
        .to_owned(),
        ColumnType::Text | ColumnType::Date | ColumnType::DateTime => {
            let inner = value.strip_prefix('\'')?.strip_suffix('\'')?;
            inner.replace("''", "'")
        }
    };
    Some(of(Some(value)))
}
