//! Reads JSON so that nothing of it is lost: a number stays its digits, a list its text.

use std::borrow::Cow;

/// Lists and objects within each other.
const DEEPEST: usize = 100;

/// A value, borrowed from the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    /// As it was written: no digit is lost.
    Number(&'a str),
    Text(Cow<'a, str>),
    List {
        items: Vec<Json<'a>>,
        text: &'a str,
    },
    Object {
        members: Vec<(Cow<'a, str>, Json<'a>)>,
        text: &'a str,
    },
}

/// Why a text was not read. It says nothing of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON, or one with more than a hundred lists within each other.
    NotJson,
    /// It has more values than were allowed.
    TooMany,
}

/// The value that the text is. `most`: so many values it may hold, all counted.
///
/// # Errors
///
/// It is none, or holds more.
pub fn read(text: &str, most: usize) -> Result<Json<'_>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        text,
        at: 0,
        left: most,
    };
    let value = reader.value(0)?;
    reader.skip();
    if reader.at == text.len() {
        Ok(value)
    } else {
        Err(Fault::NotJson)
    }
}

/// Is it a number as JSON writes them, and nothing else?
pub fn is_number(text: &str) -> bool {
    let mut reader = Reader {
        text,
        at: 0,
        left: 1,
    };
    reader.number().is_ok() && reader.at == text.len()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    left: usize,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past that byte if it is next.
    fn takes(&mut self, wanted: u8) -> bool {
        let is_next = self.byte() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        if depth > DEEPEST {
            return Err(Fault::NotJson);
        }
        self.left = self.left.checked_sub(1).ok_or(Fault::TooMany)?;
        self.skip();
        match self.byte().ok_or(Fault::NotJson)? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Json::Text),
            b'-' | b'0'..=b'9' => self.number().map(Json::Number),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => Err(Fault::NotJson),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Fault::NotJson);
        }
        self.at += word.len();
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        let start = self.at;
        let mut items = Vec::new();
        self.at += 1;
        self.skip();
        if !self.takes(b']') {
            loop {
                items.push(self.value(depth + 1)?);
                self.skip();
                if self.takes(b']') {
                    break;
                }
                if !self.takes(b',') {
                    return Err(Fault::NotJson);
                }
            }
        }
        let text = &self.text[start..self.at];
        Ok(Json::List { items, text })
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        let start = self.at;
        let mut members = Vec::new();
        self.at += 1;
        self.skip();
        if !self.takes(b'}') {
            loop {
                self.skip();
                let name = self.string()?;
                self.skip();
                if !self.takes(b':') {
                    return Err(Fault::NotJson);
                }
                members.push((name, self.value(depth + 1)?));
                self.skip();
                if self.takes(b'}') {
                    break;
                }
                if !self.takes(b',') {
                    return Err(Fault::NotJson);
                }
            }
        }
        let text = &self.text[start..self.at];
        Ok(Json::Object { members, text })
    }

    fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _sign = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    /// One or more of them.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start {
            Ok(())
        } else {
            Err(Fault::NotJson)
        }
    }

    /// The text between two quotes, borrowed where nothing in it is escaped.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        if !self.takes(b'"') {
            return Err(Fault::NotJson);
        }
        let plain = self.plain();
        if self.takes(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut whole = plain.to_owned();
        loop {
            if self.takes(b'"') {
                return Ok(Cow::Owned(whole));
            }
            if !self.takes(b'\\') {
                return Err(Fault::NotJson);
            }
            whole.push(self.escaped()?);
            whole.push_str(self.plain());
        }
    }

    /// What stands for itself.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let ends = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        while self.byte().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn escaped(&mut self) -> Result<char, Fault> {
        let byte = self.byte().ok_or(Fault::NotJson)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(Fault::NotJson),
        })
    }

    /// `\u00e4`, or two of them that make one letter.
    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if !(self.takes(b'\\') && self.takes(b'u')) {
                return Err(Fault::NotJson);
            }
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(Fault::NotJson);
            }
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or(Fault::NotJson)
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|four| four.bytes().all(|byte| byte.is_ascii_hexdigit()));
        self.at += 4;
        let code = digits.and_then(|four| u32::from_str_radix(four, 16).ok());
        code.ok_or(Fault::NotJson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(text: &str) -> bool {
        read(text, 1_000).is_ok()
    }

    #[test]
    fn numbers_keep_their_digits_and_lists_their_text() {
        let text = r#" {"a": 12345678901234567890.10, "b": [1, {"c": null}], "d": "x"} "#;
        let Ok(Json::Object { members, .. }) = read(text, 10) else {
            panic!("it is an object");
        };
        assert_eq!(members[0].1, Json::Number("12345678901234567890.10"));
        assert!(matches!(&members[1].1, Json::List { text, .. } if *text == r#"[1, {"c": null}]"#));
        assert_eq!(members[2].1, Json::Text(Cow::Borrowed("x")));
    }

    #[test]
    fn a_text_is_what_its_escapes_say() {
        let text = r#""a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00 z""#;
        let theirs: String = serde_json::from_str(text).unwrap();
        assert_eq!(read(text, 1), Ok(Json::Text(Cow::Owned(theirs))));
    }

    #[test]
    fn it_takes_what_another_reader_takes_and_nothing_else() {
        for text in [
            "1",
            "-0",
            "0.5e-3",
            "1E+9",
            "\"\"",
            "[]",
            "{}",
            "[1,2]",
            "{\"a\":{}}",
            "true",
            "null",
            " [ ] ",
            "01",
            "1.",
            ".5",
            "-",
            "1e",
            "+1",
            "NaN",
            "[1,]",
            "[,1]",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":1,}",
            "'a'",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12é\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\n\"",
            "",
            " ",
            "1 2",
            "t",
            "[1",
            "{\"a\":1",
            "<b>no</b>",
            "nul",
            "\u{b}1",
            "[1 2]",
            "\"\\",
            "\"\\u",
        ] {
            let theirs = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(fits(text), theirs, "{text:?}");
        }
        assert!(fits("\u{feff}[1]"));
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(fits(&deep(100)) && !fits(&deep(102)));
        assert_eq!(read("[1,2,3]", 3), Err(Fault::TooMany));
        assert!(read("[1,2,3]", 4).is_ok());
        assert!(is_number("-1.50") && !is_number("1 ") && !is_number("0x1") && !is_number(""));
    }
}
