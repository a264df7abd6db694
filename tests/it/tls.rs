//! The certificates: ours renewed in time under the same root, the operator's
//! taken up when their files change.

use std::fs;
use std::path::Path;

use onsight::base::{Clock, Time};
use onsight::config::TlsFiles;
use onsight::store::{Key, Keyring};
use onsight::tls::Certificates;
use tempfile::TempDir;
use x509_parser::prelude::*;

use crate::support::NOON;

fn keyring(folder: &TempDir) -> Keyring {
    let key = Key::random().unwrap();
    Keyring::open(&folder.path().join("keyring.db"), &key).unwrap()
}

fn write_pair(cert: &Path, key: &Path) {
    let made = rcgen::generate_simple_self_signed(vec!["onsight.corp".to_owned()]).unwrap();
    fs::write(cert, made.cert.pem()).unwrap();
    fs::write(key, made.signing_key.serialize_pem()).unwrap();
}

#[test]
fn a_leaf_lives_ninety_days_and_is_renewed_before_under_the_same_root() {
    let folder = TempDir::new().unwrap();
    let (keyring, clock) = (keyring(&folder), Clock::set_to(NOON));
    let added = ["box.corp.example".to_owned()];
    let served = Certificates::open(&keyring, None, &added, &clock).unwrap();
    let (first, root) = (served.shown(), served.root().unwrap());
    assert!(first.until <= NOON.plus(90 * Time::DAY));
    assert!(first.names.contains(&"box.corp.example".to_owned()));

    clock.advance(50 * Time::DAY);
    assert!(!served.refresh(&keyring, &clock).unwrap());
    clock.advance(15 * Time::DAY);
    assert!(served.refresh(&keyring, &clock).unwrap());

    assert_ne!(served.shown().fingerprint, first.fingerprint);
    assert_eq!(served.root().unwrap(), root);
}

#[test]
fn the_root_may_vouch_for_this_host_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let clock = Clock::set_to(NOON);
    let served = Certificates::open(&keyring(&folder), None, &[], &clock).unwrap();
    let (_, pem) = parse_x509_pem(served.root().unwrap().as_bytes()).unwrap();
    let root = pem.parse_x509().unwrap();
    let limits = root.name_constraints().unwrap().unwrap().value;
    let permitted = limits.permitted_subtrees.as_ref().unwrap();
    let is_named = |name: &str| {
        permitted
            .iter()
            .any(|tree| matches!(&tree.base, GeneralName::DNSName(known) if *known == name))
    };
    assert!(is_named("localhost"));
    assert!(!is_named("example.org") && !is_named(""));
    let basic = root.basic_constraints().unwrap().unwrap().value;
    assert!(basic.ca && basic.path_len_constraint == Some(0));
}

#[test]
fn a_certificate_of_ones_own_is_taken_up_when_its_files_change() {
    let folder = TempDir::new().unwrap();
    let (cert, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    write_pair(&cert, &key);
    let files = TlsFiles {
        cert: cert.clone(),
        key: key.clone(),
    };
    let (keyring, clock) = (keyring(&folder), Clock::set_to(NOON));
    let served = Certificates::open(&keyring, Some(files), &[], &clock).unwrap();
    let first = served.shown();
    assert_eq!(first.names, ["onsight.corp"]);
    assert!(served.root().is_none());
    assert!(!served.refresh(&keyring, &clock).unwrap());

    write_pair(&cert, &key);
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(1);
    fs::File::open(&cert).unwrap().set_modified(later).unwrap();
    assert!(served.refresh(&keyring, &clock).unwrap());
    assert_ne!(served.shown().fingerprint, first.fingerprint);
}

#[test]
fn files_that_do_not_fit_are_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let (cert, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    let other = folder.path().join("other.pem");
    write_pair(&cert, &key);
    write_pair(&folder.path().join("unused.pem"), &other);
    let open = |key: &Path| {
        let files = TlsFiles {
            cert: cert.clone(),
            key: key.to_owned(),
        };
        let clock = Clock::set_to(NOON);
        let served =
            Certificates::open(&keyring(&TempDir::new().unwrap()), Some(files), &[], &clock);
        served.unwrap_err().to_string()
    };
    assert!(open(&other).contains("does not belong to the certificate"));
    assert!(open(&cert).contains("no private key"));
    assert!(open(&folder.path().join("gone.pem")).contains("gone.pem"));
}
