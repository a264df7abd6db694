//! What every response has, whatever was asked.

use super::{Code, Kind, Labels, Variable};
use crate::surveys::format::Outcome;

/// Where the value of a variable comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Somebody answered, or the survey worked it out.
    #[default]
    Answer,
    /// It came with the respondent's link.
    Entry,
    /// It is known of every response.
    Standard(Standard),
}

/// What is known of every response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    Respondent,
    Outcome,
    Started,
    Ended,
    Lang,
    Version,
    Link,
}

/// Still on the way, or gone without a word.
pub const PARTIAL: i64 = 4;

/// The number an outcome has in files.
pub fn outcome_code(outcome: Option<Outcome>) -> i64 {
    match outcome {
        Some(Outcome::Screenout) => 1,
        Some(Outcome::QuotaFull) => 2,
        Some(Outcome::Complete) => 3,
        None => PARTIAL,
        Some(Outcome::Quality) => 5,
        Some(Outcome::Closed) => 6,
        Some(Outcome::Duplicate) => 7,
        Some(Outcome::Invalid) => 8,
    }
}

/// The words of an outcome, for people.
pub fn outcome_words(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Complete) => "Complete",
        Some(Outcome::Screenout) => "Screened out",
        Some(Outcome::QuotaFull) => "Quota full",
        Some(Outcome::Quality) => "Quality",
        Some(Outcome::Closed) => "Closed",
        Some(Outcome::Duplicate) => "Duplicate",
        Some(Outcome::Invalid) => "Invalid",
        None => "Not finished",
    }
}

/// The variables that come first in every map.
pub(super) fn variables() -> Vec<Variable> {
    let mut outcomes: Vec<_> = Outcome::ALL.into_iter().map(Some).collect();
    outcomes.push(None);
    let mut codes: Vec<_> = outcomes
        .into_iter()
        .map(|each| Code::new(outcome_code(each), Labels::english(outcome_words(each))))
        .collect();
    codes.sort_by_key(|code| code.code);
    let number = Kind::Number { decimals: 0 };
    let all = [
        (
            Standard::Respondent,
            "respondent",
            number,
            "Number of the respondent",
        ),
        (Standard::Outcome, "outcome", Kind::Single, "How it ended"),
        (Standard::Started, "started", Kind::DateTime, "Began (UTC)"),
        (Standard::Ended, "ended", Kind::DateTime, "Ended (UTC)"),
        (Standard::Lang, "lang", Kind::Text, "Language"),
        (
            Standard::Version,
            "version",
            number,
            "Version of the survey",
        ),
        (Standard::Link, "link", Kind::Text, "Link they came by"),
    ];
    let variables = all.into_iter().map(|(what, name, kind, label)| Variable {
        source: Source::Standard(what),
        lowest: Some(1.0),
        codes: match what {
            Standard::Outcome => codes.clone(),
            _ => Vec::new(),
        },
        ..Variable::new("", name, kind, Labels::english(label))
    });
    variables.collect()
}
