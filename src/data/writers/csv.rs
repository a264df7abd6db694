//! Cells as CSV (RFC 4180), straight into a buffer.

use crate::data::Cell;

/// Writes CSV. Numbers have a point before the tenths and nothing between the
/// thousands; a float is the shortest text that reads back as the same float,
/// `1.5`, and `3` when it is whole. What is missing is an empty cell. Text that
/// a spreadsheet would take for a formula gets an apostrophe in front.
#[derive(Clone, Copy, Debug)]
pub struct Csv {
    delimiter: u8,
}

impl Default for Csv {
    fn default() -> Csv {
        Csv { delimiter: b',' }
    }
}

impl Csv {
    /// With a semicolon, as Excel expects where commas stand before the tenths.
    pub fn with_semicolons() -> Csv {
        Csv { delimiter: b';' }
    }

    /// Adds the names of the columns.
    #[expect(single_use_lifetimes, reason = "Rust cannot leave it out here yet")]
    pub fn heading<'n>(self, names: impl IntoIterator<Item = &'n str>, out: &mut Vec<u8>) {
        self.row(names.into_iter().map(Cell::Text), out);
    }

    /// Adds a row.
    #[expect(single_use_lifetimes, reason = "Rust cannot leave it out here yet")]
    pub fn row<'c>(self, cells: impl IntoIterator<Item = Cell<'c>>, out: &mut Vec<u8>) {
        let start = out.len();
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                out.push(self.delimiter);
            }
            self.cell(cell, out);
        }
        // A row of one missing cell must not look like a blank line.
        if out.len() == start {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(b"\r\n");
    }

    #[inline]
    fn cell(self, cell: Cell<'_>, out: &mut Vec<u8>) {
        match cell {
            Cell::Null => {}
            Cell::Integer(number) => {
                out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            }
            Cell::Real(number) => {
                let mut buffer = ryu::Buffer::new();
                let text = buffer.format(number);
                out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
            }
            Cell::Text(text) => self.text(text.as_bytes(), out),
            Cell::Blob(bytes) => {
                out.extend_from_slice(itoa::Buffer::new().format(bytes.len()).as_bytes());
                out.extend_from_slice(b" bytes");
            }
        }
    }

    #[inline]
    fn text(self, text: &[u8], out: &mut Vec<u8>) {
        let quoted = text
            .iter()
            .any(|byte| matches!(byte, b'"' | b'\n' | b'\r') || *byte == self.delimiter);
        let guarded = is_formula(text);
        if !quoted {
            if guarded {
                out.push(b'\'');
            }
            out.extend_from_slice(text);
            return;
        }
        out.push(b'"');
        if guarded {
            out.push(b'\'');
        }
        for (at, piece) in text.split(|byte| *byte == b'"').enumerate() {
            if at > 0 {
                out.extend_from_slice(b"\"\"");
            }
            out.extend_from_slice(piece);
        }
        out.push(b'"');
    }
}

/// A spreadsheet would compute it. Text that is a number stays a number.
#[inline]
fn is_formula(text: &[u8]) -> bool {
    match text.first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            text.parse::<f64>().is_err() || !text.ends_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[Cell<'_>]) -> String {
        let mut out = Vec::new();
        Csv::default().row(cells.iter().copied(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_short_and_read_back_the_same() {
        let row = [
            Cell::Integer(-7),
            Cell::Real(3.0),
            Cell::Real(0.1),
            Cell::Real(1.5),
            Cell::Null,
        ];

        assert_eq!(written(&row), "-7,3,0.1,1.5,\r\n");
    }

    #[test]
    fn quotes_go_where_they_must() {
        let row = [
            Cell::Text("a,b"),
            Cell::Text("say \"hi\""),
            Cell::Text("two\nlines"),
            Cell::Text("plain"),
        ];

        assert_eq!(
            written(&row),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",plain\r\n"
        );
    }

    #[test]
    fn a_formula_is_disarmed_and_a_number_is_not() {
        let row = [
            Cell::Text("=1+1"),
            Cell::Text("-5.5"),
            Cell::Text("@x"),
            Cell::Text("-a,b"),
            Cell::Real(-1.0),
        ];

        assert_eq!(written(&row), "'=1+1,-5.5,'@x,\"'-a,b\",-1\r\n");
    }

    #[test]
    fn a_lonely_missing_cell_is_still_a_row() {
        assert_eq!(written(&[Cell::Null]), "\"\"\r\n");
    }
}
