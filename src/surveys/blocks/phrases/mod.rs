//! What the pages themselves say to respondents, in the languages the product speaks.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// The languages there are phrases in; the first stands in for every other.
const SPOKEN: [(&str, &str); 4] = [
    ("en", include_str!("en.txt")),
    ("de", include_str!("de.txt")),
    ("fr", include_str!("fr.txt")),
    ("es", include_str!("es.txt")),
];

type Table = HashMap<&'static str, &'static str>;

static TABLES: LazyLock<Vec<(&str, Table)>> = LazyLock::new(|| {
    let read = |(lang, text): (&'static str, &'static str)| (lang, read(text));
    SPOKEN.into_iter().map(read).collect()
});

/// A sentence of the product's own, and what is put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    key: &'static str,
    with: Vec<String>,
}

impl Phrase {
    pub fn new(key: &'static str) -> Phrase {
        Phrase {
            key,
            with: Vec::new(),
        }
    }

    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The same with the next of its gaps filled.
    #[must_use]
    pub fn with(mut self, what: &dyn Display) -> Phrase {
        self.with.push(what.to_string());
        self
    }

    pub fn say(&self, lang: &str) -> String {
        let mut text = text(lang, self.key).to_owned();
        for what in &self.with {
            text = text.replacen("{}", what, 1);
        }
        text
    }
}

/// The phrase of that key in that language.
pub fn say(lang: &str, key: &'static str) -> &'static str {
    text(lang, key)
}

/// The language the phrases are really in.
pub fn spoken(lang: &str) -> &'static str {
    table(lang).0
}

fn text(lang: &str, key: &'static str) -> &'static str {
    table(lang).1.get(key).copied().unwrap_or(key)
}

/// `de-AT` is spoken as `de`; what nobody speaks here, as the first.
fn table(lang: &str) -> &'static (&'static str, Table) {
    let base = lang.split(['-', '_']).next().unwrap_or_default();
    let found = TABLES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(base));
    found.unwrap_or(&TABLES[0])
}

fn read(text: &'static str) -> Table {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines.map(|(key, text)| (key.trim(), text.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_with_the_same_gaps() {
        let (_, english) = &TABLES[0];
        for (lang, table) in TABLES.iter() {
            assert_eq!(table.len(), english.len(), "{lang}");
            for (key, text) in english {
                let other = table.get(key).unwrap_or_else(|| panic!("{lang}: {key}"));
                assert_eq!(
                    text.matches("{}").count(),
                    other.matches("{}").count(),
                    "{lang}: {key}"
                );
            }
        }
    }

    #[test]
    fn gaps_are_filled_in_their_order() {
        let phrase = Phrase::new("question").with(&3).with(&12);

        assert_eq!(phrase.say("en"), "Question 3 of 12");
        assert_eq!(phrase.say("de-AT"), "Frage 3 von 12");
        assert_eq!(phrase.say("xx"), "Question 3 of 12");
        assert_eq!(spoken("ar"), "en");
    }
}
