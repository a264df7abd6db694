//! The local root and what it signs. The root may vouch for this host's names
//! and for private addresses, and for nothing else in the world.

use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rcgen::{DistinguishedName, PKCS_ECDSA_P256_SHA256};

use crate::base::Time;
use crate::store::Keyring;

use super::Error;

const ROOT_YEARS: i64 = 10;
const LEAF_DAYS: i64 = 90;
/// Clocks in an office differ.
const EARLIER: i64 = Time::DAY;

/// A certificate and its private key, as PEM.
pub(super) struct Pair {
    pub(super) cert: String,
    pub(super) key: zeroize::Zeroizing<String>,
}

/// The root's certificate; made now if there is none that covers `names`.
pub(super) fn root(keyring: &Keyring, names: &[String], now: Time) -> Result<Pair, Error> {
    let kept = stored(keyring, "tls:root")?;
    if let (Some(pair), Some(covered)) = (kept, keyring.secret("tls:root:names")?) {
        let covered = String::from_utf8_lossy(&covered).into_owned();
        if names.iter().all(|name| is_covered(name, &covered)) {
            return Ok(pair);
        }
        tracing::warn!("this host has a name the local root does not cover: making a new root");
    }
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = root_params();
    params.not_before = calendar(now.plus(-EARLIER))?;
    params.not_after = calendar(now.plus(ROOT_YEARS * 365 * Time::DAY))?;
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted(names),
        excluded_subtrees: Vec::new(),
    });
    let pair = Pair {
        cert: params.self_signed(&key)?.pem(),
        key: key.serialize_pem().into(),
    };
    keep(keyring, "tls:root", &pair)?;
    keyring.keep("tls:root:names", names.join("\n").as_bytes())?;
    keyring.destroy("tls:leaf:key")?;
    Ok(pair)
}

/// A certificate for `names`, signed by the root, good for 90 days.
pub(super) fn leaf(root: &Pair, names: &[String], now: Time) -> Result<Pair, Error> {
    let issuer_key = KeyPair::from_pem(&root.key)?;
    let issuer = Issuer::new(root_params(), issuer_key);
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = called("Onsight");
    params.not_before = calendar(now.plus(-EARLIER))?;
    params.not_after = calendar(now.plus(LEAF_DAYS * Time::DAY - EARLIER))?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(Pair {
        cert: params.signed_by(&key, &issuer)?.pem(),
        key: key.serialize_pem().into(),
    })
}

/// A pair kept in the keyring.
pub(super) fn stored(keyring: &Keyring, name: &str) -> Result<Option<Pair>, Error> {
    let text = |part: &str| -> Result<Option<String>, Error> {
        let bytes = keyring.secret(&format!("{name}:{part}"))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    Ok(match (text("cert")?, text("key")?) {
        (Some(cert), Some(key)) => Some(Pair {
            cert,
            key: key.into(),
        }),
        _ => None,
    })
}

pub(super) fn keep(keyring: &Keyring, name: &str, pair: &Pair) -> Result<(), Error> {
    keyring.keep(&format!("{name}:cert"), pair.cert.as_bytes())?;
    keyring.keep(&format!("{name}:key"), pair.key.as_bytes())?;
    Ok(())
}

/// What both the making of the root and the signing by it must agree on.
fn root_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = called("Onsight local root");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    called.push(DnType::CommonName, name);
    called.push(DnType::OrganizationName, "Onsight on this host");
    called
}

fn permitted(names: &[String]) -> Vec<GeneralSubtree> {
    let domains = names
        .iter()
        .filter(|name| IpAddr::from_str(name).is_err())
        .map(|name| GeneralSubtree::DnsName(name.clone()));
    let private = PRIVATE
        .iter()
        .map(|(address, prefix)| (IpAddr::from_str(address).expect("an address"), *prefix));
    let own = names
        .iter()
        .filter_map(|name| IpAddr::from_str(name).ok())
        .map(|address| (address, if address.is_ipv4() { 32 } else { 128 }));
    let addresses = private.chain(own).map(|(address, prefix)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix))
    });
    domains.chain(addresses).collect()
}

/// Networks nobody on the internet owns.
const PRIVATE: &[(&str, u8)] = &[
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("::1", 128),
    ("fc00::", 7),
];

fn is_covered(name: &str, covered: &str) -> bool {
    let is_private = |address: &IpAddr| match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    };
    IpAddr::from_str(name).is_ok_and(|address| is_private(&address))
        || covered.lines().any(|known| known == name)
}

/// rcgen speaks `time`; the rest of us `jiff`.
fn calendar(at: Time) -> Result<time::OffsetDateTime, Error> {
    let at: Timestamp = at.timestamp();
    time::OffsetDateTime::from_unix_timestamp(at.as_second())
        .map_err(|error| Error::Calendar(error.to_string()))
}
