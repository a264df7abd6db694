//! What a kind of supplier has to say and do.

use super::{ALL, Agreed, Came, Reason};
use crate::surveys::format::Outcome;

/// A kind of supplier of respondents.
pub trait Supplier: Sync {
    /// Its word in addresses and definitions, such as `lucid`.
    fn id(&self) -> &'static str;

    /// What people call it.
    fn name(&self) -> &'static str;

    /// What to do there and here, in a few sentences.
    fn help(&self) -> &'static str;

    /// What its entry links bring; kept with each respondent.
    fn brings(&self) -> &'static [Parameter];

    /// What it calls the secret both sides have; `None`: nothing is signed.
    fn secret(&self) -> Option<&'static str> {
        None
    }

    /// Why that is no secret of theirs.
    fn secret_fault(&self, secret: &str) -> Option<&'static str> {
        let is_fit = (8..=500).contains(&secret.len());
        (!is_fit).then_some("write a secret of 8 to 500 characters, as the supplier gave it")
    }

    /// The ways it makes a signature, the usual one first; empty where there is one.
    fn ways(&self) -> &'static [Way] {
        &[]
    }

    /// What the signature is called, where the supplier says nothing else.
    fn signature(&self) -> Signature {
        Signature::default()
    }

    /// What it calls an outcome.
    fn code(&self, outcome: Outcome) -> &'static str;

    /// Where it takes respondents back; `None`: the addresses are the project's own
    /// and stand at the link.
    fn exit(&self, _outcome: Outcome) -> Option<&'static str> {
        None
    }

    /// Looks at an entry link. Gives what was signed, the same for every way of
    /// writing it; `None` where entry links are not signed.
    ///
    /// # Errors
    ///
    /// Why nobody is let in by it.
    fn check(&self, agreed: &Agreed, came: &Came<'_>) -> Result<Option<String>, Reason>;

    /// The address somebody leaves by at that outcome, signed. `known` is what came
    /// with them.
    fn sign(
        &self,
        agreed: &Agreed,
        leaving: (Outcome, String),
        known: &[(String, String)],
    ) -> String;
}

/// A parameter that entry links bring.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub key: &'static str,
    /// Without it nobody comes in.
    pub is_needed: bool,
    /// It tells who somebody is: one respondent for each.
    pub is_unique: bool,
}

/// A way to make a signature: its word, and what it is in a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub id: &'static str,
    pub name: &'static str,
}

/// What the signature is called in entry links and exit addresses; `None` where
/// there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signature {
    pub entry: Option<&'static str>,
    pub exit: Option<&'static str>,
}

impl Parameter {
    /// It tells who somebody is.
    pub(super) const fn who(key: &'static str) -> Parameter {
        Parameter {
            key,
            is_needed: true,
            is_unique: true,
        }
    }

    pub(super) const fn needed(key: &'static str) -> Parameter {
        Parameter {
            key,
            is_needed: true,
            is_unique: false,
        }
    }

    pub(super) const fn perhaps(key: &'static str) -> Parameter {
        Parameter {
            key,
            is_needed: false,
            is_unique: false,
        }
    }
}

/// The kind of that id.
pub fn of(id: &str) -> Option<&'static dyn Supplier> {
    ALL.iter().copied().find(|kind| kind.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::format::exit_fault;

    #[test]
    fn every_kind_is_found_and_sends_nobody_elsewhere() {
        for kind in ALL {
            assert_eq!(of(kind.id()).map(Supplier::id), Some(kind.id()));
            assert_eq!(kind.secret().is_some(), kind.signature().exit.is_some());
            for outcome in Outcome::ALL {
                let fault = kind.exit(outcome).and_then(exit_fault);
                assert_eq!(fault, None, "{} {}", kind.id(), outcome.name());
            }
        }
        assert!(of("decipher").is_none());
    }
}
