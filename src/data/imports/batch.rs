//! Rows on their way from the reader to the writer, packed into one buffer
//! that goes to and fro between them.

use crate::data::Cell;
use crate::data::readers::Line;

/// Rows of one write: few enough that others get their turn.
const ROWS: usize = 5_000;
/// Bytes of text in one write, unless a single row has more.
const BYTES: usize = 2 << 20;

pub(super) struct Batch {
    width: usize,
    cells: Vec<Packed>,
    words: String,
    lines: Vec<u64>,
}

#[derive(Clone, Copy)]
enum Packed {
    Null,
    Integer(i64),
    Real(f64),
    Text { start: usize, end: usize },
}

impl Batch {
    /// For rows of so many cells.
    pub(super) fn new(width: usize) -> Batch {
        Batch {
            width,
            cells: Vec::new(),
            words: String::new(),
            lines: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, line: &Line<'_>) {
        self.lines.push(line.number);
        self.cells.reserve(self.width);
        for cell in line.cells {
            let packed = match *cell {
                // No reader of files gives bytes.
                Cell::Null | Cell::Blob(_) => Packed::Null,
                Cell::Integer(number) => Packed::Integer(number),
                Cell::Real(number) => Packed::Real(number),
                Cell::Text(text) => {
                    let start = self.words.len();
                    self.words.push_str(text);
                    let end = self.words.len();
                    Packed::Text { start, end }
                }
            };
            self.cells.push(packed);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= ROWS || self.words.len() >= BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Ready for other rows. Room that one fat row took is given back.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.cells.clear();
        self.words.clear();
        self.words.shrink_to(2 * BYTES);
    }

    /// The rows with the lines they start on.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, impl Iterator<Item = Cell<'_>>)> {
        let cells = self.cells.chunks_exact(self.width.max(1));
        self.lines.iter().zip(cells).map(|(line, cells)| {
            let cells = cells.iter().map(|cell| match *cell {
                Packed::Null => Cell::Null,
                Packed::Integer(number) => Cell::Integer(number),
                Packed::Real(number) => Cell::Real(number),
                Packed::Text { start, end } => Cell::Text(&self.words[start..end]),
            });
            (*line, cells)
        })
    }
}
