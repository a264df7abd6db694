//! What a survey writes to those it invites, and the rounds it does so in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::Time;
use crate::id;
use crate::surveys::keeping::Of;

id!(RoundId);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invitation,
    Reminder,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Invitation, Kind::Reminder];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Invitation => "invitation",
            Kind::Reminder => "reminder",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Invitation => "Invitation",
            Kind::Reminder => "Reminder",
        }
    }

    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A letter in one language, with gaps like `${link}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub subject: String,
    pub text: String,
}

/// How often and how soon somebody is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Reminders one person gets at the most.
    pub most: u32,
    /// Days between two letters to one person.
    pub gap: u32,
}

impl Rules {
    /// Who was written to after that moment is not reminded yet.
    pub fn before(self, now: Time) -> Time {
        now.plus(-i64::from(self.gap) * Time::DAY)
    }
}

/// What a survey says in its letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// By language; one that is not there is written in the survey's first.
    pub invitation: BTreeMap<String, Wording>,
    pub reminder: BTreeMap<String, Wording>,
    /// Where answers to letters go; empty: to the sender.
    pub reply_to: String,
    pub rules: Rules,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            invitation: BTreeMap::new(),
            reminder: BTreeMap::new(),
            reply_to: String::new(),
            rules: Rules { most: 2, gap: 3 },
        }
    }
}

impl Settings {
    pub fn of(&self, kind: Kind) -> &BTreeMap<String, Wording> {
        match kind {
            Kind::Invitation => &self.invitation,
            Kind::Reminder => &self.reminder,
        }
    }
}

/// What the letters of a round say, as it was when somebody confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub wordings: BTreeMap<String, Wording>,
    /// The language that stands in for those that are not written.
    pub lang: String,
    pub reply_to: String,
    pub rules: Rules,
    /// `https://host:port`: where respondents find this site.
    pub origin: String,
}

impl Said {
    /// The wording somebody of that language gets.
    pub fn wording(&self, lang: &str) -> Option<&Wording> {
        { self.wordings.get(lang) }.or_else(|| self.wordings.get(&self.lang))
    }
}

/// How far a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its day has not come.
    Waiting,
    Begun,
    Over,
    Stopped,
}

impl State {
    const ALL: [State; 4] = [State::Waiting, State::Begun, State::Over, State::Stopped];

    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Begun => "begun",
            State::Over => "over",
            State::Stopped => "stopped",
        }
    }

    /// The database holds one of them.
    pub fn named(name: &str) -> State {
        let found = State::ALL.into_iter().find(|state| state.name() == name);
        found.unwrap_or(State::Stopped)
    }

    pub fn is_open(self) -> bool {
        matches!(self, State::Waiting | State::Begun)
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            State::Waiting => "waits for its day",
            State::Begun => "on its way",
            State::Over => "over",
            State::Stopped => "stopped",
        }
    }

    /// The badge it wears.
    pub fn badge(self) -> &'static str {
        match self {
            State::Waiting | State::Begun => " info",
            State::Over => " good",
            State::Stopped => "",
        }
    }
}

/// A round of letters.
#[derive(Clone, Debug)]
pub struct Round {
    pub of: Of,
    pub id: RoundId,
    pub kind: Kind,
    pub said: Said,
    pub due: Time,
    pub state: State,
    /// How many letters it has, once it began.
    pub letters: u64,
    /// Why it did not go on.
    pub why: String,
    pub made: Time,
    pub by: String,
}
