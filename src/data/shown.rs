//! A value as a page shows it.

use askama::Template;

use super::{Cell, ColumnType};
use crate::base::text;

/// Characters of one cell that a table shows; the rest stands in its title.
const LONG: usize = 160;
/// Characters a title may have.
const TITLE: usize = 1_000;

/// What stands in one cell of a table.
#[derive(Template)]
#[template(path = "parts/cell.html")]
pub(in crate::data) struct Shown {
    pub(in crate::data) text: String,
    /// The whole of a long text.
    pub(in crate::data) title: String,
    /// Stands on the right.
    pub(in crate::data) is_number: bool,
    pub(in crate::data) is_null: bool,
    /// `date` or `datetime`, when the reader's language decides how it is written.
    stamp: &'static str,
}

impl Shown {
    pub(in crate::data) fn of(cell: Cell<'_>, kind: Option<ColumnType>) -> Shown {
        let mut shown = Shown {
            text: String::new(),
            title: String::new(),
            is_number: kind.is_some_and(ColumnType::is_numeric),
            is_null: false,
            stamp: "",
        };
        match (cell, kind) {
            (Cell::Null, _) => shown.is_null = true,
            (Cell::Integer(yes), Some(ColumnType::Boolean)) => {
                if yes == 0 { "no" } else { "yes" }.clone_into(&mut shown.text);
            }
            (Cell::Integer(number), _) => {
                shown.text = number.to_string();
                shown.is_number = true;
            }
            (Cell::Real(number), _) => {
                ryu::Buffer::new()
                    .format(number)
                    .clone_into(&mut shown.text);
                if let Some(whole) = shown.text.strip_suffix(".0") {
                    shown.text.truncate(whole.len());
                }
                shown.is_number = true;
            }
            (Cell::Text(words), kind) => {
                shown.stamp = stamp(words, kind);
                shown.text = text::shorten(words, LONG).into_owned();
                if shown.text.len() != words.len() || words.len() > 40 {
                    shown.title = text::shorten(words, TITLE).into_owned();
                }
            }
            (Cell::Blob(bytes), _) => shown.text = format!("{} bytes", bytes.len()),
        }
        shown
    }
}

fn stamp(words: &str, kind: Option<ColumnType>) -> &'static str {
    match kind {
        Some(ColumnType::Date) if super::typed::day(words).is_some() => "date",
        Some(ColumnType::DateTime) if words.len() <= 35 && words.is_ascii() => "datetime",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_as_its_column_says() {
        let html = |cell, kind| Shown::of(cell, Some(kind)).render().unwrap();

        assert_eq!(html(Cell::Integer(1), ColumnType::Boolean), "yes");
        assert_eq!(html(Cell::Real(3.0), ColumnType::Number), "3");
        assert_eq!(
            html(Cell::Null, ColumnType::Text),
            "<span class=\"null\">null</span>"
        );
        assert_eq!(
            html(Cell::Text("2026-11-21"), ColumnType::Date),
            "<time datetime=\"2026-11-21\" data-format=\"date\">2026-11-21</time>"
        );
        assert_eq!(html(Cell::Text("<b>"), ColumnType::Text), "&#60;b&#62;");
    }
}
