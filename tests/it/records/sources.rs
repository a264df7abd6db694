//! The actions that the sources record, read from the sources.

use std::collections::BTreeMap;

use crate::house_rules::sources;

/// What only another test can drive: the action, the file, the test in it.
pub(super) const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "audit.overflowed",
        "src/journal/notes.rs",
        "fn a_flood_is_told_of_when_the_others_are_written",
    ),
    (
        "import.cancelled",
        "tests/it/imports.rs",
        "fn a_cancelled_import_leaves_nothing",
    ),
];

/// Forms after which everything is as it was, and why they leave no record.
pub(super) const CHANGE_NOTHING: &[(&str, &str)] = &[
    ("/account/passkeys", "passkey.test.mjs: it takes a device"),
    ("/account/passkeys/begin", "asks the device"),
    ("/sign-in/passkey/begin", "asks the device"),
    ("/audit/sign", "the signature is its own proof"),
    ("/data/import/{upload}/look", "a file is looked at"),
    ("/data/import/{upload}/check", "a file is looked at"),
    ("/edit/{app}/check", "a text is looked at"),
    ("/edit/{app}/preview", "a text is looked at"),
    ("/members/import", "a list is looked at"),
    ("/queries/check", "a statement is looked at"),
    ("/queries/params", "a statement is looked at"),
    ("/queries/plan", "a statement is looked at"),
];

/// Endings of files' names, which look like actions.
const FILES: [&str; 5] = [".toml", ".html", ".csv", ".txt", ".db"];

/// Every action, with a file that records it. One that is put together, such as
/// `app.publish_{}`, stands for all that begin so.
pub(super) fn actions() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in sources().filter(|path| !path.ends_with("tests.rs")) {
        let code = std::fs::read_to_string(format!("src/{path}")).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        if !code.contains("Entry::new(") {
            continue;
        }
        // What stands between quotation marks; what stands outside is no such word.
        let words = code.split('"').filter(|word| is_action(word));
        let words: Vec<&str> = words.collect();
        assert!(
            !words.is_empty() || path.starts_with("journal/"),
            "{path} records something, and no action stands in it"
        );
        for word in words {
            found.entry(word.to_owned()).or_insert_with(|| path.clone());
        }
    }
    found
}

/// `member.role_changed`
fn is_action(word: &str) -> bool {
    let plain = word.strip_suffix("{}").unwrap_or(word);
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_file = FILES.iter().any(|ending| word.ends_with(ending));
    let parts = plain.split_once('.');
    !is_file && parts.is_some_and(|(noun, verb)| is_name(noun) && is_name(verb))
}

#[test]
fn an_action_is_told_from_other_words() {
    for action in ["member.role_changed", "app.publish_{}", "audit.sealed"] {
        assert!(is_action(action), "{action}");
    }
    for other in [
        "first.toml",
        "member",
        "a.b.c",
        "Member.x",
        ".x",
        "x.",
        "user add",
    ] {
        assert!(!is_action(other), "{other}");
    }
    let all = actions();
    assert!(all.len() > 100, "{all:?}");
    assert_eq!(all["session.throttled"], "people/actions/entering.rs");
    assert_eq!(all["report.viewed"], "audit/pages/notice.rs");
}
