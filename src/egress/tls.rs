//! TLS towards another machine: whose word is taken for who it is, and what it
//! showed, trusted or not.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use ::aws_lc_rs::digest;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature,
    verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Egress, Error, Host};
use crate::base::Time;

/// Where Debian keeps the roots that the machine's administrator trusts.
pub const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";
const HANDSHAKE: std::time::Duration = std::time::Duration::from_secs(10);

/// Whose signature makes a certificate good.
#[derive(Clone, Debug)]
pub struct Trust {
    pinned: Vec<CertificateDer<'static>>,
    /// Whoever answers is believed: encrypted, and perhaps by somebody in between.
    is_blind: bool,
}

impl Trust {
    /// Nobody has to prove anything. Where this is chosen, somebody gave a reason for it.
    pub fn anybody() -> Trust {
        Trust {
            pinned: Vec::new(),
            is_blind: true,
        }
    }

    fn of(pinned: Vec<CertificateDer<'static>>) -> Trust {
        Trust {
            pinned,
            is_blind: false,
        }
    }

    /// The roots of this machine; with a PEM text, those in it *and no others*.
    pub fn new(pem: &str) -> Result<Trust, Error> {
        if pem.trim().is_empty() {
            return Ok(Trust::of(Vec::new()));
        }
        let read = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>();
        let read = read.map_err(|error| Error::BadCa(error.to_string()))?;
        if read.is_empty() {
            return Err(Error::BadCa("it holds no certificate".to_owned()));
        }
        let trust = Trust::of(read);
        trust.roots()?;
        Ok(trust)
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        for root in &self.pinned {
            let added = roots.add(root.clone());
            added.map_err(|error| Error::BadCa(error.to_string()))?;
        }
        if self.pinned.is_empty() {
            let mut bundle = Vec::new();
            // A machine may have none; then only pinned roots are of use.
            if let Ok(file) = std::fs::File::open(ROOTS) {
                let read = file.take(8 << 20).read_to_end(&mut bundle);
                read.map_err(|error| Error::BadCa(format!("{ROOTS}: {error}")))?;
            }
            let found = CertificateDer::pem_slice_iter(&bundle).filter_map(Result::ok);
            roots.add_parsable_certificates(found);
        }
        if roots.is_empty() {
            return Err(Error::BadCa(format!(
                "{ROOTS} is not there; give the certificate of the authority"
            )));
        }
        Ok(roots)
    }

    pub fn client(&self) -> Result<Client, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let broken = |error: String| Error::BadCa(error);
        let strict = if self.is_blind {
            None
        } else {
            let roots = Arc::new(self.roots()?);
            let strict = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
            Some(strict.build().map_err(|error| broken(error.to_string()))?)
        };
        let witness = Arc::new(Witness {
            strict,
            algorithms: provider.signature_verification_algorithms,
            seen: Mutex::default(),
        });
        let config = ClientConfig::builder_with_provider(provider as Arc<CryptoProvider>)
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        Ok(Client {
            config: Arc::new(config),
            witness,
        })
    }
}

/// What connections are secured with; remembers the last certificate it saw.
#[derive(Clone, Debug)]
pub struct Client {
    pub config: Arc<ClientConfig>,
    witness: Arc<Witness>,
}

impl Client {
    /// What the other machine showed, whether or not it was trusted.
    pub fn presented(&self) -> Option<Presented> {
        let seen = self.witness.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A certificate another machine showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    pub subject: String,
    pub issuer: String,
    pub until: Time,
    /// SHA-256, as pairs of digits.
    pub fingerprint: String,
}

/// Notes the certificate, then lets the strict verifier judge.
#[derive(Debug)]
struct Witness {
    /// `None`: whoever answers is believed.
    strict: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
    seen: Mutex<Option<Presented>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = describe(end_entity);
        match &self.strict {
            Some(strict) => strict.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            ),
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn describe(cert: &CertificateDer<'_>) -> Option<Presented> {
    let (_, parsed) = x509_parser::parse_x509_certificate(cert).ok()?;
    let hash = digest::digest(&digest::SHA256, cert);
    let pairs: Vec<String> = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    Some(Presented {
        subject: parsed.subject().to_string(),
        issuer: parsed.issuer().to_string(),
        until: Time(parsed.validity().not_after.timestamp() * Time::SECOND),
        fingerprint: pairs.join(":"),
    })
}

impl Egress {
    /// TLS over a connection of ours; the name stays the one that was asked for.
    pub async fn secure(
        &self,
        stream: TcpStream,
        host: &str,
        client: &Client,
    ) -> Result<TlsStream<TcpStream>, Error> {
        let name = match Host::parse(host)? {
            Host::Name(name) => {
                ServerName::try_from(name).map_err(|_not_dns| Error::BadHost(host.to_owned()))?
            }
            Host::Address(address) => ServerName::from(address),
        };
        let connector = TlsConnector::from(Arc::clone(&client.config));
        let shaken = timeout(HANDSHAKE, connector.connect(name, stream)).await;
        shaken
            .map_err(|_elapsed| Error::TimedOut(host.to_owned()))?
            .map_err(|error| Error::Untrusted {
                host: host.to_owned(),
                why: error.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_authority_is_read_or_refused() {
        for wrong in [
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            assert!(Trust::new(wrong).is_err(), "{wrong}");
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["ca.corp".to_owned()]).unwrap();
        let pem = params.self_signed(&key).unwrap().pem();

        let trust = Trust::new(&pem).unwrap();

        assert_eq!(trust.roots().unwrap().len(), 1);
        assert!(trust.client().unwrap().presented().is_none());
    }
}
