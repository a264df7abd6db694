//! A small workbook of texts, in memory.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::Row;

pub(super) struct Sheet {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The columns in that order, further ones after them as they come; columns that
    /// say nothing are left out.
    pub(super) fn new(name: &'static str, order: &[&str], rows: &[Row]) -> Sheet {
        let mut heads: Vec<&str> = Vec::new();
        for (head, _) in rows.iter().flatten() {
            if !heads.contains(&head.as_str()) {
                heads.push(head);
            }
        }
        let place = |head: &str| {
            let base = head.split("::").next().unwrap_or(head);
            order
                .iter()
                .position(|known| *known == base)
                .unwrap_or(order.len())
        };
        heads.sort_by_key(|head| place(head));
        let cell = |row: &Row, head: &str| {
            let found = row.iter().find(|(known, _)| known == head);
            found.map_or(String::new(), |(_, cell)| cell.clone())
        };
        let mut all = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
        all.extend(
            rows.iter()
                .map(|row| heads.iter().map(|head| cell(row, head)).collect()),
        );
        Sheet { name, rows: all }
    }
}

/// The bytes of an `.xlsx` file. Refuses a text longer than a cell takes.
pub(super) fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for sheet in sheets {
        fill(book.add_worksheet().set_name(sheet.name)?, &sheet.rows)?;
    }
    book.save_to_buffer()
}

/// Every cell as a text, so that none of them is a formula.
fn fill(sheet: &mut Worksheet, rows: &[Vec<String>]) -> Result<(), XlsxError> {
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            if !text.is_empty() {
                sheet.write_string(row, column, text)?;
            }
        }
    }
    Ok(())
}
