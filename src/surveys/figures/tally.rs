//! How often each value occurs, counted while the responses go by.

use std::collections::BTreeMap;

use crate::surveys::exports::{Error, Records};
use crate::surveys::map::{DataMap, Datum, Kind, Variable};

/// Counts of every variable of a map, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub responses: u64,
    pub variables: Vec<VariableTally>,
}

/// Counts of one variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VariableTally {
    pub not_asked: u64,
    pub not_answered: u64,
    /// Answers, "don't know" among them.
    pub answered: u64,
    /// Answers that say "don't know".
    pub unknown: u64,
    /// By code: of a variable with codes, or a flag.
    pub codes: BTreeMap<i64, u64>,
    pub numbers: Numbers,
}

/// A mean and what goes with it, "don't know" left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Numbers {
    pub count: u64,
    pub mean: f64,
    /// The sum of squared distances from the mean.
    squares: f64,
    pub least: f64,
    pub most: f64,
}

impl Numbers {
    /// Welford's way: nothing is kept, and large numbers do not drown small ones.
    fn add(&mut self, number: f64) {
        self.count += 1;
        let count = as_real(self.count);
        let distance = number - self.mean;
        self.mean += distance / count;
        self.squares += distance * (number - self.mean);
        if self.count == 1 {
            (self.least, self.most) = (number, number);
        }
        self.least = self.least.min(number);
        self.most = self.most.max(number);
    }

    /// The standard deviation of a sample; `None` below two.
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / as_real(self.count - 1)).sqrt())
    }
}

/// A count among real numbers.
#[expect(clippy::cast_precision_loss, reason = "no study has 2^53 responses")]
pub(super) fn as_real(count: u64) -> f64 {
    count as f64
}

/// The code a value is, where it is one.
pub(super) fn code_of(variable: &Variable, datum: &Datum) -> Option<i64> {
    let Datum::Number(number) = datum else {
        return None;
    };
    let is_coded = matches!(variable.kind, Kind::Single | Kind::Flag);
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
    let code = whole.then_some(*number as i64)?;
    (is_coded || variable.code(code).is_some()).then_some(code)
}

impl VariableTally {
    fn add(&mut self, variable: &Variable, datum: &Datum) {
        match datum {
            Datum::NotAsked => {
                self.not_asked += 1;
                return;
            }
            Datum::NotAnswered => {
                self.not_answered += 1;
                return;
            }
            Datum::Number(_) | Datum::Text(_) => self.answered += 1,
        }
        let code = code_of(variable, datum);
        if let Some(code) = code {
            *self.codes.entry(code).or_default() += 1;
        }
        let is_unknown = code
            .and_then(|code| variable.code(code))
            .is_some_and(|code| code.is_unknown);
        if is_unknown {
            self.unknown += 1;
        } else if let (Kind::Number { .. }, Datum::Number(number)) = (variable.kind, datum) {
            self.numbers.add(*number);
        }
    }

    /// Whom it was asked.
    pub fn asked(&self) -> u64 {
        self.answered + self.not_answered
    }

    pub fn of_code(&self, code: i64) -> u64 {
        self.codes.get(&code).copied().unwrap_or_default()
    }
}

impl Tally {
    /// A tally of nobody yet.
    pub fn empty(map: &DataMap) -> Tally {
        Tally {
            responses: 0,
            variables: vec![VariableTally::default(); map.variables.len()],
        }
    }

    /// Counts one respondent.
    pub fn add(&mut self, map: &DataMap, record: &[Datum]) {
        self.responses += 1;
        let values = map.variables.iter().zip(record);
        for (tally, (variable, datum)) in self.variables.iter_mut().zip(values) {
            tally.add(variable, datum);
        }
    }

    pub fn of(map: &DataMap, records: &mut dyn Records) -> Result<Tally, Error> {
        let mut tally = Tally::empty(map);
        records.each(&mut |record| {
            tally.add(map, record);
            Ok(())
        })?;
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::map::{Code, Labels};

    #[test]
    fn what_is_missing_is_counted_apart_and_dont_know_is_no_number() {
        let codes = vec![Code::new(99, Labels::english("Don't know")).unknown()];
        let age = Variable::new(
            "age",
            "age",
            Kind::Number { decimals: 0 },
            Labels::english("Age"),
        )
        .coded(codes);
        let map = DataMap {
            variables: vec![age],
            ..DataMap::default()
        };
        let given = [
            Datum::Number(20.0),
            Datum::Number(40.0),
            Datum::Number(99.0),
            Datum::NotAnswered,
            Datum::NotAsked,
        ];
        let mut records: Vec<Vec<Datum>> = given.into_iter().map(|datum| vec![datum]).collect();

        let tally = Tally::of(&map, &mut records).unwrap();

        let age = &tally.variables[0];
        assert_eq!(tally.responses, 5);
        assert_eq!((age.asked(), age.answered, age.unknown), (4, 3, 1));
        assert_eq!((age.not_answered, age.not_asked), (1, 1));
        assert_eq!(age.of_code(99), 1);
        assert!((age.numbers.mean - 30.0).abs() < 1e-12);
        let deviation = age.numbers.deviation().unwrap();
        assert!((deviation - 14.142_135_623_730_951).abs() < 1e-12);
        assert_eq!((age.numbers.least, age.numbers.most), (20.0, 40.0));
    }
}
