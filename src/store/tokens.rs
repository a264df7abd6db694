//! SQLite's lexical grammar: where words, strings, comments and parameters begin and end.

/// What is wrong with a statement, and where: `at` counts bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub at: usize,
    pub message: String,
}

impl Error {
    pub fn new(at: usize, message: impl Into<String>) -> Error {
        Error {
            at,
            message: message.into(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Space,
    Comment,
    /// A keyword or a bare name.
    Word,
    /// A name in quotes, of any of the three styles.
    Name,
    Text,
    Blob,
    Number,
    /// `:name`, and everything that SQLite would bind in another way.
    Parameter,
    Open,
    Close,
    Comma,
    End,
    Operator,
}

/// A stretch of a statement, from byte `start` to before byte `end`.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start..self.end]
    }

    /// Is this the keyword, in any case?
    pub fn is_word(&self, sql: &str, word: &str) -> bool {
        self.kind == Kind::Word && self.text(sql).eq_ignore_ascii_case(word)
    }

    /// What it may be called in a statement, without its quotes and in small
    /// letters as SQLite makes them: a word, a name, and a text, which SQLite
    /// takes for a name where it expects one.
    pub fn name(&self, sql: &str) -> Option<String> {
        let text = self.text(sql);
        let close = match self.kind {
            Kind::Word => return Some(text.to_ascii_lowercase()),
            Kind::Name | Kind::Text => text.chars().next_back()?,
            _ => return None,
        };
        let inside = &text[1..text.len() - 1];
        let plain = match close {
            ']' => inside.to_owned(),
            quote => inside.replace(&format!("{quote}{quote}"), &quote.to_string()),
        };
        Some(plain.to_ascii_lowercase())
    }

    /// Says nothing to the database.
    pub fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Space | Kind::Comment)
    }
}

/// The tokens of `sql`, end to end: put together they are `sql` again.
///
/// # Errors
///
/// With the offset: a quote, a bracket or a comment that is never closed; a zero.
pub fn tokens(sql: &str) -> Result<Vec<Token>, Error> {
    if let Some(at) = sql.find('\0') {
        return Err(Error::new(
            at,
            "a zero character ends the statement here; remove it",
        ));
    }
    let mut found = Vec::new();
    let mut start = 0;
    while start < sql.len() {
        let (kind, length) = next(&sql[start..]).map_err(|message| Error::new(start, message))?;
        let end = start + length;
        found.push(Token { kind, start, end });
        start = end;
    }
    Ok(found)
}

/// The first token of `rest`, which is not empty: its kind and its length in bytes.
fn next(rest: &str) -> Result<(Kind, usize), String> {
    let bytes = rest.as_bytes();
    let one = |kind| Ok((kind, 1));
    match bytes[0] {
        b if is_space(b) => Ok((Kind::Space, run(bytes, is_space))),
        b'-' if bytes.get(1) == Some(&b'-') => {
            Ok((Kind::Comment, rest.find('\n').unwrap_or(rest.len())))
        }
        b'/' if bytes.get(1) == Some(&b'*') => match rest[2..].find("*/") {
            Some(inside) => Ok((Kind::Comment, inside + 4)),
            None => Err("this comment is never closed; end it with */".into()),
        },
        b'\'' => quoted(rest, '\'').map(|length| (Kind::Text, length)),
        b'"' => quoted(rest, '"').map(|length| (Kind::Name, length)),
        b'`' => quoted(rest, '`').map(|length| (Kind::Name, length)),
        b'[' => match rest.find(']') {
            Some(end) => Ok((Kind::Name, end + 1)),
            None => Err("this name in brackets is never closed; end it with ]".into()),
        },
        b'x' | b'X' if bytes.get(1) == Some(&b'\'') => {
            quoted(&rest[1..], '\'').map(|length| (Kind::Blob, length + 1))
        }
        // Not SQLite's, but other engines cast with it: no parameter begins here.
        b':' if bytes.get(1) == Some(&b':') => Ok((Kind::Operator, 2)),
        b':' | b'@' | b'$' | b'?' | b'#' => {
            Ok((Kind::Parameter, 1 + run(&bytes[1..], is_word_byte)))
        }
        b'0'..=b'9' => Ok((Kind::Number, number(bytes))),
        b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => Ok((Kind::Number, number(bytes))),
        b if is_word_byte(b) => Ok((Kind::Word, run(bytes, is_word_byte))),
        b'(' => one(Kind::Open),
        b')' => one(Kind::Close),
        b',' => one(Kind::Comma),
        b';' => one(Kind::End),
        _ => one(Kind::Operator),
    }
}

fn run(bytes: &[u8], belongs: fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// Bytes above ASCII are letters to SQLite, whatever they mean.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}

/// The length of what begins and ends with `mark`, which doubled stands for itself.
fn quoted(rest: &str, mark: char) -> Result<usize, String> {
    let mut from = 1;
    while let Some(found) = rest[from..].find(mark) {
        let after = from + found + 1;
        if !rest[after..].starts_with(mark) {
            return Ok(after);
        }
        from = after + 1;
    }
    Err(format!(
        "this quote is never closed; end it with {mark}, and write {mark}{mark} for one inside"
    ))
}

/// Digits, a point, an exponent with its sign; what SQLite refuses later is not our matter.
fn number(bytes: &[u8]) -> usize {
    let is_hex = bytes.len() > 1 && bytes[0] == b'0' && bytes[1].eq_ignore_ascii_case(&b'x');
    let mut end = 1;
    while let Some(byte) = bytes.get(end) {
        let after_exponent = !is_hex && bytes[end - 1].eq_ignore_ascii_case(&b'e');
        let is_sign = after_exponent && matches!(byte, b'+' | b'-');
        if !(is_word_byte(*byte) || *byte == b'.' || is_sign) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(sql: &str) -> String {
        let all = tokens(sql).unwrap().into_iter();
        let said = all.filter(|token| token.kind != Kind::Space);
        let lines = said.map(|token| format!("{:?} {}", token.kind, token.text(sql)));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_tokens_put_together_are_the_statement() {
        let sql =
            "select 'it''s', \"a\"\"b\", `c`, [d e], x'00', 1.5e-3, .5, 0x1F -- end\n/* ) */;";

        let whole: String = tokens(sql).unwrap().iter().map(|t| t.text(sql)).collect();

        assert_eq!(whole, sql);
        insta::assert_snapshot!(seen(sql), @r#"
        Word select
        Text 'it''s'
        Comma ,
        Name "a""b"
        Comma ,
        Name `c`
        Comma ,
        Name [d e]
        Comma ,
        Blob x'00'
        Comma ,
        Number 1.5e-3
        Comma ,
        Number .5
        Comma ,
        Number 0x1F
        Comment -- end
        Comment /* ) */
        End ;
        "#);
    }

    #[test]
    fn letters_of_any_alphabet_are_words() {
        insta::assert_snapshot!(seen("größe=:größe"), @"
        Word größe
        Operator =
        Parameter :größe
        ");
    }

    #[test]
    fn a_name_is_read_without_its_quotes() {
        let sql = "Orders \"A\"\"b\" `C``d` [E f] 'It''s' ÜBER = 7";
        let tokens = tokens(sql).unwrap();
        let names: Vec<String> = tokens.iter().filter_map(|token| token.name(sql)).collect();
        assert_eq!(names, ["orders", "a\"b", "c`d", "e f", "it's", "Über"]);
    }

    #[test]
    fn what_is_never_closed_is_named_with_its_place() {
        for (sql, at) in [
            ("select 'a", 7),
            ("select \"a", 7),
            ("select [a", 7),
            ("x /* y", 2),
            ("select x'00", 7),
            ("select 'a''", 7),
        ] {
            assert_eq!(tokens(sql).unwrap_err().at, at, "{sql}");
        }
    }
}
