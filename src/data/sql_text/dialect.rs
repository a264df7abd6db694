//! How other engines write statements, told in the tokens of ours.

use crate::store::tokens::{self, Error, Kind, Token};

/// Whose grammar a statement is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    #[default]
    Sqlite,
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

impl Dialect {
    /// As the editor of statements calls it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
            Dialect::MySql => "mysql",
        }
    }

    /// The tokens of `sql`, end to end: put together they are `sql` again.
    ///
    /// # Errors
    ///
    /// With the offset: what is never closed, a zero, and comments that the server would run.
    pub fn tokens(self, sql: &str) -> Result<Vec<Token>, Error> {
        if self == Dialect::Sqlite || sql.contains('\0') {
            return tokens::tokens(sql);
        }
        let mut found: Vec<Token> = Vec::new();
        let mut start = 0;
        while start < sql.len() {
            let (kind, length) = self
                .next(&sql[start..])
                .map_err(|message| Error::new(start, message))?;
            let end = start + length;
            found.push(Token { kind, start, end });
            start = end;
        }
        Ok(found)
    }

    /// A name as it stands in a statement, whatever is in it.
    pub fn quoted(self, name: &str) -> String {
        match self {
            Dialect::Sqlite | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::MySql => format!("`{}`", name.replace('`', "``")),
        }
    }

    fn next(self, rest: &str) -> Result<(Kind, usize), &'static str> {
        let bytes = rest.as_bytes();
        let second = bytes.get(1).copied();
        let is_mysql = self == Dialect::MySql;
        let one = |kind| Ok((kind, 1));
        match bytes[0] {
            b if is_space(b) => Ok((Kind::Space, run(bytes, is_space))),
            b'-' if second == Some(b'-') && self.is_comment(bytes.get(2).copied()) => {
                Ok((Kind::Comment, self.line(rest)))
            }
            b'#' if is_mysql => Ok((Kind::Comment, self.line(rest))),
            b'/' if second == Some(b'*') => Ok((Kind::Comment, self.comment(rest)?)),
            b'\'' => Ok((Kind::Text, closed(rest, b'\'', is_mysql)?)),
            b'"' if is_mysql => Ok((Kind::Text, closed(rest, b'"', true)?)),
            b'"' => Ok((Kind::Name, closed(rest, b'"', false)?)),
            b'`' if is_mysql => Ok((Kind::Name, closed(rest, b'`', false)?)),
            b'e' | b'E' if !is_mysql && second == Some(b'\'') => {
                Ok((Kind::Text, 1 + closed(&rest[1..], b'\'', true)?))
            }
            b'$' if !is_mysql => dollar(rest),
            b'?' if is_mysql => one(Kind::Parameter),
            b':' if matches!(second, Some(b':' | b'=')) => Ok((Kind::Operator, 2)),
            b':' if second.is_some_and(begins_name) => {
                Ok((Kind::Parameter, 1 + run(&bytes[1..], is_name_byte)))
            }
            b'0'..=b'9' => Ok((Kind::Number, run(bytes, is_number_byte))),
            b if is_word_byte(b) => Ok((Kind::Word, run(bytes, is_word_byte))),
            b'(' => one(Kind::Open),
            b')' => one(Kind::Close),
            b',' => one(Kind::Comma),
            b';' => one(Kind::End),
            _ => one(Kind::Operator),
        }
    }

    /// MySQL takes two dashes for a comment only where a space follows.
    fn is_comment(self, third: Option<u8>) -> bool {
        self != Dialect::MySql || third.is_none_or(|byte| is_space(byte) || byte.is_ascii_control())
    }

    fn line(self, rest: &str) -> usize {
        let ends = |c| c == '\n' || (c == '\r' && self == Dialect::Postgres);
        rest.find(ends).unwrap_or(rest.len())
    }

    /// They nest in PostgreSQL. In MySQL some are no comments at all.
    fn comment(self, rest: &str) -> Result<usize, &'static str> {
        const OPEN: &str = "this comment is never closed; end it with */";
        if self == Dialect::MySql {
            if ["/*!", "/*M!", "/*m!", "/*+"]
                .iter()
                .any(|mark| rest.starts_with(mark))
            {
                return Err("the server would run this comment; write it without /*! and /*+");
            }
            return Ok(rest[2..].find("*/").ok_or(OPEN)? + 4);
        }
        let (bytes, mut depth, mut at) = (rest.as_bytes(), 0_usize, 0);
        while at + 1 < bytes.len() {
            match (bytes[at], bytes[at + 1]) {
                (b'/', b'*') => depth += 1,
                (b'*', b'/') => depth -= 1,
                _ => {
                    at += 1;
                    continue;
                }
            }
            at += 2;
            if depth == 0 {
                return Ok(at);
            }
        }
        Err(OPEN)
    }
}

/// The length of what begins and ends with `mark`, which doubled stands for itself;
/// behind a backslash too, where the engine reads those.
fn closed(rest: &str, mark: u8, has_backslashes: bool) -> Result<usize, &'static str> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if has_backslashes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != mark {
            at += 1;
        } else if bytes.get(at + 1) == Some(&mark) {
            at += 2;
        } else {
            return Ok(at + 1);
        }
    }
    Err("this quote is never closed; end it, and double a quote that is meant to be inside")
}

/// `$$ … $$` and `$tag$ … $tag$` are texts, `$1` is a place for a value.
fn dollar(rest: &str) -> Result<(Kind, usize), &'static str> {
    let bytes = rest.as_bytes();
    let tag = run(&bytes[1..], is_tag_byte);
    let is_tag = bytes.get(1 + tag) == Some(&b'$') && !bytes[1].is_ascii_digit();
    if is_tag {
        let mark = &rest[..tag + 2];
        let inside = rest[mark.len()..].find(mark);
        let inside = inside.ok_or("this text between dollars is never closed; repeat its mark")?;
        return Ok((Kind::Text, inside + 2 * mark.len()));
    }
    Ok((Kind::Parameter, 1 + run(&bytes[1..], is_name_byte)))
}

fn run(bytes: &[u8], belongs: fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_tag_byte(byte: u8) -> bool {
    is_name_byte(byte) || !byte.is_ascii()
}

fn is_word_byte(byte: u8) -> bool {
    is_tag_byte(byte) || byte == b'$'
}

fn is_number_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte == b'.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(dialect: Dialect, sql: &str) -> Vec<String> {
        let tokens = dialect.tokens(sql).unwrap();
        let whole: String = tokens.iter().map(|token| token.text(sql)).collect();
        assert_eq!(whole, sql);
        let found = tokens.iter().filter(|token| token.kind == Kind::Parameter);
        found.map(|token| token.text(sql).to_owned()).collect()
    }

    #[test]
    fn places_for_values_are_told_from_texts_casts_and_comments() {
        for (sql, found) in [
            ("select :a::int, ':b', \":c\" -- :d\r, :e", ":a :e"),
            ("select $$ :a $$, $x$ $$ :b $x$, :c", ":c"),
            ("select e'\\' :a', '\\', :b", ":b"),
            ("select /* /* :a */ :b */ :c", ":c"),
            ("select a[1:2], x := 3, :d, f(b => :e)", ":d :e"),
            ("select name$1, $1", "$1"),
            ("select größe = :größe", ":gr"),
            ("select data ? 'a', data @> :b", ":b"),
        ] {
            assert_eq!(parameters(Dialect::Postgres, sql).join(" "), found, "{sql}");
        }
        for (sql, found) in [
            ("select ':a', \":b\", `:c`, :d # :e\n, :f", ":d :f"),
            ("select '\\' :a', 'it''s :b', :c", ":c"),
            ("select 1--:a", ":a"),
            ("select 1 -- :a\r, :b\n, :c", ":c"),
            ("select /* /* :a */ :b", ":b"),
            ("select ?, @x := :b", "? :b"),
        ] {
            assert_eq!(parameters(Dialect::MySql, sql).join(" "), found, "{sql}");
        }
    }

    #[test]
    fn what_is_never_closed_or_would_be_run_is_named_with_its_place() {
        for (dialect, sql, at) in [
            (Dialect::Postgres, "select 'a", 7),
            (Dialect::Postgres, "select e'a\\'", 7),
            (Dialect::Postgres, "x /* /* */", 2),
            (Dialect::Postgres, "x $a$ $b$", 2),
            (Dialect::Postgres, "x\0", 1),
            (Dialect::MySql, "select \"a\\\"", 7),
            (Dialect::MySql, "x `a", 2),
            (Dialect::MySql, "x /*!50000 into outfile '/x' */", 2),
            (Dialect::MySql, "select /*+ max_execution_time(0) */ 1", 7),
        ] {
            assert_eq!(dialect.tokens(sql).unwrap_err().at, at, "{sql}");
        }
    }

    #[test]
    fn a_name_in_quotes_stays_one() {
        assert_eq!(Dialect::Postgres.quoted("a\"; drop"), "\"a\"\"; drop\"");
        assert_eq!(Dialect::MySql.quoted("a`; drop"), "`a``; drop`");
    }
}
