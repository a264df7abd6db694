//! A pack that was tampered with is found out.

use std::io::{Cursor, Read, Write};

use serde_json::json;
use tokio::sync::mpsc;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::journal::Signer;
use crate::store::{Key, Keyring};

fn signer() -> (tempfile::TempDir, Signer) {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Keyring::open(&folder.path().join("keyring.db"), &Key::random().unwrap());
    let signer = Signer::of(&keyring.unwrap()).unwrap();
    (folder, signer)
}

async fn packed(signer: &Signer, files: &[(&str, &[u8])]) -> Vec<u8> {
    let (send, mut receive) = mpsc::channel(2);
    let mut out = Out::new(send);
    let taken = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(piece) = receive.recv().await {
            all.extend_from_slice(&piece.unwrap());
        }
        all
    });
    for (name, bytes) in files {
        out.file(name, "a test", bytes).await.unwrap();
    }
    Box::pin(out.finish(json!({"kind": "test"}), signer))
        .await
        .unwrap();
    taken.await.unwrap()
}

/// The same zip with each entry changed as `change` says; `None` leaves it out.
fn rewritten(zip: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut entry = from.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        if let Some(bytes) = change(&name, bytes) {
            to.start_file(name, SimpleFileOptions::default()).unwrap();
            to.write_all(&bytes).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_whole_pack_holds_and_a_long_entry_leaves_in_pieces() {
    let (_folder, signer) = signer();
    // Noise, which does not shrink.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(300_000)
    .collect();

    let zip = packed(
        &signer,
        &[("a.txt", b"one"), ("b.bin", &noise), ("empty", b"")],
    )
    .await;

    let checked = check(Cursor::new(&zip), Some(&hex_of(&signer))).unwrap();
    let names: Vec<&str> = checked
        .manifest
        .files
        .iter()
        .map(|one| &*one.name)
        .collect();
    assert_eq!(names, ["a.txt", "b.bin", "empty"]);
    assert_eq!(checked.manifest.about["kind"], "test");
}

fn hex_of(signer: &Signer) -> String {
    crate::journal::hex(&signer.public())
}

#[tokio::test]
async fn every_hand_on_a_pack_is_named() {
    let (_folder, signer) = signer();
    let zip = Box::pin(packed(&signer, &[("a.txt", b"one"), ("b.txt", b"two")])).await;
    let said = |zip: &[u8]| check(Cursor::new(zip), None).unwrap_err().to_string();

    let changed = rewritten(&zip, |name, bytes| match name {
        "b.txt" => Some(b"TWO".to_vec()),
        _ => Some(bytes),
    });
    assert_eq!(said(&changed), "b.txt was changed");
    let longer = rewritten(&zip, |name, bytes| match name {
        "b.txt" => Some(b"two and more".to_vec()),
        _ => Some(bytes),
    });
    assert_eq!(said(&longer), "b.txt was changed");
    let missing = rewritten(&zip, |name, bytes| (name != "a.txt").then_some(bytes));
    assert_eq!(said(&missing), "a.txt is on the list and not in it");
    let added = {
        let mut to = ZipWriter::new_append(Cursor::new(zip.clone())).unwrap();
        to.start_file("c.txt", SimpleFileOptions::default())
            .unwrap();
        to.write_all(b"three").unwrap();
        to.finish().unwrap().into_inner()
    };
    assert_eq!(said(&added), "c.txt is in it and not on the list");
    let relisted = rewritten(&zip, |name, bytes| match name {
        MANIFEST => {
            let text = String::from_utf8(bytes).unwrap();
            Some(text.replace("a test", "A test").into_bytes())
        }
        _ => Some(bytes),
    });
    assert_eq!(said(&relisted), "its list was changed after it was signed");
    let bare = rewritten(&zip, |name, bytes| (name != SIGNATURE).then_some(bytes));
    assert_eq!(said(&bare), "it has no manifest.sig");
    assert!(said(b"PK nothing").contains("no zip"));
}

#[tokio::test]
async fn a_pack_of_another_instance_is_not_taken_for_ours() {
    let (_first, ours) = signer();
    let (_second, theirs) = signer();
    let zip = Box::pin(packed(&theirs, &[("a.txt", b"one")])).await;

    assert!(check(Cursor::new(&zip), None).is_ok());
    let flaw = check(Cursor::new(&zip), Some(&hex_of(&ours))).unwrap_err();
    assert!(matches!(flaw, Flaw::OtherKey(_)), "{flaw}");
}
