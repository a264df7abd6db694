//! Every table: as CSV with its columns beside it, and all of them as SQL.

mod sql;

use serde_json::json;

use super::{Given, Part, Taking, give_json};
use crate::data::{Cell, ColumnType, cell, writers::Csv};
use crate::ending::archive::Pack;
use crate::ending::model::Error;
use crate::store::types::ValueRef;

pub(super) struct Tables;

pub(super) static KIND: Tables = Tables;

/// Bytes of a table that are handed on together.
const PIECE: usize = 64 << 10;

impl Part for Tables {
    fn name(&self) -> &'static str {
        "tables"
    }

    fn title(&self) -> &'static str {
        "Tables"
    }

    fn holds(&self) -> &'static str {
        "Each table as CSV (UTF-8, RFC 4180) with its columns and types beside it as JSON; all tables once more as SQL, exact to the byte"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let tables = sql::tables(from.data)?;
        let mut rows = 0;
        for table in &tables {
            give_json(to, &format!("tables/{}.json", table.name), &described(table))?;
            to.begin(&format!("tables/{}.csv", table.name))?;
            let mut out = Vec::with_capacity(PIECE + 4096);
            let names = table.columns.iter().map(|column| column.name.as_str());
            Csv::default().heading(names, &mut out);
            rows += sql::each_row(from.data, table, |cells| {
                Csv::default().row(cells.iter().map(|value| cell(*value)), &mut out);
                if out.len() >= PIECE {
                    to.write_all(&out)?;
                    out.clear();
                }
                Ok(())
            })?;
            to.write_all(&out)?;
        }
        to.begin("tables/tables.sql")?;
        for table in &tables {
            dump(from, table, to)?;
        }
        Ok(Given::from([("tables", tables.len() as u64), ("rows", rows)]))
    }
}

fn described(table: &sql::Table) -> serde_json::Value {
    let columns = table.columns.iter().map(|column| {
        let mut said = json!({ "name": column.name, "title": column.title, "type": column.kind });
        if let Some(to) = &column.refers {
            said["refers"] = json!(to);
        }
        said
    });
    json!({
        "name": table.name,
        "title": table.title,
        "primaryKey": table.key,
        "fields": columns.collect::<Vec<_>>(),
    })
}

/// The table as SQL that any SQLite reads, and others with little change.
fn dump(from: &Taking<'_>, table: &sql::Table, to: &mut dyn Pack) -> Result<(), Error> {
    let columns = table.columns.iter().map(|column| {
        let kind = ColumnType::named(&column.kind).unwrap_or(ColumnType::Text);
        let key = if column.name == table.key {
            " primary key"
        } else {
            ""
        };
        format!("{} {}{key}", sql::named(&column.name), kind.storage())
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let name = sql::named(&table.name);
    writeln!(to, "create table {name} ({columns});")?;
    let mut out = String::with_capacity(PIECE + 4096);
    sql::each_row(from.data, table, |cells| {
        out.push_str(&sql::row_of(&name));
        for (at, value) in cells.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            literal(*value, &mut out);
        }
        out.push_str(");\n");
        if out.len() >= PIECE {
            to.write_all(out.as_bytes())?;
            out.clear();
        }
        Ok(())
    })?;
    to.write_all(out.as_bytes())?;
    Ok(())
}

fn literal(value: ValueRef<'_>, out: &mut String) {
    match cell(value) {
        Cell::Null => out.push_str("null"),
        Cell::Integer(number) => out.push_str(itoa::Buffer::new().format(number)),
        Cell::Real(number) if number.is_nan() => out.push_str("null"),
        Cell::Real(number) if number.is_infinite() => {
            out.push_str(if number > 0.0 { "9e999" } else { "-9e999" });
        }
        Cell::Real(number) => out.push_str(ryu::Buffer::new().format_finite(number)),
        // A zero would end the text for who reads it.
        Cell::Text(text) if !text.contains('\0') => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        Cell::Text(text) => {
            out.push_str("cast(");
            hexed(text.as_bytes(), out);
            out.push_str(" as text)");
        }
        Cell::Blob(bytes) => hexed(bytes, out),
    }
}

fn hexed(bytes: &[u8], out: &mut String) {
    out.push_str("x'");
    out.push_str(&crate::journal::hex(bytes));
    out.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: ValueRef<'_>) -> String {
        let mut out = String::new();
        literal(value, &mut out);
        out
    }

    #[test]
    fn a_value_reads_back_as_what_it_was() {
        assert_eq!(written(ValueRef::Null), "null");
        assert_eq!(written(ValueRef::Integer(-7)), "-7");
        assert_eq!(written(ValueRef::Real(3.0)), "3.0");
        assert_eq!(written(ValueRef::Real(0.1)), "0.1");
        assert_eq!(written(ValueRef::Text(b"it's; --")), "'it''s; --'");
        assert_eq!(written(ValueRef::Text(b"a\0b")), "cast(x'610062' as text)");
        assert_eq!(written(ValueRef::Blob(&[0, 255])), "x'00ff'");
        assert_eq!(written(ValueRef::Real(f64::NEG_INFINITY)), "-9e999");
    }
}
