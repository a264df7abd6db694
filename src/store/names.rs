//! The names a statement says, for what the engine does not ask about: a join
//! by equal names compares columns without asking whether they may be read.

use super::{Error, allowed};

/// A piece of a statement; remarks and spaces are none.
enum Piece {
    /// A name or a text, without its quotes; whether it stood bare.
    Word(String, bool),
    Sign(char),
}

fn pieces(sql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(inside) = rest.strip_prefix("/*") {
            inside.find("*/").map_or(rest.len(), |end| end + 4)
        } else if let Some(close) = closing(first) {
            let (text, length) = quoted(rest, close);
            pieces.push(Piece::Word(text.to_ascii_lowercase(), false));
            length
        } else if is_of_word(first) {
            let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            pieces.push(Piece::Word(rest[..length].to_ascii_lowercase(), true));
            length
        } else {
            if !first.is_whitespace() {
                pieces.push(Piece::Sign(first));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    pieces
}

fn closing(first: char) -> Option<char> {
    match first {
        '\'' | '"' | '`' => Some(first),
        '[' => Some(']'),
        _ => None,
    }
}

/// The text between quotes, and how long it was with them.
fn quoted(rest: &str, close: char) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, one)) = chars.next() {
        if one != close {
            text.push(one);
        } else if close != ']' && chars.next_if(|(_, next)| *next == close).is_some() {
            text.push(close);
        } else {
            return (text, at + one.len_utf8());
        }
    }
    (text, rest.len())
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

/// Does it name one of these tables together with the file's own database?
pub(super) fn qualifies(sql: &str, is_one: &dyn Fn(&str) -> bool) -> bool {
    let pieces = pieces(sql);
    pieces.windows(3).any(|three| {
        matches!(three, [Piece::Word(base, _), Piece::Sign('.'), Piece::Word(table, _)]
            if base == "main" && is_one(table))
    })
}

/// Refuses a join by equal names with a table of ours or the engine's.
pub(super) fn refuse_joins(sql: &str) -> Result<(), Error> {
    if joins_system(sql) {
        return Err(Error::Denied(
            "it joins by equal names with a table that is not there for queries".to_owned(),
        ));
    }
    Ok(())
}

/// Does it join by equal names, and say a name of ours or the engine's?
fn joins_system(sql: &str) -> bool {
    // Most statements say neither word anywhere, and are not taken apart.
    let has = |word: &str| {
        let mut windows = sql.as_bytes().windows(word.len());
        windows.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !has("natural") && !has("using") {
        return false;
    }
    let pieces = pieces(sql);
    let says = |word: &str| {
        let mut all = pieces.iter();
        all.any(|piece| matches!(piece, Piece::Word(said, true) if said == word))
    };
    if !says("natural") && !says("using") {
        return false;
    }
    let mut all = pieces.iter();
    all.any(|piece| matches!(piece, Piece::Word(said, _) if !allowed::table(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_its_database_is_found_in_every_spelling() {
        let is_orders = |name: &str| name == "orders";
        for sql in [
            "select 1 from main.orders",
            "select 1 from MAIN . \"Orders\"",
            "select 1 from 'main'.'orders'",
            "select 1 from [main]/* x */.-- y\n`orders`",
            "select '--' from main.orders",
            "select \"/*\" from main.orders -- */",
        ] {
            assert!(qualifies(sql, &is_orders), "{sql}");
        }
        for sql in [
            "select 'main.orders'",
            "select 1 -- main.orders",
            "select 1 /* main.orders */",
            "select 'it''s main' || orders.id from orders",
            "select 1 from temp.orders",
            "select 1 from domain.orders",
        ] {
            assert!(!qualifies(sql, &is_orders), "{sql}");
        }
    }

    #[test]
    fn a_join_by_names_with_a_table_of_ours_is_found() {
        assert!(joins_system("select 1 from x natural join journal"));
        assert!(joins_system(
            "select 1 from x NATURAL/**/LEFT JOIN \"_policy\""
        ));
        assert!(joins_system(
            "select 1 from x join sqlite_schema using (name)"
        ));
        assert!(!joins_system("select 1 from x natural join y"));
        assert!(!joins_system("select 1 from x, journal"));
    }
}
