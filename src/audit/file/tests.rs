//! Hostile hands on an exported file.

use super::*;
use crate::base::Time;
use crate::journal::{Checkpoint, Link, Past, Signer, seal};
use crate::store::{Key, Keyring};

struct Trail {
    signer: Signer,
    links: Vec<(Link, Vec<u8>)>,
    _folder: tempfile::TempDir,
}

/// Records with every kind of hostile word in them; with gaps, as after a filter.
fn trail(count: i64) -> Trail {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Keyring::open(&folder.path().join("k.db"), &Key::random().unwrap()).unwrap();
    let words = [
        "=cmd|' /C calc'!A0",
        "'quoted",
        "two\r\nlines,\"and\" more",
        "\u{1b}[2J\u{85}\u{202e}",
        "-1",
        "żółć",
    ];
    let (mut hash, mut links) = (Vec::new(), Vec::new());
    for seq in 1..=count {
        let past = Past {
            line: seq,
            version: if seq == 1 { 1 } else { 2 },
            at: 1_800_000_000_000 + seq,
            actor: (seq % 2 == 0).then(|| format!("user-{seq}")),
            actor_name: words[usize::try_from(seq).unwrap() % words.len()].to_owned(),
            action: "app.published".to_owned(),
            object: words[usize::try_from(seq + 1).unwrap() % words.len()].to_owned(),
            row_count: (seq % 3 == 0).then_some(seq),
            result: "ok".to_owned(),
            detail: "{\"version\":3}".to_owned(),
            diff: "null".to_owned(),
            ..Past::default()
        };
        let before = hash;
        hash = seal(&before, seq, "system", &past);
        let link = Link {
            seq,
            file: "system".to_owned(),
            past,
            hash: hash.clone(),
        };
        // The second half of every ten is another workspace's.
        if seq % 10 < 5 {
            links.push((link, before));
        }
    }
    Trail {
        signer: Signer::of(&keyring).unwrap(),
        links,
        _folder: folder,
    }
}

fn written(trail: &Trail, format: Format) -> String {
    let (mut export, mut text) = Export::begin(format, &trail.signer, "action=app", 7);
    for (link, before) in &trail.links {
        text.push_str(&export.record(link, before));
    }
    text + &export.end(&trail.signer, &[])
}

fn lines(text: &str, format: Format) -> Vec<String> {
    let end = if format == Format::Csv { "\r\n" } else { "\n" };
    if format == Format::Ndjson {
        return text.split_inclusive(end).map(str::to_owned).collect();
    }
    // A cell may hold a line break: a row ends where the next begins.
    let mut rows = vec![String::new()];
    for line in text.split_inclusive(end) {
        let begins = [
            "row,",
            "\"begin\"",
            "\"record\"",
            "\"end\"",
            "\"checkpoint\"",
        ];
        if begins.iter().any(|begin| line.starts_with(begin)) {
            rows.push(String::new());
        }
        rows.last_mut().unwrap().push_str(line);
    }
    rows.remove(0);
    rows
}

const BOTH: [Format; 2] = [Format::Csv, Format::Ndjson];

#[test]
fn a_file_holds_as_it_was_written() {
    let trail = trail(40);
    for format in BOTH {
        let text = written(&trail, format);
        let checked = check(text.as_bytes(), None).unwrap();
        assert_eq!(
            (checked.records, checked.filter.as_str()),
            (20, "action=app")
        );
        let key = checked.key.to_uppercase();
        assert!(check(text.as_bytes(), Some(&key)).is_ok());
        let flaw = check(text.as_bytes(), Some("00")).unwrap_err();
        assert!(flaw.what.contains("another key"), "{flaw}");
        assert!(!text.contains('\u{1b}') || format == Format::Csv, "{text}");
    }
}

#[test]
fn no_letter_of_a_record_can_be_changed() {
    let trail = trail(4);
    for format in BOTH {
        let text = written(&trail, format);
        let rows = lines(&text, format);
        let from = rows.iter().position(|row| row.contains("record")).unwrap();
        let start: usize = rows[..from].iter().map(String::len).sum();
        let end: usize = rows[..from + 4].iter().map(String::len).sum();
        for at in start..end {
            let mut bytes = text.clone().into_bytes();
            let was = bytes[at];
            bytes[at] = if was == b'7' { b'6' } else { b'7' };
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            // Upper case of a hexadecimal digit is the same number, and white
            // space outside of quotes is none of the record's.
            assert!(
                check(changed.as_bytes(), None).is_err(),
                "{format:?} {at} {}",
                char::from(was)
            );
        }
    }
}

#[test]
fn the_first_broken_record_is_named() {
    let trail = trail(40);
    for format in BOTH {
        let text = written(&trail, format);
        let rows = lines(&text, format);
        let first = rows.iter().position(|row| row.contains("record")).unwrap();
        let flaw = |rows: Vec<String>| check(rows.concat().as_bytes(), None).unwrap_err();

        let mut edited = rows.clone();
        edited[first + 6] = edited[first + 6].replace("app.published", "app.Published");
        assert_eq!(flaw(edited).seq, Some(12), "{format:?}");

        let mut deleted = rows.clone();
        deleted.remove(first + 6);
        let said = flaw(deleted);
        assert!(
            said.what.contains("number 7 of the file is missing"),
            "{said}"
        );

        let mut inserted = rows.clone();
        inserted.insert(first + 6, rows[first + 2].clone());
        assert_eq!(flaw(inserted).seq, Some(3), "{format:?}");

        let mut moved = rows.clone();
        moved.swap(first + 6, first + 7);
        assert_eq!(flaw(moved).seq, Some(13), "{format:?}");

        let mut cut = rows.clone();
        cut.truncate(rows.len() - 3);
        assert!(flaw(cut).what.contains("cut off"), "{format:?}");

        let mut short = rows.clone();
        short.remove(rows.len() - 2);
        assert!(flaw(short).what.contains("cut off"), "{format:?}");

        let mut longer = rows.clone();
        longer.push(rows[first].clone());
        assert!(flaw(longer).what.contains("after the end"), "{format:?}");
    }
}

#[test]
fn hashes_made_anew_do_not_get_past_the_signature() {
    let mut forged = trail(40);
    let honest = written(&forged, Format::Ndjson);
    for (link, before) in &mut forged.links {
        link.past.actor_name = "Mallory".to_owned();
        link.hash = seal(before, link.seq, &link.file, &link.past);
    }
    let text = written(&forged, Format::Ndjson);
    let end = lines(&honest, Format::Ndjson).pop().unwrap();
    let mut rows = lines(&text, Format::Ndjson);
    rows.pop();
    rows.push(end);

    assert!(check(rows.concat().as_bytes(), None).is_err());
}

#[test]
fn a_checkpoint_names_where_the_chain_was_rewritten() {
    let trail = trail(4);
    let (mut export, mut text) = Export::begin(Format::Ndjson, &trail.signer, "", 7);
    for (link, before) in &trail.links {
        text.push_str(&export.record(link, before));
    }
    let other = Checkpoint {
        seq: 3,
        at: Time(1),
        hash: vec![9; 32],
        signature: vec![0; 64],
    };
    text.push_str(&export.end(&trail.signer, &[other]));

    let flaw = check(text.as_bytes(), None).unwrap_err();

    assert_eq!(flaw.seq, Some(3));
}

#[test]
fn words_that_are_no_file_are_told_so() {
    for text in ["", "\n", "{}", "row,n\r\n", "{\"row\":\"end\"}", "\u{0}"] {
        assert!(check(text.as_bytes(), None).is_err(), "{text:?}");
    }
}
