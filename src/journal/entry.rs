//! One thing that happened.

use serde_json::{Map, Value};

use super::actor::Actor;
use crate::base::{Time, text};

/// How a thing that was tried ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Ok,
    /// They may not, or not now.
    Refused,
    /// It was tried and did not work.
    Failed,
}

impl Outcome {
    pub const ALL: [Outcome; 3] = [Outcome::Ok, Outcome::Refused, Outcome::Failed];

    pub fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }
}

/// A line for the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) at: Time,
    pub(super) actor: Actor,
    pub(super) action: String,
    pub(super) object: String,
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    pub(super) detail: Value,
    pub(super) diff: Value,
}

impl Entry {
    /// `action` is `noun.verb` in the past tense: `app.published`; `object` is
    /// the thing's own name. The noun says what kind of thing it is, unless
    /// [`on`](Entry::on) says otherwise.
    pub fn new(
        at: Time,
        actor: &Actor,
        action: impl Into<String>,
        object: impl Into<String>,
    ) -> Entry {
        let (action, object) = (action.into(), object.into());
        Entry {
            at,
            actor: actor.clone(),
            kind: action.split('.').next().unwrap_or_default().to_owned(),
            action,
            id: object.clone(),
            object,
            outcome: Outcome::Ok,
            reason: String::new(),
            detail: Value::Null,
            diff: Value::Null,
        }
    }

    /// What kind of thing it was done to, and the id it is known by.
    #[must_use]
    pub fn on(self, kind: impl Into<String>, id: impl Into<String>) -> Entry {
        Entry {
            kind: kind.into(),
            id: id.into(),
            ..self
        }
    }

    /// What else an auditor wants to know. Never a secret, never a row's
    /// content. A number under `rows` is the row count of the record.
    #[must_use]
    pub fn with(self, detail: Value) -> Entry {
        Entry { detail, ..self }
    }

    /// It was refused, for that reason.
    #[must_use]
    pub fn refused(self, reason: impl Into<String>) -> Entry {
        Entry {
            outcome: Outcome::Refused,
            reason: reason.into(),
            ..self
        }
    }

    /// It was tried and did not work, for that reason.
    #[must_use]
    pub fn failed(self, reason: impl Into<String>) -> Entry {
        Entry {
            outcome: Outcome::Failed,
            reason: reason.into(),
            ..self
        }
    }

    /// What changed: the fields that differ, each with what was there before
    /// and what is there now. Secrets are masked, long texts cut.
    #[must_use]
    pub fn changed(self, before: &Value, after: &Value) -> Entry {
        Entry {
            diff: diff(before, after),
            ..self
        }
    }

    pub(super) fn rows(&self) -> Option<i64> {
        self.detail.get("rows").and_then(Value::as_i64)
    }
}

/// What stands in place of a secret.
const MASK: &str = "•••";
/// Letters of one value that a record keeps.
const MOST: usize = 2_000;
/// Parts of names whose values nobody may read.
const SECRETS: [&str; 8] = [
    "password",
    "passwort",
    "secret",
    "token",
    "key",
    "seed",
    "private",
    "credential",
];

fn diff(before: &Value, after: &Value) -> Value {
    let empty = Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let mut out = Map::new();
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    for name in names {
        // What is nothing was not there.
        let [old, new] = [before, after].map(|side| side.get(name).filter(|it| !it.is_null()));
        if old == new {
            continue;
        }
        let pair = match (old, new) {
            (Some(Value::String(old)), Some(Value::String(new))) => {
                let (old, new) = apart(old, new);
                [Value::from(old), Value::from(new)].map(|text| shown(name, Some(&text)))
            }
            _ => [shown(name, old), shown(name, new)],
        };
        out.insert(name.clone(), Value::from(pair.to_vec()));
    }
    Value::Object(out)
}

/// Of two texts that are too long to keep, the lines from the first that differs
/// to the last.
fn apart<'a>(old: &'a str, new: &'a str) -> (&'a str, &'a str) {
    if old.len().max(new.len()) <= MOST {
        return (old, new);
    }
    let same = old.bytes().zip(new.bytes());
    let same = same.take_while(|(old, new)| old == new).count();
    let head = old.as_bytes()[..same].iter();
    let head = head.rev().position(|byte| *byte == b'\n');
    let head = head.map_or(0, |back| same - back);
    let (old, new) = (&old[head..], &new[head..]);
    let same = old.bytes().rev().zip(new.bytes().rev());
    let same = same.take_while(|(old, new)| old == new).count();
    let begins_line = |text: &str| {
        let before = text.len() - same;
        before == 0 || text.as_bytes()[before - 1] == b'\n'
    };
    let tail = if begins_line(old) && begins_line(new) {
        same
    } else {
        let mut rest = old.as_bytes()[old.len() - same..].iter();
        let line = rest.position(|byte| *byte == b'\n');
        line.map_or(0, |end| same - end - 1)
    };
    (&old[..old.len() - tail], &new[..new.len() - tail])
}

fn shown(name: &str, value: Option<&Value>) -> Value {
    match value {
        None | Some(Value::Null) => Value::Null,
        Some(_) if is_secret(name) => Value::from(MASK),
        Some(Value::String(words)) => Value::from(text::shorten(words, MOST).into_owned()),
        Some(Value::Object(parts)) => parts
            .iter()
            .map(|(name, value)| (name.clone(), shown(name, Some(value))))
            .collect(),
        Some(Value::Array(parts)) => parts.iter().map(|part| shown(name, Some(part))).collect(),
        Some(other) => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// A line of the journal as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Past {
    /// Its number in the file it was written to.
    pub line: i64,
    /// Which form it is sealed in; what form 1 did not know is empty.
    pub version: i64,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    pub actor_kind: String,
    pub actor: Option<String>,
    pub actor_name: String,
    pub email: String,
    pub grant: String,
    pub workspace: String,
    pub via: String,
    pub address: String,
    pub proxies: String,
    pub device: String,
    pub browser: String,
    pub system: String,
    pub session: String,
    pub method: String,
    pub request: String,
    pub action: String,
    pub kind: String,
    pub object_id: String,
    pub object: String,
    pub result: String,
    pub reason: String,
    pub row_count: Option<i64>,
    /// JSON, `null` when there is nothing to tell.
    pub detail: String,
    /// JSON: by field, what was there before and what is there now.
    pub diff: String,
}

impl Past {
    pub fn time(&self) -> Time {
        Time(self.at)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_diff_names_what_changed_and_no_secret() {
        let before = json!({"host": "a", "port": 1, "password": "hunter2", "ldap": {"bind_secret": "x", "dn": "d"}});
        let after = json!({"host": "b", "port": 1, "password": "hunter3", "ldap": {"bind_secret": "y", "dn": "d"}, "apiKey": "k"});

        let said = diff(&before, &after);

        assert_eq!(
            said,
            json!({
                "host": ["a", "b"],
                "password": [MASK, MASK],
                "ldap": [{"bind_secret": MASK, "dn": "d"}, {"bind_secret": MASK, "dn": "d"}],
                "apiKey": [null, MASK],
            })
        );
        assert!(!said.to_string().contains("hunter"));
        let nothing = json!({ "group": null });
        assert_eq!(diff(&Value::Null, &nothing), json!({}));
    }

    #[test]
    fn of_long_texts_the_lines_that_changed_are_kept() {
        let lines = |middle: &str| {
            let many = |name: &str| {
                let lines: Vec<String> = (0..500).map(|at| format!("{name} ä {at}\n")).collect();
                lines.concat()
            };
            format!("{}{middle}{}", many("before"), many("after"))
        };
        let said = |old: &str, new: &str| {
            let said = diff(&json!({ "text": old }), &json!({ "text": new }));
            [said["text"][0].clone(), said["text"][1].clone()]
        };

        let pair = said(&lines("title = \"ä\"\n"), &lines("title = \"ö\"\nmore\n"));
        assert_eq!(pair, ["title = \"ä\"\n", "title = \"ö\"\nmore\n"]);
        assert_eq!(said(&lines(""), &lines("new\n")), ["", "new\n"]);
        assert_eq!(said(&lines("old\n"), &lines("")), ["old\n", ""]);
        let (one, other) = ("ä".repeat(1_500), "ö".repeat(1_500));
        let [was, is] = said(&one, &other);
        assert!(was.as_str().unwrap().starts_with('ä') && is.as_str().unwrap().starts_with('ö'));
    }

    #[test]
    fn the_number_of_rows_is_taken_from_the_detail() {
        let entry = Entry::new(Time(0), &Actor::system(), "rows.exported", "orders");
        assert_eq!(entry.clone().rows(), None);
        assert_eq!(entry.with(json!({"rows": 7})).rows(), Some(7));
    }
}
