//! A supplier as a workspace knows it: its kind, and what was agreed with it.

use std::fmt;

use super::{Came, Reason, Supplier, of};
use crate::base::Secret;
use crate::store::{Error, Key};
use crate::surveys::format::Outcome;
use crate::web::WorkspaceId;

/// A supplier of a workspace.
#[derive(Clone)]
pub struct Known {
    /// As definitions and links name it.
    pub name: String,
    pub kind: &'static dyn Supplier,
    pub agreed: Agreed,
    /// The authority of its server for postbacks, as PEM; empty: this machine's own.
    pub ca: String,
}

/// What both sides know.
#[derive(Clone, Debug)]
pub struct Agreed {
    pub secret: Secret,
    /// One of the kind's ways; empty: the usual one.
    pub way: String,
    /// What the signature is called in entry links, and in exit addresses.
    pub entry: String,
    pub exit: String,
}

/// The same as it lies in the database.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub name: String,
    pub kind: String,
    pub secret: Option<Vec<u8>>,
    pub way: String,
    pub entry: String,
    pub exit: String,
    pub ca: String,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("name", &self.name)
            .field("kind", &self.kind.id())
            .finish_non_exhaustive()
    }
}

/// Where a secret is sealed for: moved to another supplier it does not open.
fn place(workspace: WorkspaceId, (kind, name): (&str, &str)) -> String {
    format!("supplier|{workspace}|{kind}|{name}|secret")
}

/// The secret for the table, where nobody reads it.
pub fn seal(
    key: &Key,
    workspace: WorkspaceId,
    of: (&str, &str),
    secret: &Secret,
) -> Result<Vec<u8>, Error> {
    key.seal_secret(&place(workspace, of), secret)
}

impl Known {
    /// Out of its seal; `None`: this version knows no such kind, or the seal is broken.
    pub fn open(key: &Key, workspace: WorkspaceId, sealed: Sealed) -> Option<Known> {
        let kind = of(&sealed.kind)?;
        let secret = match &sealed.secret {
            Some(secret) => {
                let place = place(workspace, (&sealed.kind, &sealed.name));
                key.open_secret(&place, secret)?.reveal().to_owned()
            }
            None if kind.secret().is_some() => return None,
            None => String::new(),
        };
        let usual = kind.signature();
        let named = |own: String, usual: Option<&str>| match own.as_str() {
            "" => usual.unwrap_or_default().to_owned(),
            _ => own,
        };
        Some(Known {
            name: sealed.name,
            agreed: Agreed {
                secret: Secret::from(secret),
                way: sealed.way,
                entry: named(sealed.entry, usual.entry),
                exit: named(sealed.exit, usual.exit),
            },
            ca: sealed.ca,
            kind,
        })
    }

    /// Looks at an entry link. Gives what was signed.
    pub fn check(&self, came: &Came<'_>) -> Result<Option<String>, Reason> {
        let fields = came.fields();
        let is_there = |key: &str| fields.get(key).is_some_and(|value| !value.is_empty());
        let mut needed = self
            .kind
            .brings()
            .iter()
            .filter(|brought| brought.is_needed);
        if needed.any(|brought| !is_there(brought.key)) {
            return Err(Reason::Missing);
        }
        self.kind.check(&self.agreed, came)
    }

    pub fn sign(&self, outcome: Outcome, address: String, known: &[(String, String)]) -> String {
        self.kind.sign(&self.agreed, (outcome, address), known)
    }
}

impl Agreed {
    /// Is that the way they sign?
    pub(super) fn is(&self, way: &str) -> bool {
        self.way == way
    }
}

#[cfg(test)]
pub(super) fn agreed(secret: &str, way: &str, names: (&str, &str)) -> Agreed {
    Agreed {
        secret: Secret::from(secret.to_owned()),
        way: way.to_owned(),
        entry: names.0.to_owned(),
        exit: names.1.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    fn sealed(kind: &str, secret: Option<Vec<u8>>) -> Sealed {
        Sealed {
            name: "panel_a".to_owned(),
            kind: kind.to_owned(),
            secret,
            way: String::new(),
            entry: String::new(),
            exit: String::new(),
            ca: String::new(),
        }
    }

    #[test]
    fn a_secret_opens_for_its_supplier_alone() {
        let (key, workspace) = (Key::random().unwrap(), WorkspaceId::new(Time(0)));
        let secret = Secret::from("correct horse".to_owned());

        let kept = seal(&key, workspace, ("lucid", "panel_a"), &secret).unwrap();

        assert!(!kept.windows(7).any(|piece| piece == b"correct"));
        let open = |sealed| Known::open(&key, workspace, sealed);
        let known = open(sealed("lucid", Some(kept.clone()))).unwrap();
        assert_eq!(known.agreed.secret.reveal(), "correct horse");
        assert_eq!(
            (&*known.agreed.entry, &*known.agreed.exit),
            ("hash", "hash")
        );
        assert!(!format!("{known:?}{:?}", known.agreed).contains("horse"));
        assert!(open(sealed("purespectrum", Some(kept.clone()))).is_none());
        assert!(open(sealed("lucid", None)).is_none());
        assert!(open(sealed("nobody", Some(kept))).is_none());
        assert!(open(sealed("prolific", None)).is_some());
    }
}
