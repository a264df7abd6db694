//! Numbers sorted into parts of equal width and counted.

use crate::apps::widgets::fields::number;
use crate::apps::widgets::figures::real;
use crate::data::{Cell, Column, ColumnType, Rows};

pub(super) const RANGE: &str = "range";
pub(super) const COUNT: &str = "count";

/// One row for each part: what it spans, where it begins and ends, how many numbers
/// are in it. The numbers are those of the column, or of the first that has any.
pub(super) fn counted(rows: &Rows, column: Option<&str>, wanted: Option<i64>) -> Rows {
    let numbers_of = |at: usize| -> Vec<f64> {
        let cells = (0..rows.len()).filter_map(|row| number(rows.get(row, at)));
        cells.filter(|number| number.is_finite()).collect()
    };
    let numbers = match column.and_then(|name| rows.column(name)) {
        Some(at) => numbers_of(at),
        None => { 0..rows.columns.len() }
            .map(numbers_of)
            .find(|numbers| !numbers.is_empty())
            .unwrap_or_default(),
    };
    let mut out = Rows::new(columns());
    if numbers.is_empty() {
        return out;
    }
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (start, width, parts) = parts(low, high, wanted.unwrap_or_else(|| usual(numbers.len())));
    let mut counts = vec![0_i64; parts];
    for number in numbers {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the number is not below the start, and the part is kept in range"
        )]
        let at = ((number - start) / width).max(0.0) as usize;
        counts[at.min(parts - 1)] += 1;
    }
    let mut from = start;
    for (at, count) in counts.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "at most fifty")]
        let to = start + width * (at + 1) as f64;
        let range = [text(from), " – ".to_owned(), text(to)].concat();
        out.push(Cell::Text(&range));
        out.push(Cell::Real(tidy(from)));
        out.push(Cell::Real(tidy(to)));
        out.push(Cell::Integer(count));
        from = to;
    }
    out
}

fn columns() -> Vec<Column> {
    let column = |name: &str, kind| Column {
        name: name.to_owned(),
        kind: Some(kind),
    };
    vec![
        column(RANGE, ColumnType::Text),
        column("from", ColumnType::Number),
        column("to", ColumnType::Number),
        column(COUNT, ColumnType::Integer),
    ]
}

/// As many parts as a reader can make something of: about the square root.
fn usual(count: usize) -> i64 {
    let mut parts = 5;
    while parts < 20 && parts * parts < count {
        parts += 1;
    }
    i64::try_from(parts).unwrap_or(20)
}

/// Where the first part begins, how wide each is, and how many there are: of round
/// width, and not more than was asked for by more than one.
fn parts(low: f64, high: f64, wanted: i64) -> (f64, f64, usize) {
    #[expect(clippy::cast_precision_loss, reason = "at most fifty")]
    let raw = (high - low) / wanted.clamp(2, 50) as f64;
    if raw <= 0.0 || !raw.is_finite() {
        return (low.floor(), 1.0, 1);
    }
    let scale = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let width = steps
        .iter()
        .map(|step| step * scale)
        .find(|width| *width >= raw * 0.999_999);
    let width = width.unwrap_or(10.0 * scale);
    let start = (low / width).floor() * width;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most a hundred"
    )]
    let parts = (((high - start) / width).floor() as usize + 1).min(100);
    (start, width, parts)
}

/// Without what adding up leaves behind the twelfth digit.
fn tidy(number: f64) -> f64 {
    format!("{number:.12e}").parse().unwrap_or(number)
}

fn text(number: f64) -> String {
    let mut out = String::new();
    real(tidy(number), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[f64], wanted: Option<i64>) -> Vec<(String, i64)> {
        let kind = Some(ColumnType::Number);
        let mut rows = Rows::new(vec![Column {
            name: "n".to_owned(),
            kind,
        }]);
        for number in numbers {
            rows.push(Cell::Real(*number));
        }
        let binned = counted(&rows, Some("n"), wanted);
        let row = |row| match (binned.get(row, 0), binned.get(row, 3)) {
            (Cell::Text(range), Cell::Integer(count)) => (range.to_owned(), count),
            other => panic!("{other:?}"),
        };
        (0..binned.len()).map(row).collect()
    }

    #[test]
    fn every_number_is_in_one_part_of_round_width() {
        let found = of(&[0.0, 1.0, 4.9, 5.0, 9.99, 10.0], Some(2));

        assert_eq!(
            found,
            [
                ("0 – 5".to_owned(), 3),
                ("5 – 10".to_owned(), 2),
                ("10 – 15".to_owned(), 1)
            ]
        );
        let many: Vec<f64> = (0..1000).map(|n| f64::from(n) * 0.1).collect();
        let found = of(&many, None);
        assert_eq!(found.iter().map(|(_, count)| count).sum::<i64>(), 1000);
        assert!((10..=30).contains(&found.len()), "{found:?}");
    }

    #[test]
    fn one_number_and_none_are_no_trouble() {
        assert_eq!(of(&[3.0, 3.0], None), [("3 – 4".to_owned(), 2)]);
        assert!(of(&[], None).is_empty());
        assert!(of(&[f64::NAN], None).is_empty());
    }
}
