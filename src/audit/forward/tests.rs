//! What arrives at the other end.

use super::*;
use crate::journal::{Link, Past};

fn link(name: &str, object: &str) -> Link {
    Link {
        seq: 7,
        file: "system".to_owned(),
        hash: vec![1; 32],
        past: Past {
            line: 7,
            version: 2,
            at: 1_800_000_000_123,
            actor_name: name.to_owned(),
            action: "session.refused".to_owned(),
            object: object.to_owned(),
            result: "refused".to_owned(),
            address: "10.0.0.1".to_owned(),
            ..Past::default()
        },
    }
}

/// Reads a message the way RFC 5424 says, strictly.
fn parse(message: &str) -> (String, Vec<(String, String)>, String) {
    let (head, rest) = message.split_at(message.find('[').unwrap());
    let mut data = Vec::new();
    let mut letters = rest.strip_prefix("[onsight@32473").unwrap().chars();
    loop {
        match letters.next().unwrap() {
            ']' => break,
            ' ' => {}
            other => panic!("{other:?} where a name begins"),
        }
        let name: String = letters.by_ref().take_while(|c| *c != '=').collect();
        assert!(
            name.len() <= 32 && name.chars().all(|c| c.is_ascii_alphanumeric()),
            "{name}"
        );
        assert_eq!(letters.next(), Some('"'));
        let mut value = String::new();
        loop {
            match letters.next().unwrap() {
                '"' => break,
                '\\' => value.push(letters.next().unwrap()),
                ']' => panic!("a bracket that is not escaped"),
                c => value.push(c),
            }
        }
        data.push((name, value));
    }
    let text: String = letters.collect();
    (
        head.to_owned(),
        data,
        text.strip_prefix(" \u{feff}").unwrap().to_owned(),
    )
}

#[test]
fn a_line_of_rfc_5424_says_who_what_and_from_where() {
    let line = String::from_utf8(syslog::line(&link("Ada", "orders"), "box.corp")).unwrap();

    let (head, data, text) = parse(&line);

    let words: Vec<&str> = head.split(' ').collect();
    assert_eq!(
        words[..4],
        ["<108>1", "2027-01-15T08:00:00.123Z", "box.corp", "onsight"]
    );
    assert_eq!(words[5], "session.refused");
    let value = |name: &str| {
        data.iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(
        (value("seq"), value("address"), value("actor")),
        (Some("7"), Some("10.0.0.1"), Some("Ada"))
    );
    assert_eq!(text, "Ada session.refused orders (refused)");
}

#[test]
fn hostile_words_stay_words() {
    let hostile = [
        "a\n<13>1 2026-01-01T00:00:00Z evil onsight 1 session.opened - root",
        "\"] [x y=\"z\"]",
        "\\\"\\]\\",
        "\u{1b}[2J\u{7}\u{0}\u{85}\u{2028}\u{202e}\u{feff}\r",
        "é 日本 \u{1f600}",
    ];
    for word in hostile {
        let bytes = syslog::line(&link(word, word), "box\n corp");
        let line = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            !line
                .chars()
                .any(|c| c.is_control() || c == '\u{202e}' || c == '\u{2028}'),
            "{line:?}"
        );
        let (_, data, _) = parse(&line);
        let actor = data.iter().find(|(field, _)| field == "actor").unwrap();
        assert_eq!(actor.1, plain(word));
        let framed = syslog::framed(&bytes);
        let text = String::from_utf8(framed).unwrap();
        let (length, rest) = text.split_once(' ').unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), rest.len());

        let entry = String::from_utf8(journald::datagram(&link(word, word))).unwrap();
        for line in entry.lines() {
            let (name, _) = line.split_once('=').unwrap();
            assert!(
                name.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
                "{line:?}"
            );
        }
        assert_eq!(entry.matches("ONSIGHT_ACTOR=").count(), 1);
    }
}
