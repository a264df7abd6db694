//! What is kept of a survey, and what can go wrong with it.

use crate::base::Time;
use crate::base::written::suggestion;
use crate::journal::Actor;
use crate::surveys::assets::Assets;
use crate::surveys::exports;
use crate::surveys::format::{Level, Outcome, Problem, Survey, exit_fault};
use crate::web::{Viewer, WorkspaceId};
use crate::{store, web};

/// What the text of a survey may weigh, in bytes.
pub(super) const MOST: usize = 1 << 20;
/// Ids that are addresses of ours under `/surveys/`.
const TAKEN: [&str; 2] = ["new", "import"];

/// Who does something, and in which workspace.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) workspace: WorkspaceId,
    pub(super) actor: Actor,
}

impl Author {
    pub(super) fn of(viewer: &Viewer) -> Author {
        Author {
            workspace: viewer.person.workspace,
            actor: viewer.actor(),
        }
    }

    /// Whoever sits at the console.
    pub(super) fn command_line(workspace: WorkspaceId) -> Author {
        Author {
            workspace,
            actor: Actor::command_line().in_workspace(workspace.to_string()),
        }
    }
}

/// How far a survey is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Draft,
    Live,
    Closed,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Live => "live",
            State::Closed => "closed",
        }
    }

    /// The database holds one of the three.
    pub(super) fn named(name: &str) -> State {
        match name {
            "live" => State::Live,
            "closed" => State::Closed,
            _ => State::Draft,
        }
    }

    /// The badge it wears.
    pub(super) fn badge(self) -> &'static str {
        match self {
            State::Draft => "",
            State::Live => " good",
            State::Closed => " warn",
        }
    }
}

/// A survey, with all that is known of it but its answers.
#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) id: String,
    /// The word in respondents' addresses.
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) draft_at: Time,
    pub(super) draft_by: String,
    /// The version respondents begin with.
    pub(super) version: Option<i64>,
    pub(super) state: State,
}

/// A survey in the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) state: State,
    pub(super) version: Option<i64>,
    pub(super) draft_at: Time,
    /// The draft says something else than the published version.
    pub(super) is_changed: bool,
}

/// One published version.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) number: i64,
    pub(super) note: String,
    pub(super) at: Time,
    pub(super) by: String,
}

/// A way in.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) name: String,
    /// Values that come with whoever uses it, as JSON.
    pub(super) entry: String,
    /// Addresses by outcome, as JSON.
    pub(super) exits: String,
    /// What is called from here, by outcome, as JSON.
    pub(super) postbacks: String,
    /// The name of the supplier whose respondents come by it; empty: nobody's.
    pub(super) supplier: String,
    /// The number that opens it.
    pub(super) list: Option<i64>,
    pub(super) is_open: bool,
    pub(super) created: Time,
    pub(super) created_by: String,
}

/// A text, and what is known about it.
pub(super) struct Read {
    /// `None` when it does not load.
    pub(super) survey: Option<Survey>,
    pub(super) problems: Vec<Problem>,
}

impl Read {
    pub(super) fn of(text: &str) -> Read {
        match Survey::read(text) {
            Ok(mut survey) => Read {
                problems: std::mem::take(&mut survey.problems),
                survey: Some(survey),
            },
            Err(problems) => Read {
                survey: None,
                problems,
            },
        }
    }

    /// The same, where the text belongs to the survey `id`.
    pub(super) fn of_survey(text: &str, id: &str) -> Read {
        let mut read = Read::of(text);
        if let Some(survey) = &read.survey
            && survey.id != id
        {
            let is_id = |line: &str| {
                let rest = line.strip_prefix("id").map(str::trim_start);
                rest.is_some_and(|rest| rest.starts_with('='))
            };
            let problem = Problem {
                line: text.lines().position(is_id).map_or(1, |at| at + 1),
                column: 1,
                message: format!(
                    "this survey is called `{id}`, and the text says `{}`; set `id = \"{id}\"`, or make a survey of its own from the text",
                    survey.id
                ),
                level: Level::Refused,
            };
            read.problems.insert(0, problem);
        }
        read
    }

    /// The same, where these are the pictures there are.
    pub(super) fn among(mut self, library: &Assets) -> Read {
        let shown = self.survey.iter().flat_map(Survey::pictures);
        let mut missing: Vec<Problem> = Vec::new();
        for picture in shown.filter(|picture| library.get(&picture.name).is_none()) {
            let at = (picture.position.line, picture.position.column);
            // A list that two questions share is mended once.
            if missing.iter().any(|known| (known.line, known.column) == at) {
                continue;
            }
            let known: Vec<&str> = library.names().collect();
            missing.push(Problem {
                line: at.0,
                column: at.1,
                message: format!(
                    "there is no picture `{}` under Assets: bring it there, or name another{}",
                    picture.name,
                    suggestion(&picture.name, &known)
                ),
                level: Level::Refused,
            });
        }
        self.problems.extend(missing);
        self.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        self
    }

    /// The same, where that stands against it besides.
    pub(super) fn against(mut self, found: Vec<Problem>) -> Read {
        self.problems.extend(found);
        self.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        self
    }

    /// The names of the pictures it shows.
    pub(super) fn pictures(&self) -> Vec<&str> {
        let shown = self.survey.iter().flat_map(Survey::pictures);
        shown.map(|picture| &*picture.name).collect()
    }

    pub(super) fn is_publishable(&self) -> bool {
        let stands = |problem: &Problem| problem.level >= Level::Refused;
        self.survey.is_some() && !self.problems.iter().any(stands)
    }
}

/// Refuses a text nobody could work with.
pub(super) fn fits(text: &str) -> Result<(), Error> {
    if text.len() > MOST {
        return Err(Error::Refused(format!(
            "the text has {} KiB, and a survey's may have {}",
            text.len() >> 10,
            MOST >> 10
        )));
    }
    Ok(())
}

/// An id that can be an address: small letters, digits, `-` and `_`.
pub(super) fn is_id(id: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=60).contains(&id.len()) && id.chars().all(fine) && !TAKEN.contains(&id)
}

/// Where respondents are sent, by outcome: lines of `complete https://…`.
pub(super) fn exits(lines: &str) -> Result<serde_json::Value, String> {
    let mut exits = serde_json::Map::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (outcome, to) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let Some(outcome) = Outcome::named(outcome) else {
            return Err(format!(
                "`{outcome}` is no outcome: write one of {}, a space, and an address",
                Outcome::NAMES.join(", ")
            ));
        };
        let to = to.trim();
        if to.len() > 2_000 || exit_fault(to).is_some() {
            return Err(format!(
                "write the address of {} in full, such as https://panel.example/end?pid={{pid}}, with nothing in braces before the first / behind the machine",
                outcome.name()
            ));
        }
        exits.insert(outcome.name().to_owned(), to.into());
    }
    Ok(exits.into())
}

/// What can go wrong with a survey, in the words of researchers.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("there is no such survey")]
    Missing,
    #[error("there is a survey called `{0}` already; choose another id")]
    Exists(String),
    /// The text is no whole survey; the problems say where.
    #[error("the text has problems; they are listed with their lines")]
    Problems(Vec<Problem>),
    /// Holds who changed it.
    #[error(
        "{0} saved this draft after you opened it; nothing of yours is lost, and nothing of theirs was overwritten"
    )]
    Stale(String),
    #[error("there is no supplier called `{0}` any more")]
    NoSupplier(String),
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Export(#[from] exports::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) | Error::Export(exports::Error::Store(error)) => error.into(),
            Error::Export(exports::Error::Disk(error)) => error.into(),
            Error::Export(exports::Error::Book(error)) => web::Error::Invalid(error.to_string()),
            Error::Export(error @ exports::Error::Packing(_)) => web::Error::broken(error),
            Error::Missing => web::Error::NotFound,
            Error::Exists(_) | Error::Stale(_) => web::Error::Conflict(error.to_string()),
            Error::Problems(_) | Error::NoSupplier(_) | Error::Refused(_) => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_an_address() {
        for id in ["brand-track", "a", "2026_wave"] {
            assert!(is_id(id), "{id}");
        }
        for id in [
            "",
            "new",
            "import",
            "../x",
            "a.b",
            "Ä",
            "A",
            &"a".repeat(61),
        ] {
            assert!(!is_id(id), "{id}");
        }
    }

    #[test]
    fn exits_are_whole_addresses_of_known_outcomes() {
        let exits_of = exits(
            "complete https://p.example/end?s=1&pid={pid}\n\nscreenout   https://p.example/so\n",
        );
        assert_eq!(exits_of.unwrap()["screenout"], "https://p.example/so");
        for wrong in [
            "done https://p.example",
            "complete http://p.example",
            "complete",
            "complete javascript:alert(1)",
            "complete https://a b",
            "complete https://{pid}/",
            "complete https://p.example@evil.example/",
        ] {
            assert!(exits(wrong).is_err(), "{wrong}");
        }
    }
}
