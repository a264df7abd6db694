//! A table whose cells are shaded by their number: it is the picture and its table in one.

use super::{Setup, Sight, number};
use crate::apps::widgets::cells::{self, Format};
use crate::apps::widgets::figures::integer;
use crate::apps::widgets::links::Link;
use crate::data::{Cell, Rows};

/// What a reader can still look over.
const MOST: usize = 60;
/// Shades the sheet knows, from 0.
const SHADES: f64 = 8.0;

/// Which row of the query stands in which cell.
struct Square {
    across: Vec<String>,
    down: Vec<String>,
    /// By row and column.
    cells: Vec<Vec<Option<usize>>>,
}

impl Square {
    fn of(rows: &Rows, x: usize, series: usize) -> Square {
        let mut square = Square {
            across: Vec::new(),
            down: Vec::new(),
            cells: Vec::new(),
        };
        for row in 0..rows.len() {
            let across = place(&mut square.across, cells::text(rows.get(row, x)));
            let down = place(&mut square.down, cells::text(rows.get(row, series)));
            let (Some(across), Some(down)) = (across, down) else {
                continue;
            };
            square.cells.resize_with(square.down.len(), Vec::new);
            let line = &mut square.cells[down];
            if line.len() <= across {
                line.resize(across + 1, None);
            }
            line[across] = Some(row);
        }
        square
    }
}

/// Where the name stands among those known; none when there are too many.
fn place(known: &mut Vec<String>, name: String) -> Option<usize> {
    if let Some(at) = known.iter().position(|other| *other == name) {
        return Some(at);
    }
    if known.len() >= MOST {
        return None;
    }
    known.push(name);
    Some(known.len() - 1)
}

/// The table, with the class of its shade on each cell.
pub(super) fn written(sight: &Sight<'_>, setup: &Setup<'_>, rows: &Rows) -> String {
    let at = |name: Option<&str>| name.and_then(|name| rows.column(name)).unwrap_or_default();
    let (x, series, y) = (at(setup.x), at(setup.series), at(setup.y.first().copied()));
    let square = Square::of(rows, x, series);
    let numbers = (0..rows.len()).filter_map(|row| number(rows.get(row, y)));
    let (low, high) = numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
        (low.min(number), high.max(number))
    });
    let heading = |at: usize| {
        let column = rows.columns.get(at);
        column.map_or(Format::Plain, |column| Format::of(column, &setup.formats))
    };
    let format = heading(y);
    let link = setup
        .lead
        .as_ref()
        .map(|lead| Link::new(sight.scene, lead, rows));
    let (above, beside) = (heading(x), heading(series));
    let mut out = String::from("<thead><tr><td></td>");
    for name in &square.across {
        out.push_str("<th scope=\"col\" class=\"n\">");
        cells::write(Cell::Text(name), above, &[], &mut out);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for (down, name) in square.down.iter().enumerate() {
        out.push_str("<tr><th scope=\"row\">");
        cells::write(Cell::Text(name), beside, &[], &mut out);
        out.push_str("</th>");
        for across in 0..square.across.len() {
            let row = square.cells[down].get(across).copied().flatten();
            let cell = row.map_or(Cell::Null, |row| rows.get(row, y));
            out.push_str("<td class=\"n h-");
            integer(shade(cell, low, high), &mut out);
            out.push_str("\">");
            match (row, &link) {
                (Some(row), Some(link)) if cell != Cell::Null => {
                    link.open("cell-link", rows, row, &mut out);
                    cells::write(cell, format, &[], &mut out);
                    out.push_str("</a>");
                }
                _ => cells::write(cell, format, &[], &mut out),
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    out
}

/// 0 for the smallest and for nothing, up to the strongest for the largest.
fn shade(cell: Cell<'_>, low: f64, high: f64) -> i64 {
    let Some(number) = number(cell) else { return 0 };
    if high <= low {
        return 4;
    }
    #[expect(clippy::cast_possible_truncation, reason = "0 to 8")]
    let shade = ((number - low) / (high - low) * SHADES).round() as i64;
    shade.clamp(0, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_go_from_the_smallest_to_the_largest() {
        assert_eq!(shade(Cell::Integer(0), 0.0, 10.0), 0);
        assert_eq!(shade(Cell::Real(5.0), 0.0, 10.0), 4);
        assert_eq!(shade(Cell::Integer(10), 0.0, 10.0), 8);
        assert_eq!(shade(Cell::Null, 0.0, 10.0), 0);
        assert_eq!(shade(Cell::Integer(3), 3.0, 3.0), 4);
    }
}
