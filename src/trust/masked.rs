//! What leaves the house without the words that are nobody else's business.

use toml_edit::{DocumentMut, Item, Table, Value};

use crate::site::Site;
use crate::store::Error;

use super::sql;

/// What stands in place of a word.
const MASK: &str = "•••";
/// Parts of names whose values nobody may read.
const SECRETS: [&str; 7] = [
    "password",
    "passphrase",
    "secret",
    "token",
    "seed",
    "credential",
    "private",
];

/// A configuration file with the values masked that may be secrets, and those
/// between `//` and `@` in addresses. What is no TOML is left out altogether.
pub(super) fn toml(text: &str) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return "# the file is no TOML that can be read, and is left out\n".to_owned();
    };
    mask_table(document.as_table_mut());
    // Comments are the operator's own notes: a password may stand there as well.
    without_comments(&document.to_string())
}

fn mask_table(table: &mut Table) {
    for (name, item) in table.iter_mut() {
        mask_item(is_secret(name.get()), item);
    }
}

fn mask_item(is_secret: bool, item: &mut Item) {
    match item {
        Item::Value(value) => mask_value(is_secret, value),
        Item::Table(table) => mask_table(table),
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(mask_table),
        Item::None => {}
    }
}

fn mask_value(is_hidden: bool, value: &mut Value) {
    match value {
        Value::InlineTable(table) => {
            for (name, value) in table.iter_mut() {
                mask_value(is_hidden || is_secret(name.get()), value);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| mask_value(is_hidden, one)),
        Value::String(text) if !is_hidden && !holds_a_person(text.value()) => {}
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_)
            if !is_hidden => {}
        other => *other = MASK.into(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    // `tls_key` is the place of a key; a bare `key` may be one.
    let is_key = name.ends_with("key") && !name.starts_with("tls_");
    is_key || SECRETS.iter().any(|secret| name.contains(secret))
}

/// `scheme://user:password@host`
fn holds_a_person(text: &str) -> bool {
    let rest = text.split_once("//").map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.split('/').next().unwrap_or_default().contains('@'))
}

/// The lines without what stands behind a `#` outside of quotes.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let mut quote = None;
        let end = line.char_indices().find(|(_, c)| {
            match (quote, *c) {
                (None, '#') => return true,
                (None, '"' | '\'') => quote = Some(*c),
                (Some(open), c) if c == open => quote = None,
                _ => {}
            }
            false
        });
        let kept = end.map_or(line, |(at, _)| &line[..at]).trim_end();
        if !kept.is_empty() {
            out.push_str(kept);
            out.push('\n');
        }
    }
    out
}

/// The names of people and workspaces, to be taken out of sentences.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) async fn of(site: &Site) -> Result<Names, Error> {
        let now = site.clock.now();
        let read = move |conn: &crate::store::Connection| {
            let people = sql::people(conn, None, now)?;
            let mut names: Vec<String> = people
                .into_iter()
                .flat_map(|one| [one.email, one.name])
                .collect();
            names.extend(sql::places(conn)?.into_iter().map(|place| place.name));
            names.extend(sql::programs(conn, now)?.into_iter().map(|key| key.name));
            names.extend(sql::hosting(conn)?.into_iter().map(|fact| fact.name));
            Ok::<_, Error>(names)
        };
        Ok(Names::new(site.system.read(read).await?))
    }

    fn new(mut names: Vec<String>) -> Names {
        names.retain(|name| !name.trim().is_empty());
        // A long name before the shorter one that is part of it.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Names(names)
    }

    /// The sentence without them.
    pub(super) fn hide(&self, text: &str) -> String {
        let text = self
            .0
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(name, MASK));
        // An address of somebody who is gone.
        let words = text
            .split(' ')
            .map(|word| if word.contains('@') { MASK } else { word });
        words.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_secret_is_left_in_a_file() {
        let text = "# the old password was hunter0\nlisten = \"1.2.3.4:1\" # hunter1\n\
            tls_key = \"/etc/key.pem\"\napi_key = \"hunter2\"\n\
            [mail]\npassword = \"hunter3\"\nurl = \"smtps://me:hunter4@mail.corp/\"\nport = 25\n\
            [s3]\nauth = { secret_key = \"hunter5\", region = \"x\" }\n\
            [[sinks]]\ntokens = [\"hunter6\", \"hunter7\"]\npin_seed = 123456\n";
        let shown = toml(text);
        assert!(
            !shown.contains("hunter") && !shown.contains("123456"),
            "{shown}"
        );
        for kept in [
            "listen = \"1.2.3.4:1\"",
            "/etc/key.pem",
            "port = 25",
            "region = \"x\"",
        ] {
            assert!(shown.contains(kept), "{kept}: {shown}");
        }
    }

    #[test]
    fn what_is_no_toml_is_not_shown_at_all() {
        let shown = toml("password = hunter2 = x");
        assert!(!shown.contains("hunter2"), "{shown}");
        let quoted = toml("words = \"a # b\"\n");
        assert_eq!(quoted, "words = \"a # b\"\n");
    }

    #[test]
    fn names_of_people_and_places_are_hidden_the_long_ones_first() {
        let names = Names::new(vec![
            "Ada".into(),
            "Ada Lovelace".into(),
            String::new(),
            "Northgate".into(),
        ]);
        let said = "Ada Lovelace (gone@example.org) in Northgate after 20 minutes";
        assert_eq!(names.hide(said), "••• ••• in ••• after 20 minutes");
    }
}
