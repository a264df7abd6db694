//! How a door shakes hands: our certificate, and the certificates it asks for.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::serving::{Certificates, Error};

/// The TLS side of a door. TLS 1.2 and 1.3, and suites that seal and sign in
/// one: rustls has no others.
#[derive(Debug)]
pub struct Handshakes {
    certificates: Arc<Certificates>,
    authorities: Option<PathBuf>,
    current: RwLock<Current>,
}

#[derive(Clone, Debug)]
struct Current {
    config: Arc<ServerConfig>,
    changed: Option<SystemTime>,
}

impl Handshakes {
    /// `authorities` is a PEM file: callers must show a certificate that one of
    /// these signed, or the handshake fails.
    pub fn open(
        certificates: &Arc<Certificates>,
        authorities: Option<&Path>,
    ) -> Result<Handshakes, Error> {
        Ok(Handshakes {
            current: RwLock::new(current(certificates, authorities)?),
            certificates: Arc::clone(certificates),
            authorities: authorities.map(Path::to_owned),
        })
    }

    /// Takes up a changed file of authorities. Gives whether there was one. Old
    /// sessions are not resumed under the new list.
    pub fn refresh(&self) -> Result<bool, Error> {
        let Some(path) = self.authorities.as_deref() else {
            return Ok(false);
        };
        if Some(changed(path)?) == self.now().changed {
            return Ok(false);
        }
        let next = current(&self.certificates, Some(path))?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(true)
    }

    /// For the next connection.
    pub fn config(&self) -> Arc<ServerConfig> {
        self.now().config
    }

    fn now(&self) -> Current {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }
}

fn current(certificates: &Arc<Certificates>, authorities: Option<&Path>) -> Result<Current, Error> {
    let builder = ServerConfig::builder();
    let (builder, changed) = match authorities {
        None => (builder.with_no_client_auth(), None),
        Some(path) => {
            // Asked before it is read: a change in between is seen next time.
            let changed = changed(path)?;
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots(path)?))
                .build()
                .map_err(|error| Error::Unreadable(format!("{}: {error}", path.display())))?;
            (builder.with_client_cert_verifier(verifier), Some(changed))
        }
    };
    let mut config = builder.with_cert_resolver(Arc::clone(certificates) as _);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Who comes back brings the session along, sealed: a crowd of any size resumes
    // and takes no memory here between two pages.
    config.ticketer = Ticketer::new().map_err(Error::Tickets)?;
    Ok(Current {
        config: Arc::new(config),
        changed,
    })
}

fn roots(path: &Path) -> Result<RootCertStore, Error> {
    let name = || path.display().to_string();
    let pem = fs::read(path).map_err(|error| Error::File(name(), error))?;
    let mut roots = RootCertStore::empty();
    for found in CertificateDer::pem_slice_iter(&pem) {
        let cert = found.map_err(|_bad| Error::NoCertificate(name()))?;
        let added = roots.add(cert);
        added.map_err(|error| Error::Unreadable(format!("{}: {error}", name())))?;
    }
    if roots.is_empty() {
        return Err(Error::NoCertificate(name()));
    }
    Ok(roots)
}

fn changed(path: &Path) -> Result<SystemTime, Error> {
    let found = fs::metadata(path).and_then(|found| found.modified());
    found.map_err(|error| Error::File(path.display().to_string(), error))
}
