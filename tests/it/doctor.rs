//! `onsight doctor` as the real executable: beside a server, on a stopped instance,
//! and on one that is ill.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{Running, onsight};

fn doctor(data: &Path, more: &[&str]) -> Output {
    let mut command = onsight(data);
    command.arg("doctor").args(more);
    command.output().unwrap()
}

/// What it says in JSON: the level of that check, and its words.
fn check(output: &Output, name: &str) -> (String, String) {
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = told["checks"].as_array().unwrap().iter();
    let found = checks.clone().find(|one| one["check"] == name);
    let found = found.unwrap_or_else(|| panic!("{name} was not asked: {told}"));
    let word = |field: &str| found[field].as_str().unwrap().to_owned();
    (word("level"), word("said"))
}

/// An instance that was served once.
fn made() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut server = Running::start(folder.path());
    let id = server.child.id().to_string();
    std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status()
        .unwrap();
    server.child.wait().unwrap();
    folder
}

#[test]
fn beside_a_server_it_sees_its_sockets_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    // Temporary folders are open to everybody where the umask says so.
    let only_ours = PermissionsExt::from_mode(0o700);
    fs::set_permissions(folder.path(), only_ours).unwrap();
    let server = Running::start(folder.path());

    let output = doctor(folder.path(), &["--security", "--json"]);

    let (level, said) = check(&output, "ports");
    // The server was told port 0: another one than the doctor reads.
    assert!(["green", "amber"].contains(&&*level), "{level}: {said}");
    assert!(said.contains("127.0.0.1:"), "{said}");
    assert_eq!(check(&output, "folder").0, "green");
    assert_eq!(
        check(&output, "files").0,
        "green",
        "{}",
        check(&output, "files").1
    );
    drop(server);
}

#[test]
fn a_stopped_instance_is_told_in_words_with_what_to_do() {
    let folder = made();

    let output = doctor(folder.path(), &["--security"]);

    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("No server runs on this data folder"),
        "{said}"
    );
    assert!(said.contains("> "), "{said}");
    let whole = doctor(folder.path(), &[]);
    let short = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(!short.contains("One door, or two") && said.contains("One door, or two"));
}

#[test]
fn a_file_that_others_may_read_ends_it_with_two() {
    let folder = made();
    let file = folder.path().join("onsight.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();

    let output = doctor(folder.path(), &["--security", "--json"]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let (level, said) = check(&output, "files");
    assert_eq!(level, "red");
    assert!(said.contains("onsight.db"), "{said}");
}

#[test]
fn a_folder_without_its_key_is_ill_and_the_rest_is_still_looked_at() {
    let folder = made();
    fs::remove_file(folder.path().join("keys/instance.key")).unwrap();

    let output = doctor(folder.path(), &["--security", "--json"]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let (level, said) = check(&output, "folder");
    assert_eq!(level, "red");
    assert!(said.contains("missing"), "{said}");
    assert_ne!(check(&output, "disk").0, "unknown");
    assert_eq!(check(&output, "factors").0, "unknown");
    assert!(!folder.path().join("keys/instance.key").exists());
}

#[test]
fn evidence_is_made_and_checked_on_the_console() {
    let folder = made();
    let file = folder.path().join("evidence.zip");
    let make = |to: &Path| {
        let mut command = onsight(folder.path());
        command.args(["evidence", "make", "--out"]).arg(to);
        command.output().unwrap()
    };
    let first = make(&file);
    assert!(first.status.success(), "{first:?}");
    assert!(!make(&file).status.success(), "it writes over nothing");

    let verify = |file: &Path| {
        let mut command = onsight(folder.path());
        command.args(["evidence", "verify"]).arg(file);
        command.output().unwrap()
    };
    let whole = verify(&file);
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(
        whole.status.success() && said.contains("findings.json"),
        "{whole:?}"
    );
    // One byte in the middle of the first entry.
    let mut bytes = fs::read(&file).unwrap();
    bytes[200] ^= 1;
    let broken = folder.path().join("broken.zip");
    fs::write(&broken, bytes).unwrap();
    assert!(!verify(&broken).status.success());
}

#[test]
fn the_security_document_is_in_the_program() {
    let folder = TempDir::new().unwrap();
    let output = onsight(folder.path()).arg("security-doc").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(env!("CARGO_PKG_VERSION")) && said.contains("Changes to this document"));
}
