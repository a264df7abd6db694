//! What `age` writes and what it must not open.

use std::io::{Cursor, Read, Write};

use super::{Error, Identity, Opener, Recipient, Sealer};
use crate::base::Secret;

fn seal(bytes: &[u8], recipients: &[Recipient]) -> Vec<u8> {
    let mut sealer = Sealer::new(Vec::new(), recipients).unwrap();
    for some in bytes.chunks(10_007) {
        sealer.write_all(some).unwrap();
    }
    sealer.finish().unwrap()
}

fn open(sealed: &[u8], identity: &Identity) -> Result<Vec<u8>, Error> {
    let mut opener = Opener::new(Cursor::new(sealed), std::slice::from_ref(identity))?;
    let mut bytes = Vec::new();
    opener.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn keys_are_written_as_age_writes_them() {
    // Both from the README of age.
    let known = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    assert_eq!(Recipient::parse(known).unwrap().to_string(), known);
    for wrong in [
        "",
        "age1",
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q",
        "AGE1QL3Z7HJY54PW3HYWW5AYYFG7ZQGVC7W3J2ELW8ZMRJ2KG5SFN9AQMCAC8P",
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8",
        "ssh-ed25519 AAAA",
    ] {
        assert!(Recipient::parse(wrong).is_err(), "{wrong}");
    }
    let identity = Identity::random().unwrap();
    let words = identity.words();
    assert!(words.starts_with("AGE-SECRET-KEY-1") && words.len() == 74);
    let again = Identity::parse(&words).unwrap();
    assert_eq!(again.recipient(), identity.recipient());
    let file = format!("# created: today\n# public key: x\n{}\n", &*words);
    let [one] = &Identity::parse_file(&file).unwrap()[..] else {
        panic!("one identity")
    };
    assert_eq!(one.recipient(), identity.recipient());
    assert!(Identity::parse_file("# nothing\n").is_err());
    assert!(Identity::parse(&identity.recipient().to_string()).is_err());
    assert!(!format!("{identity:?}").contains("SECRET"));
}

#[test]
fn what_is_sealed_opens_for_each_recipient_and_nobody_else() {
    let [one, two, stranger] = [(); 3].map(|()| Identity::random().unwrap());
    for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
        let sealed = seal(&bytes, &[one.recipient(), two.recipient()]);

        assert!(open(&sealed, &one).unwrap() == bytes, "{length} bytes");
        assert!(open(&sealed, &two).unwrap() == bytes, "{length} bytes");
        assert!(matches!(open(&sealed, &stranger), Err(Error::NotForUs)));
        let mut opener = Opener::new(Cursor::new(&sealed), std::slice::from_ref(&two)).unwrap();
        opener.go_to(length as u64 / 2);
        let mut rest = Vec::new();
        opener.read_to_end(&mut rest).unwrap();
        assert!(rest == bytes[length / 2..], "{length} bytes");
    }
}

#[test]
fn a_flipped_bit_and_a_cut_are_noticed_anywhere() {
    let identity = Identity::random().unwrap();
    let sealed = seal(&vec![7; 70_000], &[identity.recipient()]);
    assert!(open(&sealed, &identity).is_ok());

    for at in (0..sealed.len()).step_by(97).chain(0..300) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&changed, &identity).is_err(), "byte {at}");
    }
    let border = sealed.len() - (70_000 - 65_536 + 16);
    for length in [0, 20, 150, border, border + 1, sealed.len() - 1] {
        assert!(open(&sealed[..length], &identity).is_err(), "{length}");
    }
    let longer = [&sealed[..], &[0]].concat();
    assert!(open(&longer, &identity).is_err());
}

#[test]
fn who_knows_the_words_opens_it_and_nobody_else() {
    let words = Secret::from("correct horse battery staple".to_owned());
    let mut sealer = Sealer::with_words(Vec::new(), &words).unwrap();
    sealer.write_all(&vec![7; 70_000]).unwrap();
    let shut = sealer.finish().unwrap();

    let mut bytes = Vec::new();
    let mut opener = Opener::with_words(Cursor::new(&shut), &words).unwrap();
    opener.read_to_end(&mut bytes).unwrap();

    assert!(bytes == vec![7; 70_000]);
    assert!(shut.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    let wrong = Secret::from("correct horse battery stable".to_owned());
    assert!(Opener::with_words(Cursor::new(&shut), &wrong).is_err());
    assert!(open(&shut, &Identity::random().unwrap()).is_err());
}

#[test]
fn a_header_that_asks_for_too_much_memory_is_refused() {
    let words = Secret::from("words".to_owned());
    let front = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 63\nAAAA\n--- AAAA\n";

    assert!(Opener::with_words(Cursor::new(front.as_bytes()), &words).is_err());
}
