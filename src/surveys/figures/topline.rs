//! The first look at a study: each question with its base and how often each
//! answer was given.

use super::Tally;
use super::tally::as_real;
use crate::surveys::map::{DataMap, Kind, Variable};

/// A question as a short table.
#[derive(Clone, Debug, PartialEq)]
pub struct Topline {
    /// The variable it is, or the multi-answer question.
    pub name: String,
    pub question: String,
    /// Respondents who gave an answer: what percentages are of.
    pub base: u64,
    pub not_answered: u64,
    pub not_asked: u64,
    pub condition: Option<String>,
    /// Several answers are possible: shares add up to more than everybody.
    pub is_multi: bool,
    pub lines: Vec<Line>,
    /// Count, mean, standard deviation, least and most, of a number.
    pub numbers: Option<super::Numbers>,
    /// Texts are not counted, only how many there are.
    pub is_open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub label: String,
    pub count: u64,
    /// Of the base, from 0 to 1.
    pub share: f64,
}

impl Line {
    fn new(label: String, count: u64, base: u64) -> Line {
        let share = if base == 0 {
            0.0
        } else {
            as_real(count) / as_real(base)
        };
        Line {
            label,
            count,
            share,
        }
    }
}

/// The questions of a map in order, the items of one question together.
pub fn toplines(map: &DataMap, tally: &Tally, lang: &str) -> Vec<Topline> {
    let mut toplines: Vec<Topline> = Vec::new();
    for (variable, counts) in map.variables.iter().zip(&tally.variables) {
        let head = || Topline {
            name: name(variable),
            question: String::new(),
            base: counts.answered,
            not_answered: counts.not_answered,
            not_asked: counts.not_asked,
            condition: variable.base.clone(),
            is_multi: variable.set.is_some(),
            lines: Vec::new(),
            numbers: None,
            is_open: false,
        };
        if variable.set.is_some() {
            let is_new = toplines
                .last()
                .is_none_or(|last| last.name != name(variable));
            if is_new {
                toplines.push(Topline {
                    question: variable.question.text(lang).to_owned(),
                    ..head()
                });
            }
            if let Some(last) = toplines.last_mut() {
                // An item that a filter kept away from some has a smaller base.
                last.base = last.base.max(counts.answered);
                let label = variable.label.text(lang).to_owned();
                let line = Line::new(label, counts.of_code(1), counts.answered);
                last.lines.push(line);
            }
            continue;
        }
        let base = counts.answered;
        let known = crate::surveys::exports::codes(variable, lang);
        let mut lines: Vec<_> = known
            .iter()
            .map(|(code, label)| Line::new((*label).to_owned(), counts.of_code(*code), base))
            .collect();
        // A code that a later version of the survey dropped is still an answer.
        let others = counts.codes.iter();
        let others = others.filter(|(code, _)| known.iter().all(|(known, _)| known != *code));
        lines.extend(others.map(|(code, count)| Line::new(code.to_string(), *count, base)));
        toplines.push(Topline {
            question: variable.full_label(lang),
            lines,
            numbers: matches!(variable.kind, Kind::Number { .. }).then_some(counts.numbers),
            is_open: !variable.kind.is_numeric(),
            ..head()
        });
    }
    toplines
}

/// The name of a question: that of its variable, or of the set it is in.
fn name(variable: &Variable) -> String {
    match (&variable.set, variable.turn) {
        (Some(set), Some(turn)) => format!("{set}_{turn}"),
        (Some(set), None) => set.clone(),
        (None, _) => variable.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::map::{Code, Datum, Labels};

    fn flag(name: &str, label: &str) -> Variable {
        Variable::new("brands", name, Kind::Flag, Labels::english("Which?"))
            .labelled(Labels::english(label))
            .of_set("brands")
    }

    #[test]
    fn shares_are_of_those_who_answered() {
        let codes = vec![
            Code::new(1, Labels::english("Yes")),
            Code::new(2, Labels::english("No")),
        ];
        let map = DataMap {
            variables: vec![
                Variable::new("q", "q", Kind::Single, Labels::english("Q?")).coded(codes),
                flag("brands_1", "A"),
                flag("brands_2", "B"),
            ],
            ..DataMap::default()
        };
        let number = Datum::Number;
        let mut records = vec![
            vec![number(1.0), number(1.0), number(1.0)],
            vec![number(1.0), number(1.0), number(0.0)],
            vec![number(2.0), Datum::NotAnswered, Datum::NotAnswered],
            vec![Datum::NotAnswered, Datum::NotAsked, Datum::NotAsked],
            vec![number(7.0), Datum::NotAsked, Datum::NotAsked],
        ];
        let tally = Tally::of(&map, &mut records).unwrap();

        let lines = toplines(&map, &tally, "en");

        assert_eq!(lines.len(), 2);
        let q = &lines[0];
        assert_eq!((q.base, q.not_answered), (4, 1));
        let found: Vec<_> = q
            .lines
            .iter()
            .map(|line| (&*line.label, line.count))
            .collect();
        assert_eq!(found, [("Yes", 2), ("No", 1), ("7", 1)]);
        assert!((q.lines[0].share - 0.5).abs() < 1e-12);
        let brands = &lines[1];
        assert_eq!((brands.base, brands.is_multi), (2, true));
        assert!((brands.lines[0].share - 1.0).abs() < 1e-12);
        assert!((brands.lines[1].share - 0.5).abs() < 1e-12);
    }
}
