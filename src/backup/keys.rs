//! Whose keys seal a backup: an identity for each workspace and one for the
//! rest, kept in the keyring, and the keyring itself sealed for the operators.
//!
//! So a workspace's backups can be opened only as long as the keyring holds its
//! identity. Destroyed there, it lives on in no more than two sealed keyrings
//! at each destination, which the next ones push out.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Error;
use super::manifest::{read_sealed, write_sealed};
use crate::age::{Identity, Recipient};
use crate::site::SYSTEM;
use crate::store::Keyring;

const PREFIX: &str = "backup:";
/// How many sealed keyrings lie at a destination.
pub(super) const GENERATIONS: usize = 2;
/// The key that signs manifests, as the journal keeps it.
const SIGNING: &str = "audit:signing";

/// The identity that opens what belongs to that owner, made now if there is none.
pub(super) fn identity(keyring: &Keyring, owner: &str) -> Result<Identity, Error> {
    if let Some(found) = kept(keyring, owner)? {
        return Ok(found);
    }
    let made = Identity::random()?;
    keyring.keep(&format!("{PREFIX}{owner}"), made.words().as_bytes())?;
    Ok(made)
}

fn kept(keyring: &Keyring, owner: &str) -> Result<Option<Identity>, Error> {
    let words = keyring.secret(&format!("{PREFIX}{owner}"))?;
    words.map(|words| parse(&words)).transpose()
}

fn parse(words: &[u8]) -> Result<Identity, Error> {
    let words = std::str::from_utf8(words).map_err(|_not_text| crate::age::Error::BadIdentity)?;
    Ok(Identity::parse(words)?)
}

/// Destroys the identities of workspaces whose files have no key any more. Gives
/// how many there were.
pub(super) fn forget_ended(keyring: &Keyring) -> Result<usize, Error> {
    let names = keyring.names()?;
    let has_file = |owner: &str| {
        names
            .iter()
            .any(|name| name.strip_prefix("file:") == Some(owner))
    };
    let mut count = 0;
    for name in &names {
        let Some(owner) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if owner != SYSTEM && !has_file(owner) {
            keyring.destroy(name)?;
            count += 1;
        }
    }
    Ok(count)
}

/// What lies at a destination as `keyring/….age`.
#[derive(Serialize, Deserialize)]
struct Written {
    form: u32,
    /// Name and value of each secret, in Base64.
    secrets: Vec<(String, String)>,
    tombstones: serde_json::Value,
}

/// The keyring as it was sealed, opened.
pub(super) struct Secrets {
    all: Vec<(String, Zeroizing<Vec<u8>>)>,
    pub(super) tombstones: serde_json::Value,
}

impl Secrets {
    /// Those of this instance, as they are now.
    pub(super) fn of(keyring: &Keyring, tombstones: serde_json::Value) -> Result<Secrets, Error> {
        let mut all = Vec::new();
        for name in keyring.names()? {
            if let Some(value) = keyring.secret(&name)? {
                all.push((name, value));
            }
        }
        Ok(Secrets { all, tombstones })
    }

    pub(super) fn write(
        &self,
        to: &std::path::Path,
        recipients: &[Recipient],
    ) -> Result<(), Error> {
        let secrets = self.all.iter();
        let written = Written {
            form: super::manifest::FORM,
            secrets: secrets
                .map(|(name, value)| (name.clone(), BASE64.encode(value)))
                .collect(),
            tombstones: self.tombstones.clone(),
        };
        let json = serde_json::to_vec(&written).map_err(std::io::Error::other)?;
        let json = Zeroizing::new(json);
        for (_, value) in written.secrets {
            drop(Zeroizing::new(value));
        }
        write_sealed(to, &json, recipients)
    }

    pub(super) fn read(from: &std::path::Path, ours: &[Identity]) -> Result<Secrets, Error> {
        let json = Zeroizing::new(read_sealed(from, ours)?);
        let written: Written = serde_json::from_slice(&json).map_err(|_wrong| Error::NoKeyring)?;
        if written.form != super::manifest::FORM {
            return Err(Error::NoKeyring);
        }
        let mut all = Vec::new();
        for (name, value) in written.secrets {
            let value = Zeroizing::new(value);
            let bytes = BASE64.decode(value.as_bytes());
            all.push((
                name,
                Zeroizing::new(bytes.map_err(|_wrong| Error::NoKeyring)?),
            ));
        }
        Ok(Secrets {
            all,
            tombstones: written.tombstones,
        })
    }

    /// Puts them into another keyring.
    pub(super) fn keep(&self, keyring: &Keyring) -> Result<(), Error> {
        for (name, value) in &self.all {
            keyring.keep(name, value)?;
        }
        Ok(())
    }

    /// What opens that owner's packs; `None`: it was destroyed.
    pub(super) fn identity(&self, owner: &str) -> Result<Option<Identity>, Error> {
        let name = format!("{PREFIX}{owner}");
        let found = self.all.iter().find(|(known, _)| *known == name);
        found.map(|(_, words)| parse(words)).transpose()
    }

    /// The public key manifests are signed with.
    pub(super) fn signing_key(&self) -> Result<Vec<u8>, Error> {
        use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
        let found = self.all.iter().find(|(name, _)| name == SIGNING);
        let (_, sealed) = found.ok_or(Error::NotSigned)?;
        let pair = Ed25519KeyPair::from_pkcs8(sealed).map_err(|_rejected| Error::NotSigned)?;
        Ok(pair.public_key().as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Key;

    #[test]
    fn an_identity_goes_with_the_key_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::random().unwrap();
        let keyring = Keyring::open(&folder.path().join("keyring.db"), &key).unwrap();
        for owner in [SYSTEM, "a", "b"] {
            keyring.key_of(owner).unwrap();
            let made = identity(&keyring, owner).unwrap();
            let again = identity(&keyring, owner).unwrap();
            assert_eq!(made.recipient(), again.recipient());
        }
        assert_eq!(forget_ended(&keyring).unwrap(), 0);
        let operator = Identity::random().unwrap();
        let secrets = Secrets::of(&keyring, serde_json::json!([1])).unwrap();
        let at = folder.path().join("sealed");
        secrets.write(&at, &[operator.recipient()]).unwrap();

        keyring.destroy("file:b").unwrap();
        assert_eq!(forget_ended(&keyring).unwrap(), 1);

        let left = keyring.names().unwrap();
        assert!(!left.contains(&"backup:b".to_owned()), "{left:?}");
        let back = Secrets::read(&at, &[operator]).unwrap();
        assert_eq!(back.tombstones, serde_json::json!([1]));
        assert!(back.identity("b").unwrap().is_some());
        assert!(back.identity("c").unwrap().is_none());
        assert!(Secrets::read(&at, &[Identity::random().unwrap()]).is_err());
    }
}
