//! Why somebody is not let in.

/// Why somebody was turned away at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The key or the number in the address opens no link.
    NoLink,
    /// Something is not there that has to be.
    Missing,
    Unsigned,
    /// The signature does not fit.
    Tampered,
    /// The same signed link was used before.
    Replayed,
    /// The secret it is checked with is not here.
    NoSecret,
    /// It names an address to go back to that is nobody's here.
    Return,
    /// It is not open.
    Closed,
    /// Somebody with the same value came before.
    Before,
}

impl Reason {
    pub const ALL: [Reason; 9] = [
        Reason::NoLink,
        Reason::Missing,
        Reason::Unsigned,
        Reason::Tampered,
        Reason::Replayed,
        Reason::NoSecret,
        Reason::Return,
        Reason::Closed,
        Reason::Before,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Reason::NoLink => "no-link",
            Reason::Missing => "missing",
            Reason::Unsigned => "unsigned",
            Reason::Tampered => "tampered",
            Reason::Replayed => "replayed",
            Reason::NoSecret => "no-secret",
            Reason::Return => "return",
            Reason::Closed => "closed",
            Reason::Before => "before",
        }
    }

    pub fn named(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// In a few words, for the people who watch.
    pub fn words(self) -> &'static str {
        match self {
            Reason::NoLink => "There is no such link",
            Reason::Missing => "A value is missing or not as it has to be",
            Reason::Unsigned => "The link is not signed",
            Reason::Tampered => "The signature does not fit the link",
            Reason::Replayed => "A signed link was used again",
            Reason::NoSecret => "The secret to check it with is not here",
            Reason::Return => "The address to go back to is not allowed",
            Reason::Closed => "It was not open",
            Reason::Before => "The same respondent came before",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_goes_by_its_name() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.name()), Some(reason));
        }
    }
}
