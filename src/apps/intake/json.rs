//! JSON with its places: every key knows its pointer and its line.

use std::collections::HashSet;
use std::sync::Arc;

use super::Unreadable;
use super::ledger::{Fact, Key, Place};

/// Objects and lists inside of each other.
const DEPTH: usize = 64;
const KEYS: usize = 50_000;
const KEY_LENGTH: usize = 200;
/// All pointers together, in bytes.
const POINTERS: usize = 16 << 20;

/// A value, and the key it stands at or under.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) key: Option<Key>,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it was written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn says_nothing(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(all) => all.is_empty(),
            Value::Table(all) => all.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// What it is, for people.
    pub(super) fn sort(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Table(_) => "an object",
        }
    }
}

/// The value in a file; its keys are added to `facts`.
pub(super) fn read(name: &str, text: &str, facts: &mut Vec<Fact>) -> Result<Node, Unreadable> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader {
        file: Arc::from(name),
        text,
        at: 0,
        line: 1,
        counted: 0,
        pointers: 0,
        facts,
    };
    let node = reader.value(&Under::default())?;
    reader.blank();
    if reader.at < text.len() {
        return Err(reader.fault("something follows the end of the JSON; remove it"));
    }
    Ok(node)
}

/// What a value stands under.
#[derive(Default)]
struct Under {
    pointer: String,
    key: Option<Key>,
    depth: usize,
}

struct Reader<'a> {
    file: Arc<str>,
    text: &'a str,
    at: usize,
    line: u32,
    /// Up to here lines were counted.
    counted: usize,
    pointers: usize,
    facts: &'a mut Vec<Fact>,
}

impl<'a> Reader<'a> {
    fn fault(&mut self, why: &str) -> Unreadable {
        let line = self.line();
        Unreadable::new(format!("{}:{line}: {why}", self.file))
    }

    fn line(&mut self) -> u32 {
        let lines = self.text[self.counted..self.at].matches('\n').count();
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        self.counted = self.at;
        self.line
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self, under: &Under) -> Result<Node, Unreadable> {
        self.blank();
        if under.depth > DEPTH {
            return Err(self.fault("more than 64 objects and lists stand inside of each other"));
        }
        let value = match self.next() {
            Some(b'{') => self.table(under)?,
            Some(b'[') => self.list(under)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node {
            key: under.key,
            value,
        })
    }

    fn word(&mut self) -> Result<Value, Unreadable> {
        let words = [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("this is not JSON: a value is expected here"))
    }

    fn number(&mut self) -> Result<Value, Unreadable> {
        let is_part = |b: &u8| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(is_part).count();
        let text = &self.rest()[..length];
        if serde_json::from_str::<f64>(text).is_err() {
            return Err(self.fault("this is no number of JSON"));
        }
        self.at += length;
        Ok(Value::Number(text.to_owned()))
    }

    fn string(&mut self) -> Result<String, Unreadable> {
        let bytes = self.rest().as_bytes();
        let mut end = 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            return Err(self.fault("this text is never closed; end it with \""));
        }
        let read = serde_json::from_str(&self.rest()[..=end]);
        let Ok(text) = read else {
            return Err(self.fault(
                "this text is not JSON's: a line's end is written \\n in it, and a backslash \\\\",
            ));
        };
        self.at += end + 1;
        Ok(text)
    }

    fn list(&mut self, under: &Under) -> Result<Value, Unreadable> {
        self.at += 1;
        let mut all = Vec::new();
        loop {
            self.blank();
            if all.is_empty() && self.next() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(all));
            }
            let inner = Under {
                pointer: format!("{}/{}", under.pointer, all.len()),
                key: under.key,
                depth: under.depth + 1,
            };
            all.push(self.value(&inner)?);
            if all.len() > KEYS {
                return Err(self.fault("a list has at most 50,000 values"));
            }
            if self.is_end(b']')? {
                return Ok(Value::List(all));
            }
        }
    }

    fn table(&mut self, under: &Under) -> Result<Value, Unreadable> {
        self.at += 1;
        let mut all = Vec::new();
        let mut known = HashSet::new();
        loop {
            self.blank();
            if all.is_empty() && self.next() == Some(b'}') {
                self.at += 1;
                return Ok(Value::Table(all));
            }
            if self.next() != Some(b'"') {
                return Err(self.fault("this is not JSON: a key in double quotes is expected here"));
            }
            let line = self.line();
            let name = self.string()?;
            self.blank();
            if self.next() != Some(b':') {
                return Err(self.fault("this is not JSON: a colon is missing after the key"));
            }
            self.at += 1;
            let again = !known.insert(name.clone());
            let inner = self.key(under, &name, line, again)?;
            let node = self.value(&inner)?;
            if let Some(Key(at)) = node.key {
                self.facts[at].is_empty = node.says_nothing();
            }
            all.push((name, node));
            if self.is_end(b'}')? {
                return Ok(Value::Table(all));
            }
        }
    }

    /// A key is there: it gets its place.
    fn key(
        &mut self,
        under: &Under,
        name: &str,
        line: u32,
        again: bool,
    ) -> Result<Under, Unreadable> {
        if name.len() > KEY_LENGTH {
            return Err(self.fault("a key is longer than 200 bytes"));
        }
        let segment = name.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{}/{segment}", under.pointer);
        self.pointers += pointer.len();
        if self.facts.len() >= KEYS || self.pointers > POINTERS {
            return Err(self.fault("these are more keys than one app has; bring fewer at a time"));
        }
        let place = Place {
            file: Arc::clone(&self.file),
            pointer: pointer.clone(),
            line,
        };
        self.facts.push(Fact::new(place, under.key, again));
        Ok(Under {
            pointer,
            key: Some(Key(self.facts.len() - 1)),
            depth: under.depth + 1,
        })
    }

    /// After a value: a comma, or the end.
    fn is_end(&mut self, close: u8) -> Result<bool, Unreadable> {
        self.blank();
        let next = self.next();
        if next == Some(close) || next == Some(b',') {
            self.at += 1;
            return Ok(next == Some(close));
        }
        let why = format!(
            "this is not JSON: a comma or {} is missing here",
            char::from(close)
        );
        Err(self.fault(&why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        read("a.json", text, &mut Vec::new())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_key_has_its_pointer_and_its_line() {
        let mut facts = Vec::new();
        read(
            "a.json",
            "\u{feff}{\n \"a\": [1,\n {\"b/c\": null}], \"a\": \"x\\n\\u00e9\"\n}",
            &mut facts,
        )
        .unwrap();

        let places: Vec<String> = facts.iter().map(|fact| fact.place().to_string()).collect();
        assert_eq!(places, ["a.json:2 /a", "a.json:3 /a/1/b~1c", "a.json:3 /a"]);
    }

    #[test]
    fn what_is_not_json_is_told_with_its_line() {
        insta::assert_snapshot!(fault("{\n\"a\": 1\n\"b\": 2}"), @"a.json:3: this is not JSON: a comma or } is missing here");
        insta::assert_snapshot!(fault("{\"a\": 1,}"), @"a.json:1: this is not JSON: a key in double quotes is expected here");
        insta::assert_snapshot!(fault("[1,]"), @"a.json:1: this is not JSON: a value is expected here");
        insta::assert_snapshot!(fault("{\"a\": \"x\ny\"}"), @r#"a.json:1: this text is not JSON's: a line's end is written \n in it, and a backslash \\"#);
        insta::assert_snapshot!(fault("\"a"), @r#"a.json:1: this text is never closed; end it with ""#);
        insta::assert_snapshot!(fault("\"a\\"), @r#"a.json:1: this text is never closed; end it with ""#);
        insta::assert_snapshot!(fault("-"), @"a.json:1: this is no number of JSON");
        insta::assert_snapshot!(fault("1 2"), @"a.json:1: something follows the end of the JSON; remove it");
        insta::assert_snapshot!(fault(""), @"a.json:1: this is not JSON: a value is expected here");
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_refused() {
        assert!(fault(&"[".repeat(200_000)).contains("more than 64"));
        assert!(fault(&"{\"a\":".repeat(200_000)).contains("more than 64"));
        let many: Vec<String> = (0..60_000).map(|at| format!("\"k{at}\":1")).collect();
        assert!(fault(&format!("{{{}}}", many.join(","))).contains("more keys"));
        assert!(fault(&format!("{{\"{}\":1}}", "k".repeat(201))).contains("200 bytes"));
    }
}
