//! A grid as a table whose rows become lists where there is no room.

use askama::Template;

use super::super::figures::Limits;
use super::super::sight::{Sight, part};
use super::cells::{Cells, LONGEST, fields_of};
use crate::surveys::format::Item;

struct Column {
    id: String,
    code: i64,
    text: String,
    is_alone: bool,
}

struct Row {
    id: String,
    text: String,
    cells: Vec<Cell>,
}

struct Cell {
    field: String,
    value: String,
    /// The id of its column's heading; none when there are no columns.
    column: Option<String>,
    text: String,
    is_chosen: bool,
    is_alone: bool,
}

#[derive(Template)]
#[template(path = "surveys/blocks/grid/view.html")]
struct View {
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// `radio`, `checkbox` or `text`.
    kind: &'static str,
    mode: &'static str,
    longest: usize,
    is_at_fault: bool,
    described: String,
}

pub(super) fn draw(sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
    let cells = Cells::of(sight.block);
    let column = |item: &&Item| Column {
        id: sight.part(item.code),
        code: item.code,
        text: sight.inline(&item.text),
        is_alone: item.exclusive,
    };
    let columns: Vec<Column> = sight.items.iter().map(column).collect();
    let row = |row: &&Item| Row {
        id: sight.part(row.code),
        text: sight.inline(&row.text),
        cells: row_cells(sight, row, &columns),
    };
    let view = View {
        rows: sight.rows.iter().map(row).collect(),
        kind: match cells {
            Cells::Single => "radio",
            Cells::Multi => "checkbox",
            Cells::Number | Cells::Text => "text",
        },
        mode: match cells {
            Cells::Number if Limits::of(sight.block).decimals > 0 => "decimal",
            Cells::Number => "numeric",
            _ => "text",
        },
        longest: LONGEST,
        is_at_fault: sight.is_at_fault(),
        described: sight.described(),
        columns,
    };
    view.render_into(out)
}

fn row_cells(sight: &Sight<'_>, row: &Item, columns: &[Column]) -> Vec<Cell> {
    let key = sight.part(row.code);
    if Cells::of(sight.block).are_chosen() {
        let cell = |column: &Column| Cell {
            field: key.clone(),
            value: column.code.to_string(),
            column: Some(part(sight.id(), column.code)),
            text: column.text.clone(),
            is_chosen: sight.holds(&key, column.code),
            is_alone: column.is_alone,
        };
        return columns.iter().map(cell).collect();
    }
    let typed = fields_of(sight.block, row).into_iter();
    typed
        .filter(|(_, item)| {
            item.is_none_or(|item| columns.iter().any(|column| column.code == item.code))
        })
        .map(|(field, item)| Cell {
            value: sight.at(&field).to_owned(),
            column: item.map(|item| part(sight.id(), item.code)),
            text: item
                .map(|item| sight.inline(&item.text))
                .unwrap_or_default(),
            is_chosen: false,
            is_alone: false,
            field,
        })
        .collect()
}
