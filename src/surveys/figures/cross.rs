//! One question by another: counts, shares of each column, and which columns
//! differ by more than chance.

use super::chance::{chi_square_p, normal_p};
use super::tally::{as_real, code_of};
use crate::surveys::exports::{Error, Records, codes};
use crate::surveys::map::{DataMap, Datum, Kind, Variable};

/// A cross table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cross {
    /// Everybody who is in the table.
    pub base: u64,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Chi-square, its degrees of freedom and its p value; `None` where
    /// several answers are possible, or where a row or column is all there is.
    pub chance: Option<(f64, u32, f64)>,
    /// Expected counts below five: then the p value is rough.
    pub is_thin: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub letter: String,
    pub label: String,
    pub base: u64,
    /// Fewer than 30 respondents: not compared with others.
    pub is_small: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub label: String,
    pub total: CrossCount,
    pub cells: Vec<CrossCount>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossCount {
    pub count: u64,
    /// Of the column's base, from 0 to 1.
    pub share: f64,
    /// The columns whose share is smaller at 95 %, by their letters.
    pub above: String,
}

/// Columns with fewer respondents are not compared.
const SMALL: u64 = 30;

/// What stands on one side of a table: the codes of a variable, or the items
/// of a multi-answer question.
struct Side<'a> {
    labels: Vec<String>,
    of: Of<'a>,
}

enum Of<'a> {
    Codes(&'a Variable, usize, Vec<i64>),
    Items(Vec<usize>),
}

impl Side<'_> {
    /// Finds a variable with codes, or a multi-answer question, by its name.
    fn find<'a>(map: &'a DataMap, name: &str, lang: &str) -> Option<Side<'a>> {
        let items: Vec<_> = map
            .variables
            .iter()
            .enumerate()
            .filter(|(_, variable)| set_name(variable).as_deref() == Some(name))
            .collect();
        if !items.is_empty() {
            let labels = items
                .iter()
                .map(|(_, item)| item.label.text(lang).to_owned());
            return Some(Side {
                labels: labels.collect(),
                of: Of::Items(items.iter().map(|(at, _)| *at).collect()),
            });
        }
        let at = map.variables.iter().position(|each| each.name == name)?;
        let variable = &map.variables[at];
        let known = codes(variable, lang);
        let is_coded = matches!(variable.kind, Kind::Single | Kind::Flag) && !known.is_empty();
        is_coded.then(|| Side {
            labels: known.iter().map(|(_, label)| (*label).to_owned()).collect(),
            of: Of::Codes(variable, at, known.iter().map(|(code, _)| *code).collect()),
        })
    }

    fn is_multi(&self) -> bool {
        matches!(self.of, Of::Items(_))
    }

    /// Which of its lines a respondent is in; `None` when they gave no answer.
    fn places(&self, record: &[Datum]) -> Option<Vec<usize>> {
        match &self.of {
            Of::Codes(variable, at, codes) => {
                let code = code_of(variable, record.get(*at)?)?;
                let place = codes.iter().position(|each| *each == code)?;
                Some(vec![place])
            }
            Of::Items(items) => {
                let given = |at: &usize| match record.get(*at) {
                    Some(datum @ Datum::Number(_)) => Some(*datum == Datum::Number(1.0)),
                    _ => None,
                };
                items.iter().any(|at| given(at).is_some()).then(|| {
                    let chosen = items.iter().enumerate();
                    let chosen = chosen.filter(|(_, at)| given(at) == Some(true));
                    chosen.map(|(place, _)| place).collect()
                })
            }
        }
    }
}

fn set_name(variable: &Variable) -> Option<String> {
    let set = variable.set.as_ref()?;
    Some(match variable.turn {
        Some(turn) => format!("{set}_{turn}"),
        None => set.clone(),
    })
}

/// The table of `rows` by `columns`, names of variables or of multi-answer
/// questions; `None` where one of them is no such thing.
pub fn crossing(
    map: &DataMap,
    records: &mut dyn Records,
    (rows, columns): (&str, &str),
    lang: &str,
) -> Result<Option<Cross>, Error> {
    let sides = (Side::find(map, rows, lang), Side::find(map, columns, lang));
    let (Some(down), Some(across)) = sides else {
        return Ok(None);
    };
    let mut counts = Counts {
        cells: vec![vec![0; across.labels.len()]; down.labels.len()],
        totals: vec![0; down.labels.len()],
        bases: vec![0; across.labels.len()],
        base: 0,
    };
    records.each(&mut |record| {
        if let (Some(down), Some(across)) = (down.places(record), across.places(record)) {
            counts.add(&down, &across);
        }
        Ok(())
    })?;
    Ok(Some(counts.table(&down, &across)))
}

struct Counts {
    cells: Vec<Vec<u64>>,
    totals: Vec<u64>,
    bases: Vec<u64>,
    base: u64,
}

impl Counts {
    fn add(&mut self, down: &[usize], across: &[usize]) {
        self.base += 1;
        for column in across {
            self.bases[*column] += 1;
        }
        for row in down {
            self.totals[*row] += 1;
            for column in across {
                self.cells[*row][*column] += 1;
            }
        }
    }

    fn table(self, down: &Side<'_>, across: &Side<'_>) -> Cross {
        // Columns that share respondents cannot be compared as if they did not.
        let compares = !across.is_multi();
        let columns = across.labels.iter().zip(&self.bases).enumerate();
        let columns: Vec<_> = columns
            .map(|(at, (label, base))| Column {
                letter: letter(at),
                label: label.clone(),
                base: *base,
                is_small: *base < SMALL,
            })
            .collect();
        let rows = down.labels.iter().zip(&self.totals).zip(&self.cells);
        let rows = rows.map(|((label, total), cells)| Row {
            label: label.clone(),
            total: CrossCount {
                count: *total,
                share: share(*total, self.base),
                above: String::new(),
            },
            cells: compared(cells, &columns, compares),
        });
        let rows = rows.collect();
        let (chance, is_thin) = if down.is_multi() || across.is_multi() {
            (None, false)
        } else {
            self.chance()
        };
        Cross {
            base: self.base,
            rows,
            columns,
            chance,
            is_thin,
        }
    }

    /// Pearson's chi-square over the rows and columns that have anybody in them.
    fn chance(&self) -> (Option<(f64, u32, f64)>, bool) {
        let rows = self.totals.iter().filter(|total| **total > 0).count();
        let columns = self.bases.iter().filter(|base| **base > 0).count();
        if rows < 2 || columns < 2 {
            return (None, false);
        }
        let (mut chi_square, mut is_thin) = (0.0, false);
        for (cells, total) in self.cells.iter().zip(&self.totals) {
            for (count, base) in cells.iter().zip(&self.bases) {
                if *total == 0 || *base == 0 {
                    continue;
                }
                let expected = as_real(*total) * as_real(*base) / as_real(self.base);
                is_thin |= expected < 5.0;
                chi_square += (as_real(*count) - expected).powi(2) / expected;
            }
        }
        let freedom = u32::try_from((rows - 1) * (columns - 1)).unwrap_or(u32::MAX);
        let p = chi_square_p(chi_square, freedom);
        (Some((chi_square, freedom, p)), is_thin)
    }
}

/// The cells of a row, each with the letters of the columns it is above.
fn compared(cells: &[u64], columns: &[Column], compares: bool) -> Vec<CrossCount> {
    let all = cells.iter().zip(columns);
    let all = all.map(|(count, column)| {
        let others = cells.iter().zip(columns);
        let above = others.filter(|(other, their)| {
            compares
                && !column.is_small
                && !their.is_small
                && is_above((*count, column.base), (**other, their.base))
        });
        CrossCount {
            count: *count,
            share: share(*count, column.base),
            above: above.map(|(_, their)| their.letter.as_str()).collect(),
        }
    });
    all.collect()
}

/// One share is above the other at 95 %: the two-sided z test of two
/// proportions with their pooled share.
fn is_above((count, base): (u64, u64), (other, their): (u64, u64)) -> bool {
    let (mine, theirs) = (share(count, base), share(other, their));
    if mine <= theirs {
        return false;
    }
    let pooled = share(count + other, base + their);
    let spread = pooled * (1.0 - pooled) * (1.0 / as_real(base) + 1.0 / as_real(their));
    spread > 0.0 && normal_p((mine - theirs) / spread.sqrt()) < 0.05
}

fn share(count: u64, base: u64) -> f64 {
    if base == 0 {
        return 0.0;
    }
    as_real(count) / as_real(base)
}

/// `A` to `Z`, then `AA`.
fn letter(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    match at / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letter(more - 1)),
    }
}

#[cfg(test)]
mod tests;
