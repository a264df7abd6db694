//! A table whose cells are shaded by their number: it is the picture and its table in one.

use super::{Setup, Sight};
use crate::apps::widgets::cells::{self, Format};
use crate::apps::widgets::figures::integer;
use crate::apps::widgets::links::Link;
use crate::apps::widgets::sums::{How, Square};
use crate::data::{Cell, Rows};

/// Shades the sheet knows, from 0.
const SHADES: f64 = 8.0;

/// The table, with the class of its shade on each cell, and whether more rows or columns
/// are there than it shows. Rows that fall together are added up.
pub(super) fn written(sight: &Sight<'_>, setup: &Setup<'_>, rows: &Rows) -> (String, bool) {
    let at = |name: Option<&str>| name.and_then(|name| rows.column(name)).unwrap_or_default();
    let (x, series, y) = (at(setup.x), at(setup.series), at(setup.y.first().copied()));
    let square = Square::of(rows, [series, x], Some(y));
    let sums = square.all();
    let (low, high) = { sums.iter() }
        .filter_map(|sum| sum.get(How::Sum))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
            (low.min(number), high.max(number))
        });
    let format = |at: usize| {
        let column = rows.columns.get(at);
        column.map_or(Format::Plain, |column| Format::of(column, &setup.formats))
    };
    let figures = match format(y) {
        Format::Plain => Format::Number(None),
        own => own,
    };
    let lead = setup.lead.as_ref();
    let link = lead.map(|lead| Link::new(sight.scene, lead, rows));
    let mut out = String::from("<thead><tr><td></td>");
    for row in &square.across {
        out.push_str("<th scope=\"col\" class=\"n\">");
        cells::write(rows.get(*row, x), format(x), &[], &mut out);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for (down, row) in square.down.iter().enumerate() {
        out.push_str("<tr><th scope=\"row\">");
        cells::write(rows.get(*row, series), format(series), &[], &mut out);
        out.push_str("</th>");
        for across in 0..square.across.len() {
            let there = square.cell(down, across);
            let there = there.and_then(|(row, sum)| Some((row, sum.get(How::Sum)?)));
            out.push_str("<td class=\"n h-");
            integer(there.map_or(0, |(_, sum)| shade(sum, low, high)), &mut out);
            out.push_str("\">");
            if let Some((row, sum)) = there {
                if let Some(link) = &link {
                    link.open("cell-link", rows, row, &mut out);
                }
                cells::write(Cell::Real(sum), figures, &[], &mut out);
                out.push_str(if link.is_some() { "</a>" } else { "" });
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    (out, square.is_cut)
}

/// 0 for the smallest, up to the strongest for the largest.
fn shade(number: f64, low: f64, high: f64) -> i64 {
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
        assert_eq!(shade(0.0, 0.0, 10.0), 0);
        assert_eq!(shade(5.0, 0.0, 10.0), 4);
        assert_eq!(shade(10.0, 0.0, 10.0), 8);
        assert_eq!(shade(3.0, 3.0, 3.0), 4);
    }
}
