//! One value as a cell of a table.

use crate::data::Cell;
use crate::surveys::map::{Datum, Kind, Missing, Variable};

/// Numbers up to this are whole to their last digit.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number without a fraction, where it has none.
#[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
pub(super) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// A code as a number among others.
#[expect(clippy::cast_precision_loss, reason = "codes are small")]
pub(super) fn real(code: i64) -> f64 {
    code as f64
}

/// A number as it is written: `3`, `0.5`.
pub(super) fn number(number: f64) -> String {
    match whole(number) {
        Some(whole) => whole.to_string(),
        None => ryu::Buffer::new().format(number).to_owned(),
    }
}

/// With codes: what was not asked is empty, what was not answered has its code.
pub(super) fn coded<'a>(variable: &Variable, datum: &'a Datum) -> Cell<'a> {
    match datum {
        Datum::NotAsked => Cell::Null,
        Datum::NotAnswered => Cell::Integer(variable.missing().not_answered),
        Datum::Number(number) => match whole(*number) {
            Some(whole) => Cell::Integer(whole),
            None => Cell::Real(*number),
        },
        Datum::Text(text) => Cell::Text(text),
    }
}

/// In words: a code says what it stands for, and so does what was not answered.
pub(super) fn labelled<'a>(variable: &'a Variable, datum: &'a Datum, lang: &str) -> Cell<'a> {
    match datum {
        Datum::NotAnswered => Cell::Text(Missing::NOT_ANSWERED),
        Datum::Number(number) => match label(variable, *number, lang) {
            Some(label) => Cell::Text(label),
            None => coded(variable, datum),
        },
        Datum::NotAsked | Datum::Text(_) => coded(variable, datum),
    }
}

/// A value for people: empty where there is none.
pub(in crate::surveys) fn shown(variable: &Variable, datum: &Datum, lang: &str) -> String {
    match datum {
        Datum::NotAsked | Datum::NotAnswered => String::new(),
        Datum::Number(value) => match label(variable, *value, lang) {
            Some(label) => label.to_owned(),
            None => number(*value),
        },
        Datum::Text(text) => text.clone(),
    }
}

/// What a code of a variable says, where it says something.
pub(super) fn label<'a>(variable: &'a Variable, number: f64, lang: &str) -> Option<&'a str> {
    if let (Kind::Flag, []) = (variable.kind, &*variable.codes) {
        return match whole(number)? {
            0 => Some(NOT_CHOSEN),
            1 => Some(CHOSEN),
            _ => None,
        };
    }
    let code = variable.code(whole(number)?)?;
    Some(code.label.text(lang)).filter(|label| !label.is_empty())
}

const NOT_CHOSEN: &str = "Not chosen";
const CHOSEN: &str = "Chosen";

/// Codes with what they say, as files that name them list them.
pub(in crate::surveys) fn codes<'a>(variable: &'a Variable, lang: &str) -> Vec<(i64, &'a str)> {
    if let (Kind::Flag, []) = (variable.kind, &*variable.codes) {
        return vec![(0, NOT_CHOSEN), (1, CHOSEN)];
    }
    let codes = variable.codes.iter();
    codes
        .map(|code| (code.code, code.label.text(lang)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::map::{Code, Labels};

    #[test]
    fn the_three_ways_of_missing_stay_apart() {
        let codes = vec![
            Code::new(1, Labels::english("Yes")),
            Code::new(8, Labels::english("Don't know")).unknown(),
        ];
        let variable = Variable::new("q", "q", Kind::Single, Labels::english("Q")).coded(codes);
        let cell = |datum: &Datum| {
            let (code, label) = (coded(&variable, datum), labelled(&variable, datum, "en"));
            format!("{code:?} {label:?}")
        };
        assert_eq!(cell(&Datum::NotAsked), "Null Null");
        assert_eq!(
            cell(&Datum::NotAnswered),
            r#"Integer(-9) Text("Not answered")"#
        );
        assert_eq!(
            cell(&Datum::Number(8.0)),
            r#"Integer(8) Text("Don't know")"#
        );
        assert_eq!(cell(&Datum::Number(3.0)), "Integer(3) Integer(3)");
        assert_eq!(cell(&Datum::Text(String::new())), r#"Text("") Text("")"#);
    }
}
