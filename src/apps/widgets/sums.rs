//! What is made of the values that fall together.

use std::collections::HashMap;

use crate::apps::widgets::cells;
use crate::apps::widgets::fields::number;
use crate::data::{Cell, Rows};

/// Lines a table can have, and columns.
const MOST: [usize; 2] = [500, 60];

pub(super) static HOW: &[&str] = &["sum", "count", "avg", "min", "max"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Sum,
    Count,
    Avg,
    Min,
    Max,
}

impl How {
    pub(super) fn of(said: Option<&str>, has_value: bool) -> How {
        match said {
            Some("avg") => How::Avg,
            Some("min") => How::Min,
            Some("max") => How::Max,
            Some("count") => How::Count,
            _ if has_value => How::Sum,
            _ => How::Count,
        }
    }
}

/// All that can be asked of some numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    rows: u32,
    numbers: u32,
    whole: f64,
    ends: Option<(f64, f64)>,
}

impl Sum {
    fn add(&mut self, cell: Option<Cell<'_>>) {
        let Some(cell) = cell else {
            self.rows += 1;
            return;
        };
        if cell != Cell::Null {
            self.rows += 1;
        }
        if let Some(number) = number(cell) {
            self.numbers += 1;
            self.whole += number;
            let (low, high) = self.ends.unwrap_or((number, number));
            self.ends = Some((low.min(number), high.max(number)));
        }
    }

    fn join(&mut self, other: &Sum) {
        self.rows += other.rows;
        self.numbers += other.numbers;
        self.whole += other.whole;
        self.ends = match (self.ends, other.ends) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (mine, theirs) => mine.or(theirs),
        };
    }

    pub(super) fn get(&self, how: How) -> Option<f64> {
        let is_any = self.numbers > 0;
        match how {
            How::Count => (self.rows > 0).then(|| f64::from(self.rows)),
            How::Sum => is_any.then_some(self.whole),
            How::Avg => is_any.then(|| self.whole / f64::from(self.numbers)),
            How::Min => self.ends.map(|(low, _)| low),
            How::Max => self.ends.map(|(_, high)| high),
        }
    }
}

/// The table: a row of the query stands for each name and for each cell.
#[derive(Debug, Default)]
pub(super) struct Square {
    pub(super) down: Vec<usize>,
    pub(super) across: Vec<usize>,
    cells: HashMap<(usize, usize), (usize, Sum)>,
    /// There was more than a table can show.
    pub(super) is_cut: bool,
}

impl Square {
    pub(super) fn of(rows: &Rows, [down, across]: [usize; 2], value: Option<usize>) -> Square {
        let mut square = Square::default();
        let (down, lines) = names(rows, down, MOST[0]);
        let (across, columns) = names(rows, across, MOST[1]);
        for row in 0..rows.len() {
            let (Some(line), Some(column)) = (lines[row], columns[row]) else {
                square.is_cut = true;
                continue;
            };
            let (_, sum) = square
                .cells
                .entry((line, column))
                .or_insert_with(|| (row, Sum::default()));
            sum.add(value.map(|at| rows.get(row, at)));
        }
        Square {
            down,
            across,
            ..square
        }
    }

    pub(super) fn cell(&self, down: usize, across: usize) -> Option<(usize, &Sum)> {
        self.cells
            .get(&(down, across))
            .map(|(row, sum)| (*row, sum))
    }

    /// Of each cell that has any row, in no order.
    pub(super) fn all(&self) -> Vec<&Sum> {
        self.cells.values().map(|(_, sum)| sum).collect()
    }

    pub(super) fn of_line(&self, down: usize) -> Sum {
        self.total(|cell| cell.0 == down)
    }

    pub(super) fn of_column(&self, across: usize) -> Sum {
        self.total(|cell| cell.1 == across)
    }

    pub(super) fn of_all(&self) -> Sum {
        self.total(|_| true)
    }

    /// In the table's order, so that the same rows always make the same total.
    fn total(&self, is_in: impl Fn((usize, usize)) -> bool) -> Sum {
        let mut found: Vec<_> = self
            .cells
            .iter()
            .filter(|(cell, _)| is_in(**cell))
            .collect();
        found.sort_unstable_by_key(|(cell, _)| **cell);
        let mut total = Sum::default();
        for (_, (_, sum)) in found {
            total.join(sum);
        }
        total
    }
}

/// The values of a column, each by the first row that has it, and for each row the
/// place of its value. Numbers and days are put in order; words stay as they came.
fn names(rows: &Rows, at: usize, most: usize) -> (Vec<usize>, Vec<Option<usize>>) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut firsts: Vec<usize> = Vec::new();
    let found: Vec<usize> = (0..rows.len())
        .map(|row| {
            *places
                .entry(cells::text(rows.get(row, at)))
                .or_insert_with(|| {
                    firsts.push(row);
                    firsts.len() - 1
                })
        })
        .collect();
    let mut order: Vec<usize> = (0..firsts.len()).collect();
    let begins_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let is_ordered = firsts.iter().all(|row| match rows.get(*row, at) {
        Cell::Text(text) => begins_with_digit(text),
        _ => true,
    });
    if is_ordered {
        order.sort_by(|one, other| {
            let [one, other] = [one, other].map(|place| rows.get(firsts[*place], at));
            match (number(one), number(other)) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                _ => cells::text(one).cmp(&cells::text(other)),
            }
        });
    }
    let mut places = vec![None; firsts.len()];
    for (new, old) in order.iter().take(most).enumerate() {
        places[*old] = Some(new);
    }
    let shown = order.iter().take(most).map(|old| firsts[*old]).collect();
    (shown, found.into_iter().map(|old| places[old]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Column;

    fn rows(of: &[(&str, i64, Option<f64>)]) -> Rows {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: None,
        };
        let mut rows = Rows::new(["town", "year", "amount"].map(column).into());
        for (town, year, amount) in of {
            rows.push(Cell::Text(town));
            rows.push(Cell::Integer(*year));
            rows.push(amount.map_or(Cell::Null, Cell::Real));
        }
        rows
    }

    #[test]
    fn an_average_of_all_is_not_one_of_averages() {
        let rows = rows(&[
            ("Oslo", 2026, Some(1.0)),
            ("Oslo", 2025, Some(2.0)),
            ("Bergen", 2026, Some(9.0)),
            ("Oslo", 2026, Some(4.0)),
            ("Oslo", 2026, None),
        ]);
        let square = Square::of(&rows, [0, 1], Some(2));

        assert_eq!(
            square
                .across
                .iter()
                .map(|row| rows.get(*row, 1))
                .collect::<Vec<_>>(),
            [Cell::Integer(2025), Cell::Integer(2026)]
        );
        let (_, oslo) = square.cell(0, 1).unwrap();
        assert_eq!(
            (oslo.get(How::Sum), oslo.get(How::Count), oslo.get(How::Avg)),
            (Some(5.0), Some(2.0), Some(2.5))
        );
        assert!(square.cell(1, 0).is_none());
        assert_eq!(square.of_all().get(How::Avg), Some(4.0));
        assert_eq!(square.of_line(0).get(How::Min), Some(1.0));
        assert_eq!(square.of_column(1).get(How::Max), Some(9.0));
    }

    #[test]
    fn without_a_value_rows_are_counted() {
        let square = Square::of(&rows(&[("a", 1, None), ("a", 1, None)]), [0, 1], None);

        assert_eq!(square.of_all().get(How::Count), Some(2.0));
        assert_eq!(square.of_all().get(How::Sum), None);
    }

    #[test]
    fn more_than_a_table_shows_is_said() {
        let many: Vec<(&str, i64, Option<f64>)> =
            (0..100).map(|year| ("a", year, Some(1.0))).collect();
        let square = Square::of(&rows(&many), [0, 1], Some(2));

        assert!(square.is_cut);
        assert_eq!(square.across.len(), 60);
    }
}
