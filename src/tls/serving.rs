//! The certificate in use, and when it gives way to the next.

use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use aws_lc_rs::digest;
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::base::{Clock, Time};
use crate::config::TlsFiles;
use crate::store::Keyring;

use super::authority::{self, Pair};
use super::names::host_names;

/// A certificate of ours is renewed when less than this is left.
const RENEW: i64 = 30 * Time::DAY;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0} holds no certificate in PEM form")]
    NoCertificate(String),
    #[error("{0} holds no private key in PEM form")]
    NoKey(String),
    #[error(
        "the private key does not belong to the certificate, or is of a kind that is not supported: {0}"
    )]
    Unusable(rustls::Error),
    #[error("a certificate cannot be read: {0}")]
    Unreadable(String),
    #[error("no key could be made for sessions that are resumed: {0}")]
    Tickets(rustls::Error),
    #[error("the calendar does not reach that far: {0}")]
    Calendar(String),
    #[error(transparent)]
    Making(#[from] rcgen::Error),
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// What people are shown of the certificate in use.
#[derive(Clone, Debug)]
pub struct Shown {
    /// SHA-256, in pairs of hexadecimal digits with colons between.
    pub fingerprint: String,
    pub until: Time,
    /// Made here, so that its root is worth downloading.
    pub is_ours: bool,
    pub names: Vec<String>,
    /// Kind and length of its key: `ECDSA 256`.
    pub key: String,
    /// That key is shorter than what is held to be safe today.
    pub is_weak: bool,
}

/// Hands out the certificate in use to every new connection.
#[derive(Debug)]
pub struct Certificates {
    current: RwLock<Current>,
    own: Option<TlsFiles>,
    added: Vec<String>,
}

#[derive(Clone, Debug)]
struct Current {
    key: Arc<CertifiedKey>,
    shown: Shown,
    root: Option<String>,
    changed: Option<(SystemTime, SystemTime)>,
}

impl Certificates {
    /// Reads the operator's files, or makes what is missing of our own.
    /// `added` are names besides the host's.
    pub fn open(
        keyring: &Keyring,
        own: Option<TlsFiles>,
        added: &[String],
        clock: &Clock,
    ) -> Result<Certificates, Error> {
        let current = match &own {
            Some(files) => from_files(files)?,
            None => ours(keyring, added, clock.now())?,
        };
        Ok(Certificates {
            current: RwLock::new(current),
            own,
            added: added.to_vec(),
        })
    }

    /// Takes up a renewed file, or renews ours when it is due. Connections that
    /// stand keep what they have. Gives whether something changed.
    pub fn refresh(&self, keyring: &Keyring, clock: &Clock) -> Result<bool, Error> {
        let before = self.now();
        let next = match &self.own {
            Some(files) => {
                if Some(changed(files)?) == before.changed {
                    return Ok(false);
                }
                from_files(files)?
            }
            None => ours(keyring, &self.added, clock.now())?,
        };
        let is_new = next.shown.fingerprint != before.shown.fingerprint;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(is_new)
    }

    pub fn shown(&self) -> Shown {
        self.now().shown
    }

    /// The certificate is for that name, in lower case, or that literal address.
    pub fn names(&self, name: &str) -> bool {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let mut known = current.shown.names.iter();
        known.any(|known| covers(known, name))
    }

    /// The local root, as PEM, for browsers to trust; `None` under a
    /// certificate of one's own.
    pub fn root(&self) -> Option<String> {
        self.now().root
    }

    fn now(&self) -> Current {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.key))
    }
}

/// A star stands for one label, and for the first only.
fn covers(known: &str, name: &str) -> bool {
    let known = known.to_ascii_lowercase();
    match known.strip_prefix("*.") {
        Some(domain) => name.split_once('.').is_some_and(|(label, rest)| {
            !label.is_empty() && rest == domain && name.parse::<std::net::IpAddr>().is_err()
        }),
        None => known == name,
    }
}

fn ours(keyring: &Keyring, added: &[String], now: Time) -> Result<Current, Error> {
    let names = host_names(added);
    let root = authority::root(keyring, &names, now)?;
    let kept = match authority::stored(keyring, "tls:leaf")? {
        Some(pair) => Some(current(&pair, true)?),
        None => None,
    };
    let fits = |kept: &Current| kept.shown.names == names && kept.shown.until > now.plus(RENEW);
    let mut leaf = match kept {
        Some(kept) if fits(&kept) => kept,
        _ => {
            let pair = authority::leaf(&root, &names, now)?;
            authority::keep(keyring, "tls:leaf", &pair)?;
            current(&pair, true)?
        }
    };
    leaf.root = Some(root.cert);
    Ok(leaf)
}

fn from_files(files: &TlsFiles) -> Result<Current, Error> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| Error::File(path.display().to_string(), error))
    };
    let pair = Pair {
        cert: read(&files.cert)?,
        key: read(&files.key)?.into(),
    };
    let at = |error: Error| match error {
        Error::NoCertificate(_) => Error::NoCertificate(files.cert.display().to_string()),
        Error::NoKey(_) => Error::NoKey(files.key.display().to_string()),
        other => other,
    };
    let mut current = current(&pair, false).map_err(at)?;
    current.changed = Some(changed(files)?);
    Ok(current)
}

fn changed(files: &TlsFiles) -> Result<(SystemTime, SystemTime), Error> {
    let of = |path: &Path| {
        fs::metadata(path)
            .and_then(|found| found.modified())
            .map_err(|error| Error::File(path.display().to_string(), error))
    };
    Ok((of(&files.cert)?, of(&files.key)?))
}

fn current(pair: &Pair, is_ours: bool) -> Result<Current, Error> {
    let certs: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pair.cert.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_bad| Error::NoCertificate("the certificate".to_owned()))?;
    let first = certs
        .first()
        .ok_or_else(|| Error::NoCertificate("the certificate".to_owned()))?;
    let shown = describe(first, is_ours)?;
    let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes())
        .map_err(|_bad| Error::NoKey("the key".to_owned()))?;
    let signer = any_ecdsa_type(&key)
        .or_else(|_| rustls::crypto::aws_lc_rs::sign::any_supported_type(&key))
        .map_err(Error::Unusable)?;
    let key = CertifiedKey::new(certs, signer);
    match key.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
        Err(error) => return Err(Error::Unusable(error)),
    }
    Ok(Current {
        key: Arc::new(key),
        shown,
        root: None,
        changed: None,
    })
}

fn describe(cert: &CertificateDer<'_>, is_ours: bool) -> Result<Shown, Error> {
    let unreadable = |error: String| Error::Unreadable(error);
    let (_, parsed) =
        x509_parser::parse_x509_certificate(cert).map_err(|error| unreadable(error.to_string()))?;
    let alternative = parsed
        .subject_alternative_name()
        .map_err(|error| unreadable(error.to_string()))?;
    let names = alternative
        .iter()
        .flat_map(|found| &found.value.general_names);
    let mut names: Vec<String> = names.filter_map(name).collect();
    names.sort();
    let (key, is_weak) = strength(parsed.public_key());
    let hash = digest::digest(&digest::SHA256, cert);
    let pairs: Vec<String> = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    Ok(Shown {
        fingerprint: pairs.join(":"),
        until: Time(parsed.validity().not_after.timestamp() * Time::SECOND),
        is_ours,
        names,
        key,
        is_weak,
    })
}

/// Kind and length of a key, and whether that is too short.
fn strength(key: &x509_parser::x509::SubjectPublicKeyInfo<'_>) -> (String, bool) {
    use x509_parser::public_key::PublicKey;
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => (format!("RSA {}", rsa.key_size()), rsa.key_size() < 2_048),
        Ok(PublicKey::EC(point)) => {
            // P-521 comes in 528 bits, which is how its points are written.
            let bits = point.key_size();
            (format!("ECDSA {bits}"), bits < 256)
        }
        _ => ("a key of another kind".to_owned(), false),
    }
}

fn name(general: &x509_parser::extensions::GeneralName<'_>) -> Option<String> {
    use x509_parser::extensions::GeneralName;
    match general {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes)
                .ok()
                .map(|four| std::net::IpAddr::from(four).to_string()),
            16 => <[u8; 16]>::try_from(*bytes)
                .ok()
                .map(|sixteen| std::net::IpAddr::from(sixteen).to_string()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_label() {
        assert!(covers("*.corp.example", "apps.corp.example"));
        assert!(covers("Apps.corp.example", "apps.corp.example"));
        for other in [
            "corp.example",
            "a.b.corp.example",
            ".corp.example",
            "apps.corp.example.evil",
        ] {
            assert!(!covers("*.corp.example", other), "{other}");
        }
        assert!(!covers("*.0.0.1", "127.0.0.1"));
    }
}
