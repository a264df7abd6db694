//! How a respondent's way can end.

/// How it ended. Who is still on the way has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    Complete,
    Screenout,
    QuotaFull,
    Quality,
    Closed,
    Duplicate,
    Invalid,
}

impl Outcome {
    pub const ALL: [Outcome; 7] = [
        Outcome::Complete,
        Outcome::Screenout,
        Outcome::QuotaFull,
        Outcome::Quality,
        Outcome::Closed,
        Outcome::Duplicate,
        Outcome::Invalid,
    ];

    pub const NAMES: [&'static str; 7] = [
        "complete",
        "screenout",
        "quotafull",
        "quality",
        "closed",
        "duplicate",
        "invalid",
    ];

    pub fn name(self) -> &'static str {
        match self {
            Outcome::Complete => "complete",
            Outcome::Screenout => "screenout",
            Outcome::QuotaFull => "quotafull",
            Outcome::Quality => "quality",
            Outcome::Closed => "closed",
            Outcome::Duplicate => "duplicate",
            Outcome::Invalid => "invalid",
        }
    }

    pub fn named(name: &str) -> Option<Outcome> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_goes_by_its_name() {
        for (outcome, name) in Outcome::ALL.into_iter().zip(Outcome::NAMES) {
            assert_eq!(Outcome::named(name), Some(outcome));
            assert_eq!(outcome.name(), name);
        }
    }
}
