//! Rows in flight: what every source yields and every widget shows.

use super::ColumnType;

/// One value, borrowed from wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    /// Bytes nobody can read: shown as their number, never as themselves.
    Blob(&'a [u8]),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// What the table says the column holds; `None` for an expression.
    pub kind: Option<ColumnType>,
}

/// A bounded table in memory, packed: all words lie in one buffer, so that a
/// page of a thousand cells costs a handful of allocations.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub columns: Vec<Column>,
    /// There were more rows than were asked for.
    pub more: bool,
    cells: Vec<Packed>,
    words: String,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Packed {
    Null,
    Integer(i64),
    Real(f64),
    Text { start: usize, end: usize },
    Blob { start: usize, end: usize },
}

impl Rows {
    pub fn new(columns: Vec<Column>) -> Rows {
        Rows {
            columns,
            ..Rows::default()
        }
    }

    /// Makes room for that many rows, with words of a usual length.
    pub(super) fn reserve(&mut self, rows: usize) {
        let cells = rows * self.columns.len();
        self.cells.reserve(cells);
        self.words.reserve(cells * 8);
    }

    /// The number of whole rows.
    pub fn len(&self) -> usize {
        self.cells
            .len()
            .checked_div(self.columns.len())
            .unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, roughly: what a cap on memory counts.
    pub fn size(&self) -> usize {
        self.cells.len() * size_of::<Packed>() + self.words.len() + self.bytes.len()
    }

    /// Adds the next cell of the row being filled, left to right.
    pub fn push(&mut self, cell: Cell<'_>) {
        let packed = match cell {
            Cell::Null => Packed::Null,
            Cell::Integer(number) => Packed::Integer(number),
            Cell::Real(number) => Packed::Real(number),
            Cell::Text(text) => {
                let start = self.words.len();
                self.words.push_str(text);
                let end = self.words.len();
                Packed::Text { start, end }
            }
            Cell::Blob(bytes) => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(bytes);
                let end = self.bytes.len();
                Packed::Blob { start, end }
            }
        };
        self.cells.push(packed);
    }

    /// Puts numbers in the place of those texts of a column that are read as one.
    pub(super) fn read_numbers(&mut self, column: usize, number: impl Fn(&str) -> Option<f64>) {
        let wide = self.columns.len().max(1);
        for cell in self.cells.iter_mut().skip(column).step_by(wide) {
            if let Packed::Text { start, end } = *cell
                && let Some(number) = number(&self.words[start..end])
            {
                *cell = Packed::Real(number);
            }
        }
    }

    /// Takes back the last row, whole.
    pub fn pop(&mut self) {
        let whole = self.len().saturating_sub(1) * self.columns.len();
        self.cells.truncate(whole);
    }

    /// The cell at `row`, `column`, both from 0; `Null` outside.
    pub fn get(&self, row: usize, column: usize) -> Cell<'_> {
        let at = row * self.columns.len() + column;
        match self.cells.get(at) {
            None | Some(Packed::Null) => Cell::Null,
            Some(Packed::Integer(number)) => Cell::Integer(*number),
            Some(Packed::Real(number)) => Cell::Real(*number),
            Some(Packed::Text { start, end }) => Cell::Text(&self.words[*start..*end]),
            Some(Packed::Blob { start, end }) => Cell::Blob(&self.bytes[*start..*end]),
        }
    }

    /// The cells of one row, left to right.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell<'_>> {
        (0..self.columns.len()).map(move |column| self.get(row, column))
    }

    /// Where the column of that name stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
