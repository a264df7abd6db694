//! What is taken out of an answer: by a path, as one of a few kinds of value, within limits.

use serde_json::Value;

use crate::base::json::Path;
use crate::surveys::map::{self, Code, Datum, Labels, Variable};

/// Characters of a text, where nothing else is said, and at the most.
const LETTERS: usize = 500;
const MOST_LETTERS: usize = 4_000;
/// Every whole number up to it is told apart from its neighbours.
const WHOLE: f64 = 9_007_199_254_740_991.0;
const DECIMALS: u8 = 6;

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    pub name: String,
    path: Path,
    pub sort: Sort,
    /// What stands in where there is none.
    pub otherwise: Datum,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sort {
    Text { most: usize },
    Number { low: f64, high: f64 },
    Integer { low: f64, high: f64 },
    Boolean,
}

impl Sort {
    /// `text 40`, `number 0..1`, `integer`, `boolean`.
    pub(super) fn parse(text: &str) -> Option<Sort> {
        let mut words = text.split_whitespace();
        let (kind, limit) = (words.next()?, words.next());
        if words.next().is_some() {
            return None;
        }
        let range = || match limit {
            None => Some((-WHOLE, WHOLE)),
            Some(limit) => {
                let (low, high) = limit.split_once("..")?;
                let (low, high): (f64, f64) = (low.parse().ok()?, high.parse().ok()?);
                (low.abs() <= WHOLE && high.abs() <= WHOLE && low <= high).then_some((low, high))
            }
        };
        match kind {
            "text" => {
                let most = limit.map_or(Ok(LETTERS), str::parse).ok()?;
                (1..=MOST_LETTERS)
                    .contains(&most)
                    .then_some(Sort::Text { most })
            }
            "number" => range().map(|(low, high)| Sort::Number { low, high }),
            "integer" => range().map(|(low, high)| Sort::Integer { low, high }),
            "boolean" if limit.is_none() => Some(Sort::Boolean),
            _ => None,
        }
    }

    /// A value of a definition, as its text has it.
    pub(super) fn written(self, text: &str) -> Option<Datum> {
        match self {
            Sort::Text { .. } => self.read(&text.into()),
            Sort::Number { .. } | Sort::Integer { .. } => {
                let number: f64 = text.trim().parse().ok()?;
                self.read(&number.into())
            }
            Sort::Boolean => self.read(&text.trim().parse::<bool>().ok()?.into()),
        }
    }

    /// A value of an answer; `None`: it is of another kind, or beyond the limits.
    fn read(self, value: &Value) -> Option<Datum> {
        let number = |low: f64, high: f64| {
            let number = value.as_f64()?;
            (low..=high).contains(&number).then_some(number)
        };
        match self {
            Sort::Text { most } => {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
                let fits = text.chars().count() <= most && !text.contains(is_odd);
                let datum = if text.is_empty() {
                    Datum::NotAnswered
                } else {
                    Datum::Text(text)
                };
                fits.then_some(datum)
            }
            Sort::Number { low, high } => number(low, high).map(Datum::Number),
            Sort::Integer { low, high } => number(low, high)
                .filter(|number| number.fract() == 0.0)
                .map(Datum::Number),
            Sort::Boolean => value
                .as_bool()
                .map(|truth| Datum::Number(f64::from(u8::from(truth)))),
        }
    }
}

impl Take {
    /// `path` is a pointer like `/customer/tier`, or names with points between.
    pub(super) fn new(name: &str, path: &str, sort: Sort, otherwise: Datum) -> Option<Take> {
        Some(Take {
            name: name.to_owned(),
            path: Path::parse(path)?,
            sort,
            otherwise,
        })
    }

    /// Its value in that answer; what is not there or null is as `otherwise` says. `None`:
    /// something else stands there.
    pub(super) fn of(&self, answer: &Value) -> Option<Datum> {
        match self.path.of(answer) {
            None | Some(Value::Null) => Some(self.otherwise.clone()),
            Some(value) => self.sort.read(value),
        }
    }

    /// A value that somebody gave in its place; `None`: it does not fit.
    pub fn given(&self, value: &Datum) -> Option<Datum> {
        match (value, self.sort) {
            (Datum::NotAsked | Datum::NotAnswered, _) => Some(Datum::NotAnswered),
            (Datum::Number(number), Sort::Boolean) if [0.0, 1.0].contains(number) => {
                Some(value.clone())
            }
            (Datum::Number(number), sort) => sort.read(&(*number).into()),
            (Datum::Text(text), sort) => sort.read(&text.as_str().into()),
        }
    }

    /// The variable it becomes.
    pub fn variable(&self, block: &str, question: Labels) -> Variable {
        let key = format!("{block}_{}", self.name);
        let kind = match self.sort {
            Sort::Text { .. } => map::Kind::Text,
            Sort::Number { .. } => map::Kind::Number { decimals: DECIMALS },
            Sort::Integer { .. } => map::Kind::Number { decimals: 0 },
            Sort::Boolean => map::Kind::Single,
        };
        let codes = match self.sort {
            Sort::Boolean => vec![
                Code::new(0, Labels::english("No")),
                Code::new(1, Labels::english("Yes")),
            ],
            _ => Vec::new(),
        };
        let lowest = match self.sort {
            Sort::Number { low, .. } | Sort::Integer { low, .. } if low > -WHOLE => Some(low),
            _ => None,
        };
        let variable = Variable {
            lowest,
            ..Variable::new(block, &key, kind, question)
        };
        variable.labelled(Labels::english(&self.name)).coded(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn take(path: &str, sort: &str) -> Take {
        let sort = Sort::parse(sort).unwrap();
        Take::new("x", path, sort, Datum::NotAnswered).unwrap()
    }

    #[test]
    fn a_value_is_found_by_its_path() {
        let answer = json!({ "a": { "b": ["x", { "c/d": "deep", "": "none" }] }, "m~n": 1 });
        for (path, found) in [
            ("/a/b/0", "x"),
            ("a.b.0", "x"),
            ("/a/b/1/c~1d", "deep"),
            ("a.b.1.c/d", "deep"),
            ("/a/b/1/", "none"),
            ("m~n", "1"),
            ("/m~0n", "1"),
        ] {
            let datum = take(path, "text").of(&answer);
            assert_eq!(datum, Some(Datum::Text(found.to_owned())), "{path}");
        }
        for absent in ["/a/b/2", "/a/b/-1", "/z", "/a/b/00", "a.b.c"] {
            assert_eq!(take(absent, "text").of(&answer), Some(Datum::NotAnswered));
        }
        assert_eq!(
            take("", "text").of(&json!("all")),
            Some(Datum::Text("all".to_owned()))
        );
        for wrong in ["a..b", ".a", "a."] {
            let sort = Sort::parse("text").unwrap();
            assert!(
                Take::new("x", wrong, sort, Datum::NotAnswered).is_none(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_value_is_of_its_kind_and_within_its_limits_or_none() {
        for (sort, value, datum) in [
            ("text 3", json!("abc"), Some(Datum::Text("abc".to_owned()))),
            ("text 3", json!("abcd"), None),
            ("text", json!(42), Some(Datum::Text("42".to_owned()))),
            ("text", json!(true), None),
            ("text", json!("a\u{0}b"), None),
            ("text", json!(""), Some(Datum::NotAnswered)),
            ("text", json!(["a"]), None),
            ("integer", json!(42), Some(Datum::Number(42.0))),
            ("integer", json!(42.0), Some(Datum::Number(42.0))),
            ("integer", json!(42.5), None),
            ("integer", json!("42"), None),
            ("integer", json!(1e300), None),
            ("integer 0..9", json!(10), None),
            ("number -1..1", json!(0.5), Some(Datum::Number(0.5))),
            ("number -1..1", json!(-1.5), None),
            ("boolean", json!(true), Some(Datum::Number(1.0))),
            ("boolean", json!(false), Some(Datum::Number(0.0))),
            ("boolean", json!(1), None),
            ("boolean", json!({}), None),
            ("number", json!(null), Some(Datum::NotAnswered)),
        ] {
            let found = take("/v", sort).of(&json!({ "v": value }));
            assert_eq!(found, datum, "{sort} {value}");
        }
    }

    #[test]
    fn a_kind_that_is_none_is_refused() {
        for wrong in [
            "",
            "word",
            "text 0",
            "text x",
            "text 9999",
            "text 5 6",
            "number 3..1",
            "integer 1",
            "integer NaN..5",
            "number 0..inf",
            "boolean 1",
        ] {
            assert_eq!(Sort::parse(wrong), None, "{wrong}");
        }
    }
}
