//! How a call went, in one word of the data.

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    Answered,
    /// Nobody was asked: a test, or somebody made up.
    Skipped,
    /// Somebody who tries the survey out gave the answer.
    ByHand,
    Late,
    NotAllowed,
    Unreachable,
    Untrusted,
    Redirected,
    Refused,
    TooLarge,
    NotJson,
    Misfit,
    Address,
    Secret,
}

impl Went {
    pub const ALL: [Went; 14] = [
        Went::Answered,
        Went::Skipped,
        Went::ByHand,
        Went::Late,
        Went::NotAllowed,
        Went::Unreachable,
        Went::Untrusted,
        Went::Redirected,
        Went::Refused,
        Went::TooLarge,
        Went::NotJson,
        Went::Misfit,
        Went::Address,
        Went::Secret,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Went::Answered => "answered",
            Went::Skipped => "skipped",
            Went::ByHand => "by-hand",
            Went::Late => "late",
            Went::NotAllowed => "not-allowed",
            Went::Unreachable => "unreachable",
            Went::Untrusted => "untrusted",
            Went::Redirected => "redirected",
            Went::Refused => "refused",
            Went::TooLarge => "too-large",
            Went::NotJson => "not-json",
            Went::Misfit => "misfit",
            Went::Address => "address",
            Went::Secret => "secret",
        }
    }

    pub fn named(name: &str) -> Option<Went> {
        Went::ALL.into_iter().find(|went| went.name() == name)
    }

    /// What it means, for whoever has to put it right.
    pub fn words(self) -> &'static str {
        match self {
            Went::Answered => "it answered",
            Went::Skipped => "nobody was asked; the values of `otherwise` stand in",
            Went::ByHand => "its answer was given by hand",
            Went::Late => "it did not answer in the time that `timeout` gives it",
            Went::NotAllowed => {
                "whoever runs this server does not let it go there: [egress] allow in the configuration file"
            }
            Went::Unreachable => "there is no connection, or its name is not known",
            Went::Untrusted => "its certificate is not trusted; give its authority below",
            Went::Redirected => "it wanted us to go elsewhere, and nobody goes there",
            Went::Refused => "it answered with another status than 200 to 299",
            Went::TooLarge => "its answer has more than 64 KiB",
            Went::NotJson => "its answer is no JSON",
            Went::Misfit => "a value it sent is not of the kind that `as` says",
            Went::Address => {
                "no address could be made of the answers: one is empty, or has a / in it"
            }
            Went::Secret => "a secret that it is to be shown is not entered below",
        }
    }

    /// Did something go wrong?
    pub fn is_failure(self) -> bool {
        !matches!(self, Went::Answered | Went::Skipped | Went::ByHand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_a_word_of_its_own_that_is_found_again() {
        for went in Went::ALL {
            assert_eq!(Went::named(went.name()), Some(went));
            assert!(!went.words().is_empty());
        }
        assert_eq!(Went::named("lucky"), None);
    }
}
