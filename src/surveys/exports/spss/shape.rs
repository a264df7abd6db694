//! Variables in the terms of SPSS: formats, levels of measurement, missing values.

use jiff::civil::{Date, DateTime, Time};

use crate::base::text::shorten;
use crate::surveys::exports::cells;
use crate::surveys::map::{Kind, Missing, Variable};

/// Bytes a text of SPSS has at most.
pub(in crate::surveys::exports) const LONGEST: usize = 32_767;
/// Bytes of the label of a code.
const CODE_LABEL: usize = 120;
/// Bytes of the label of a variable.
const LABEL: usize = 250;

/// How a variable is kept and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surveys::exports) enum Shape {
    /// Its width and the digits after the point.
    Number(u8, u8),
    /// Bytes of its longest text.
    Text(usize),
    Date,
    DateTime,
    Time,
}

/// SPSS's levels of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surveys::exports) enum Measure {
    Nominal = 1,
    Scale = 3,
}

impl Shape {
    /// `longest` is the number of bytes of its longest text.
    pub(in crate::surveys::exports) fn of(variable: &Variable, longest: usize) -> Shape {
        match variable.kind {
            Kind::Single | Kind::Flag => Shape::Number(8, 0),
            Kind::Number { decimals } => {
                let decimals = decimals.min(16);
                Shape::Number(if decimals == 0 { 12 } else { 14 + decimals }, decimals)
            }
            // Never below 16, so that all texts are of SPSS's longer kind.
            Kind::Text | Kind::File => Shape::Text(longest.clamp(16, LONGEST)),
            Kind::Date => Shape::Date,
            Kind::DateTime => Shape::DateTime,
            Kind::Time => Shape::Time,
        }
    }

    /// As syntax writes it: `F8.0`, `A120`.
    pub(in crate::surveys::exports) fn syntax(self) -> String {
        match self {
            Shape::Number(width, decimals) => format!("F{width}.{decimals}"),
            Shape::Text(width) => format!("A{width}"),
            Shape::Date => "SDATE10".to_owned(),
            Shape::DateTime => "DATETIME20".to_owned(),
            Shape::Time => "TIME8".to_owned(),
        }
    }
}

impl Measure {
    pub(in crate::surveys::exports) fn of(variable: &Variable) -> Measure {
        match variable.kind {
            Kind::Number { .. } | Kind::Date | Kind::DateTime | Kind::Time => Measure::Scale,
            Kind::Single | Kind::Flag | Kind::Text | Kind::File => Measure::Nominal,
        }
    }

    pub(in crate::surveys::exports) fn word(self) -> &'static str {
        match self {
            Measure::Nominal => "NOMINAL",
            Measure::Scale => "SCALE",
        }
    }
}

/// The values a variable declares missing: SPSS takes three, or a span and one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::surveys::exports) struct Declared {
    pub(in crate::surveys::exports) span: Option<(i64, i64)>,
    pub(in crate::surveys::exports) single: Vec<i64>,
}

/// What was not asked and not answered is always declared; codes that say
/// "don't know" as far as there is room.
pub(in crate::surveys::exports) fn declared(variable: &Variable) -> Declared {
    let missing = variable.missing();
    let mut all = vec![missing.not_asked, missing.not_answered];
    let unknown = variable.codes.iter().filter(|code| code.is_unknown);
    all.extend(unknown.map(|code| code.code));
    if all.len() <= 3 {
        return Declared {
            span: None,
            single: all,
        };
    }
    let free = |of: &[i64]| {
        let (low, high) = (of.iter().min()?, of.iter().max()?);
        let mut known = variable.codes.iter().filter(|code| !code.is_unknown);
        let is_free = !known.any(|code| (*low..=*high).contains(&code.code));
        let lowest = variable.lowest.unwrap_or(f64::INFINITY);
        (is_free && cells::real(*high) < lowest).then_some((*low, *high))
    };
    if let Some(span) = free(&all) {
        return Declared {
            span: Some(span),
            single: Vec::new(),
        };
    }
    match free(&all[..2]) {
        Some(span) => Declared {
            span: Some(span),
            single: vec![all[2]],
        },
        None => Declared {
            span: None,
            single: all[..3].to_vec(),
        },
    }
}

/// The label of a variable, on one line and no longer than SPSS takes.
pub(in crate::surveys::exports) fn label(variable: &Variable, lang: &str) -> String {
    fit(&variable.full_label(lang), LABEL)
}

/// Codes with what they say, what is missing among them.
pub(in crate::surveys::exports) fn value_labels(
    variable: &Variable,
    lang: &str,
) -> Vec<(i64, String)> {
    let mut labels: Vec<_> = cells::codes(variable, lang)
        .into_iter()
        .map(|(code, label)| (code, fit(label, CODE_LABEL)))
        .collect();
    let missing = variable.missing();
    labels.push((missing.not_asked, Missing::NOT_ASKED.to_owned()));
    labels.push((missing.not_answered, Missing::NOT_ANSWERED.to_owned()));
    labels
}

/// One line of at most so many bytes.
pub(in crate::surveys::exports) fn fit(text: &str, bytes: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= bytes {
        return line;
    }
    let mut most = bytes.min(line.chars().count());
    loop {
        let short = shorten(&line, most).into_owned();
        if short.len() <= bytes {
            return short;
        }
        most = most.saturating_sub(1 + (short.len() - bytes) / 4);
    }
}

/// Moments as SPSS counts them: seconds since 14 October 1582, or of a day.
pub(in crate::surveys::exports) fn seconds(shape: Shape, text: &str) -> Option<f64> {
    let text = text.trim_end_matches('Z');
    let of_day = |time: Time| {
        let whole = i32::from(time.hour()) * 3600
            + i32::from(time.minute()) * 60
            + i32::from(time.second());
        f64::from(whole) + f64::from(time.subsec_nanosecond()) / 1e9
    };
    let of_date = |date: Date| {
        let first = Date::constant(1582, 10, 14);
        let days = first.until(date).ok()?.get_days();
        Some(f64::from(days) * 86_400.0)
    };
    match shape {
        Shape::Time => Some(of_day(text.parse().ok()?)),
        Shape::Date => of_date(text.parse().ok()?),
        Shape::DateTime => {
            let moment: DateTime = text.parse().ok()?;
            Some(of_date(moment.date())? + of_day(moment.time()))
        }
        Shape::Number(..) | Shape::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::map::{Code, Labels};

    fn coded(codes: &[(i64, bool)]) -> Variable {
        let codes = codes.iter().map(|(code, is_unknown)| Code {
            code: *code,
            label: Labels::english("x"),
            is_unknown: *is_unknown,
        });
        Variable::new("q", "q", Kind::Single, Labels::english("Q")).coded(codes.collect())
    }

    #[test]
    fn as_much_is_declared_missing_as_there_is_room_for() {
        let three = declared(&coded(&[(1, false), (8, true)]));
        assert_eq!(three.single, [-7, -9, 8]);
        let between = declared(&coded(&[(1, false), (-1, true), (-2, true)]));
        assert_eq!((between.span, between.single.len()), (Some((-9, -1)), 0));
        let apart = declared(&coded(&[(1, false), (98, true), (99, true)]));
        assert_eq!((apart.span, apart.single), (Some((-9, -7)), vec![98]));
        let in_the_way = declared(&coded(&[(-8, false), (98, true), (99, true)]));
        assert_eq!(in_the_way.single, [-7, -9, 98]);
    }

    #[test]
    fn labels_are_cut_between_letters() {
        assert_eq!(fit("two\n lines", 20), "two lines");
        for bytes in 3..40 {
            let cut = fit(&"🦀é".repeat(30), bytes);
            assert!(cut.len() <= bytes && cut.ends_with('…'), "{bytes}: {cut}");
        }
    }

    #[test]
    fn moments_are_seconds_of_the_gregorian_calendar() {
        assert_eq!(seconds(Shape::Date, "1582-10-15"), Some(86_400.0));
        assert_eq!(seconds(Shape::Date, "1970-01-01"), Some(12_219_379_200.0));
        assert_eq!(
            seconds(Shape::DateTime, "1970-01-01T00:00:01Z"),
            Some(12_219_379_201.0)
        );
        assert_eq!(seconds(Shape::Time, "01:00:30"), Some(3_630.0));
        assert_eq!(seconds(Shape::Date, "soon"), None);
    }
}
