//! The fields of a Triple-S row: an item of a question is a place in its
//! question's field, and what Triple-S has no code for gets a field that says so.

use super::super::super::cells::{number, whole};
use super::super::super::extent::Extent;
use super::super::super::texts::{one_line, quoted};
use crate::surveys::map::{DataMap, Datum, Kind, Variable};

/// A field of the data file, and what it is filled from.
pub(super) struct Field<'a> {
    pub(super) name: String,
    pub(super) of: Of<'a>,
}

/// What a field holds.
pub(super) enum Of<'a> {
    /// A running number.
    Serial,
    /// One variable, by its place in the map.
    One {
        variable: &'a Variable,
        at: usize,
        /// Letters of its longest text.
        letters: usize,
        /// The code that says it was asked and not answered.
        unanswered: Option<i64>,
    },
    /// The items of a multi-answer question.
    Many { items: Vec<(&'a Variable, usize)> },
    /// Whether that was asked at all: the filter of the field after it.
    Asked { at: usize },
}

/// The fields of a map, in its order.
pub(super) fn fields<'a>(map: &'a DataMap, extent: &Extent) -> Vec<Field<'a>> {
    let mut fields = vec![Field {
        name: free(map, "serial"),
        of: Of::Serial,
    }];
    for (at, variable) in map.variables.iter().enumerate() {
        match &variable.set {
            Some(set) => item(&mut fields, map, (set, variable, at)),
            None => one(&mut fields, map, (variable, at, extent.letters[at])),
        }
    }
    fields
}

/// A name that no variable has.
fn free(map: &DataMap, name: &str) -> String {
    let mut name = name.to_owned();
    while map
        .variables
        .iter()
        .any(|each| each.name.eq_ignore_ascii_case(&name))
    {
        name.push('_');
    }
    name
}

fn one<'a>(fields: &mut Vec<Field<'a>>, map: &DataMap, of: (&'a Variable, usize, usize)) {
    let (variable, at, letters) = of;
    let is_coded = matches!(
        variable.kind,
        Kind::Single | Kind::Flag | Kind::Number { .. }
    );
    if !is_coded {
        fields.push(asked(map, &variable.name, at));
    }
    fields.push(Field {
        name: variable.name.clone(),
        of: Of::One {
            variable,
            at,
            letters,
            unanswered: is_coded.then(|| unanswered(variable)),
        },
    });
}

fn item<'a>(fields: &mut Vec<Field<'a>>, map: &DataMap, of: (&str, &'a Variable, usize)) {
    let (set, variable, at) = of;
    let turn = variable.turn.map(|turn| format!("_{turn}"));
    let name = free(map, &format!("{set}{}", turn.unwrap_or_default()));
    let known = fields.iter_mut().find(|field| field.name == name);
    if let Some(Of::Many { items }) = known.map(|field| &mut field.of) {
        items.push((variable, at));
        return;
    }
    fields.push(asked(map, &name, at));
    fields.push(Field {
        name,
        of: Of::Many {
            items: vec![(variable, at)],
        },
    });
}

fn asked<'a>(map: &DataMap, name: &str, at: usize) -> Field<'a> {
    Field {
        name: free(map, &format!("{name}_asked")),
        of: Of::Asked { at },
    }
}

/// The first of 9, 99, 999 … that is nobody's code; below zero no code of
/// Triple-S lies, so where one of the survey does the codes are literal texts.
fn unanswered(variable: &Variable) -> i64 {
    let missing = variable.missing();
    if matches!(variable.kind, Kind::Number { .. }) {
        return missing.not_answered;
    }
    let mut code = 9;
    while variable.code(code).is_some() {
        code = code * 10 + 9;
    }
    code
}

impl Field<'_> {
    /// What the row of a respondent says there.
    pub(super) fn value(&self, serial: u64, record: &[Datum]) -> String {
        let datum = |at: usize| record.get(at).unwrap_or(&Datum::NotAsked);
        match &self.of {
            Of::Serial => serial.to_string(),
            Of::Asked { at } => u8::from(*datum(*at) != Datum::NotAsked).to_string(),
            Of::Many { items } => {
                let missing = items
                    .iter()
                    .all(|(_, at)| matches!(datum(*at), Datum::NotAsked | Datum::NotAnswered));
                if missing {
                    return String::new();
                }
                let marks = items.iter().map(|(_, at)| match datum(*at) {
                    chosen if *chosen == Datum::Number(1.0) => '1',
                    _ => '0',
                });
                marks.collect()
            }
            Of::One {
                variable,
                at,
                unanswered,
                ..
            } => match datum(*at) {
                Datum::NotAsked => String::new(),
                Datum::NotAnswered => unanswered.map(|code| code.to_string()).unwrap_or_default(),
                Datum::Number(value) => number(*value),
                Datum::Text(text) => plain(variable.kind, text),
            },
        }
    }
}

/// A text as Triple-S has it: dates and times as digits, the rest in quotes.
fn plain(kind: Kind, text: &str) -> String {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    match kind {
        Kind::Date => digits(text),
        // Hours, minutes and seconds, whether or not seconds were given.
        Kind::Time => format!("{:0<6.6}", digits(text)),
        _ => quoted(&one_line(text)),
    }
}

/// Its codes lie where those of Triple-S do.
pub(super) fn is_numeric(variable: &Variable) -> bool {
    variable.codes.iter().all(|code| code.code >= 0)
}

/// The span of a number's values as it is declared.
pub(super) fn span(variable: &Variable) -> (String, String) {
    let from = variable
        .lowest
        .and_then(whole)
        .map_or_else(|| "-999999999".to_owned(), |lowest| lowest.to_string());
    (from, "999999999".to_owned())
}
