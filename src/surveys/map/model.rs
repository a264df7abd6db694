//! Variables, their codes, and the three ways a value can be missing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Labels, Source};

/// What the answers of a survey become: variables in the order they are asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataMap {
    pub title: Labels,
    /// The survey's languages, its first one first.
    pub langs: Vec<String>,
    pub variables: Vec<Variable>,
    /// Blocks in loops that go round as often as somebody says.
    pub open_ended: BTreeSet<String>,
}

/// One column of the data: one value for each respondent.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Unique in the map whatever the case: letters, digits and `_`, a letter first.
    pub name: String,
    /// The name its answers are kept under; several turns share it.
    pub key: String,
    /// The question's text.
    pub question: Labels,
    /// Its own words, where a question has several variables: the row of a
    /// grid, the item of a multi-answer question. Empty where it is the question.
    pub label: Labels,
    pub kind: Kind,
    pub codes: Vec<Code>,
    /// The condition under which it was asked, as the definition writes it.
    pub base: Option<String>,
    /// The multi-answer question whose items this is one of.
    pub set: Option<String>,
    /// Which turn of its loop, from 1.
    pub turn: Option<u32>,
    /// What that turn is about, where it is about an item.
    pub turn_label: Labels,
    /// Left out unless it is asked for.
    pub is_personal: bool,
    /// The id of the block it comes from; empty for what every response has.
    pub block: String,
    /// No answer is below it, as far as the definition says.
    pub lowest: Option<f64>,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of its codes.
    Single,
    /// 1 where the item was chosen, 0 where it was not.
    Flag,
    Number {
        decimals: u8,
    },
    Text,
    /// `2026-11-21`
    Date,
    /// `14:30:00`
    Time,
    /// `2026-11-21T14:30:00Z`
    DateTime,
    /// The name of what was uploaded.
    File,
}

/// An answer one can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: i64,
    pub label: Labels,
    /// It says that the respondent does not know, or will not say: counted as
    /// asked and answered, and missing where means are made.
    pub is_unknown: bool,
}

/// One value of one respondent.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// Its question was never on their way.
    NotAsked,
    /// They saw the question and left it.
    NotAnswered,
    /// A number, a code, or 0 and 1 of a flag.
    Number(f64),
    /// Everything else, as the kind of its variable writes it.
    Text(String),
}

/// Variables that are the items of one multi-answer question.
#[derive(Clone, Debug, PartialEq)]
pub struct Set<'a> {
    pub name: &'a str,
    pub question: &'a Labels,
    pub turn: Option<u32>,
    pub variables: Vec<&'a Variable>,
}

/// The codes that stand for what is missing, where a format has no other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    pub not_asked: i64,
    pub not_answered: i64,
}

impl Missing {
    pub const NOT_ASKED: &'static str = "Not asked";
    pub const NOT_ANSWERED: &'static str = "Not answered";
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Single => "single",
            Kind::Flag => "flag",
            Kind::Number { .. } => "number",
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "datetime",
            Kind::File => "file",
        }
    }

    /// Its values are numbers: codes, flags, or numbers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Kind::Single | Kind::Flag | Kind::Number { .. })
    }
}

impl Code {
    pub fn new(code: i64, label: Labels) -> Code {
        Code {
            code,
            label,
            is_unknown: false,
        }
    }

    /// The same, saying that somebody does not know or will not say.
    #[must_use]
    pub fn unknown(self) -> Code {
        Code {
            is_unknown: true,
            ..self
        }
    }
}

impl Variable {
    /// A variable that is a question by itself.
    pub fn new(block: &str, name: &str, kind: Kind, question: Labels) -> Variable {
        Variable {
            name: name.to_owned(),
            key: name.to_owned(),
            question,
            label: Labels::default(),
            kind,
            codes: Vec::new(),
            base: None,
            set: None,
            turn: None,
            turn_label: Labels::default(),
            is_personal: false,
            block: block.to_owned(),
            lowest: None,
            source: Source::Answer,
        }
    }

    /// The same with words of its own, as one of several of its question.
    #[must_use]
    pub fn labelled(self, label: Labels) -> Variable {
        Variable { label, ..self }
    }

    #[must_use]
    pub fn coded(self, codes: Vec<Code>) -> Variable {
        Variable { codes, ..self }
    }

    /// The same as an item of the multi-answer question of that id.
    #[must_use]
    pub fn of_set(self, set: &str) -> Variable {
        Variable {
            set: Some(set.to_owned()),
            ..self
        }
    }

    /// The question, and its own words after it where it has some; and the turn.
    pub fn full_label(&self, lang: &str) -> String {
        let (question, own) = (self.question.text(lang), self.label.text(lang));
        let mut label = match (question, own) {
            (question, "") => question.to_owned(),
            ("", own) => own.to_owned(),
            (question, own) => format!("{question}: {own}"),
        };
        if let Some(turn) = self.turn {
            match self.turn_label.text(lang) {
                "" => label.extend([" (", &turn.to_string(), ")"]),
                about => label.extend([" (", about, ")"]),
            }
        }
        label
    }

    /// What one of its codes says.
    pub fn code(&self, code: i64) -> Option<&Code> {
        self.codes.iter().find(|each| each.code == code)
    }

    /// Numbers that none of its values can be: -7 and -9 where nothing is in
    /// the way, else the same with nines in front.
    pub fn missing(&self) -> Missing {
        let is_open =
            matches!(self.kind, Kind::Number { .. }) && self.lowest.is_none_or(|low| low <= -1.0);
        let mut nines = if is_open { 999_999_990 } else { 0 };
        loop {
            let missing = Missing {
                not_asked: -nines - 7,
                not_answered: -nines - 9,
            };
            let both = [missing.not_asked, missing.not_answered];
            let is_taken = self.codes.iter().any(|code| both.contains(&code.code));
            if !is_taken {
                return missing;
            }
            nines = nines * 10 + 90;
        }
    }
}

impl DataMap {
    /// The map without what tells who somebody is.
    #[must_use]
    pub fn without_personal(mut self) -> DataMap {
        self.variables.retain(|variable| !variable.is_personal);
        self
    }

    /// The language of labels where nobody chose one.
    pub fn lang(&self) -> &str {
        self.langs.first().map_or("en", String::as_str)
    }

    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// The multi-answer questions, in order; each turn of a loop has its own.
    pub fn sets(&self) -> Vec<Set<'_>> {
        let mut sets: Vec<Set<'_>> = Vec::new();
        for variable in &self.variables {
            let Some(name) = variable.set.as_deref() else {
                continue;
            };
            let found = sets
                .iter_mut()
                .find(|set| set.name == name && set.turn == variable.turn);
            match found {
                Some(set) => set.variables.push(variable),
                None => sets.push(Set {
                    name,
                    question: &variable.question,
                    turn: variable.turn,
                    variables: vec![variable],
                }),
            }
        }
        sets
    }

    /// As programs read it.
    pub fn json(&self) -> Value {
        json!({
            "title": self.title.json(),
            "languages": self.langs,
            "variables": self.variables.iter().map(Variable::json).collect::<Vec<_>>(),
        })
    }
}

impl Variable {
    fn json(&self) -> Value {
        let codes = self.codes.iter().map(|code| {
            json!({ "code": code.code, "label": code.label.json(), "unknown": code.is_unknown })
        });
        let missing = self.missing();
        let decimals = match self.kind {
            Kind::Number { decimals } => Some(decimals),
            _ => None,
        };
        json!({
            "name": self.name,
            "block": self.block,
            "kind": self.kind.name(),
            "decimals": decimals,
            "question": self.question.json(),
            "label": self.label.json(),
            "codes": codes.collect::<Vec<_>>(),
            "missing": { "not_asked": missing.not_asked, "not_answered": missing.not_answered },
            "base": self.base,
            "set": self.set,
            "turn": self.turn,
            "turn_label": self.turn_label.json(),
            "personal": self.is_personal,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_for_what_is_missing_are_nobodys_answer() {
        let text = |text: &str| Labels::english(text);
        let plain = Variable::new("q", "q", Kind::Single, text("Q"));
        assert_eq!(plain.missing().not_asked, -7);
        let taken = plain.clone().coded(vec![Code::new(-9, text("Minus nine"))]);
        assert_eq!(taken.missing().not_answered, -99);
        let twice = plain.coded(vec![Code::new(-9, text("a")), Code::new(-97, text("b"))]);
        assert_eq!(twice.missing().not_asked, -997);
        let open = Variable::new("n", "n", Kind::Number { decimals: 0 }, text("N"));
        assert_eq!(open.missing().not_answered, -999_999_999);
        let bounded = Variable {
            lowest: Some(0.0),
            ..open
        };
        assert_eq!(bounded.missing().not_answered, -9);
    }

    #[test]
    fn the_items_of_a_question_are_a_set_for_each_turn() {
        let item = |name: &str, turn| Variable {
            turn,
            ..Variable::new("q", name, Kind::Flag, Labels::english("Q")).of_set("q")
        };
        let map = DataMap {
            variables: vec![
                item("q_1_1", Some(1)),
                item("q_2_1", Some(1)),
                item("q_1_2", Some(2)),
            ],
            ..DataMap::default()
        };
        let sets = map.sets();
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[0].variables.len(), 2);
        assert_eq!(sets[1].turn, Some(2));
    }
}
