//! A number over time as a small line, drawn by the server.

use std::fmt::Write;

use crate::apps::widgets::fields::{number, words};
use crate::apps::widgets::figures::{escape, real};
use crate::data::Rows;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;
/// More points than the line has pixels are not seen.
const MOST: usize = 240;

/// The line of the column `at`, one point for each row that has a number; nothing
/// for fewer than two.
pub(super) fn drawn(rows: &Rows, at: usize, over: usize) -> String {
    let first = rows.len().saturating_sub(MOST);
    let points: Vec<(usize, f64)> = (first..rows.len())
        .filter_map(|row| {
            Some((
                row,
                number(rows.get(row, at)).filter(|one| one.is_finite())?,
            ))
        })
        .collect();
    let (Some((begin, _)), Some((end, _))) = (points.first(), points.last()) else {
        return String::new();
    };
    if points.len() < 2 {
        return String::new();
    }
    let low = points
        .iter()
        .map(|(_, one)| *one)
        .fold(f64::INFINITY, f64::min);
    let high = points
        .iter()
        .map(|(_, one)| *one)
        .fold(f64::NEG_INFINITY, f64::max);
    let mut out = String::from(
        "<svg class=\"spark\" viewBox=\"0 0 120 28\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
    );
    escape(&words(rows, *begin, over), &mut out);
    out.push_str(" to ");
    escape(&words(rows, *end, over), &mut out);
    out.push_str(": from ");
    real(low, &mut out);
    out.push_str(" to ");
    real(high, &mut out);
    out.push_str("\"><polyline points=\"");
    #[expect(clippy::cast_precision_loss, reason = "at most 240")]
    let step = WIDTH / (points.len() - 1) as f64;
    let span = if high > low { high - low } else { 1.0 };
    for (place, (_, one)) in points.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "at most 240")]
        let x = step * place as f64;
        let y = HEIGHT - 2.0 - (one - low) / span * (HEIGHT - 4.0);
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    out.push_str("\"/></svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cell, Column};

    #[test]
    fn a_line_has_a_point_for_each_number_and_words_for_those_who_do_not_see_it() {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: None,
        };
        let mut rows = Rows::new(vec![column("day"), column("n")]);
        for (day, n) in [("\"><script>", Some(1)), ("b", None), ("c", Some(3))] {
            rows.push(Cell::Text(day));
            rows.push(n.map_or(Cell::Null, Cell::Integer));
        }

        insta::assert_snapshot!(drawn(&rows, 1, 0), @r#"<svg class="spark" viewBox="0 0 120 28" preserveAspectRatio="none" role="img" aria-label="&quot;&gt;&lt;script&gt; to c: from 1 to 3"><polyline points="0.0,26.0 120.0,2.0 "/></svg>"#);
        assert!(drawn(&Rows::default(), 0, 0).is_empty());
    }
}
