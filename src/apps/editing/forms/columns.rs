//! The columns that a statement writes or reads, changed in its own words. What is not a
//! plain list of them is left to whoever wrote it.

use std::ops::Range;

use crate::data::sql_text::{Dialect, Kind, Token};

/// Lists of a statement that belong together: names and values, or one of its own.
struct Read {
    table: String,
    lists: Vec<Vec<Range<usize>>>,
    writes: bool,
}

/// Pieces between commas, from one token to before another.
fn pieces(tokens: &[Token]) -> Vec<Range<usize>> {
    let (mut depth, mut found, mut from) = (0_usize, Vec::new(), 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => {
                found.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(from..tokens.len());
    let filled = found.into_iter().filter(|piece| !piece.is_empty());
    filled
        .map(|piece| tokens[piece.start].start..tokens[piece.end - 1].end)
        .collect()
}

/// How many tokens there are before the word, outside of brackets.
fn until(sql: &str, tokens: &[Token], word: &str) -> usize {
    let mut depth = 0_usize;
    let found = tokens.iter().position(|token| {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is_word(sql, word)
    });
    found.unwrap_or(tokens.len())
}

/// The pieces in brackets that begin here, and the number of tokens they take.
fn in_brackets(tokens: &[Token]) -> Option<(Vec<Range<usize>>, usize)> {
    tokens.first().filter(|first| first.kind == Kind::Open)?;
    let mut depth = 0_usize;
    let end = tokens.iter().position(|token| {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some((pieces(&tokens[1..end]), end + 1))
}

fn read(sql: &str) -> Option<Read> {
    let tokens = Dialect::Sqlite.tokens(sql).ok()?.into_iter();
    let tokens: Vec<Token> = tokens
        .filter(|token| !token.is_blank() && token.kind != Kind::End)
        .collect();
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|one| one.is_word(sql, word));
    let table = |at: usize| Some(bare(tokens.get(at)?.text(sql)));
    let (table, lists, writes) = if is(0, "insert") && is(1, "into") {
        let (names, taken) = in_brackets(tokens.get(3..)?)?;
        let next = 3 + taken;
        is(next, "values").then_some(())?;
        let (values, taken) = in_brackets(&tokens[next + 1..])?;
        // Rows beside it would have one value too few.
        let behind = tokens.get(next + 1 + taken);
        behind
            .is_none_or(|token| token.kind != Kind::Comma)
            .then_some(())?;
        (names.len() == values.len()).then_some(())?;
        (table(2)?, vec![names, values], true)
    } else if is(0, "update") && is(2, "set") {
        let rest = &tokens[3..];
        let end = until(sql, rest, "where");
        (table(1)?, vec![pieces(&rest[..end])], true)
    } else if is(0, "select") {
        let joins = ["union", "intersect", "except"];
        let is_one = joins
            .iter()
            .all(|word| until(sql, &tokens, word) == tokens.len());
        is_one.then_some(())?;
        let end = until(sql, &tokens, "from");
        (table(end + 1)?, vec![pieces(&tokens[1..end])], false)
    } else {
        return None;
    };
    let is_empty = lists.iter().any(Vec::is_empty);
    (!is_empty).then_some(Read {
        table,
        lists,
        writes,
    })
}

/// A name without the quotes it may have.
fn bare(name: &str) -> String {
    name.trim_matches(['"', '`', '[', ']']).to_owned()
}

/// The table that a statement is about, as far as that can be told.
pub fn table_of(sql: &str) -> Option<String> {
    read(sql).map(|read| read.table)
}

/// The columns that a statement writes.
pub fn columns_of(sql: &str) -> Vec<String> {
    written(sql).into_iter().map(|(column, _)| column).collect()
}

/// The columns that a statement writes, each with what is written there.
pub(super) fn written(sql: &str) -> Vec<(String, String)> {
    let Some(Read {
        lists,
        writes: true,
        ..
    }) = read(sql)
    else {
        return Vec::new();
    };
    let text = |range: &Range<usize>| sql[range.clone()].to_owned();
    match lists.as_slice() {
        [names, values] => {
            let each = names.iter().zip(values);
            each.map(|(name, value)| (bare(&text(name)), text(value)))
                .collect()
        }
        [sets] => {
            let each = sets.iter().map(text);
            each.filter_map(|set| {
                let (name, value) = set.split_once('=')?;
                Some((bare(name.trim()), value.trim().to_owned()))
            })
            .collect()
        }
        _ => Vec::new(),
    }
}

/// The statement with one more column; nothing where it has no place for one.
pub(super) fn with(sql: &str, column: &str, param: &str) -> Option<String> {
    let read = read(sql)?;
    let mut new = sql.to_owned();
    let last = read.lists.len() - 1;
    for (at, list) in read.lists.iter().enumerate().rev() {
        let piece = match (read.writes, last, at) {
            (false, _, _) => {
                let has = |range: &Range<usize>| {
                    let text = &sql[range.clone()];
                    text == "*" || bare(text) == bare(column)
                };
                if list.iter().any(has) {
                    return Some(new);
                }
                column.to_owned()
            }
            (true, 0, _) => format!("{column} = :{param}"),
            (true, _, 0) => column.to_owned(),
            (true, _, _) => format!(":{param}"),
        };
        let end = list.last()?.end;
        let between = match list.as_slice() {
            [.., before, last] => &sql[before.end..last.start],
            _ => ", ",
        };
        // A comment in between is not said twice.
        let between = if between.trim() == "," { between } else { ", " };
        new.insert_str(end, &format!("{between}{piece}"));
    }
    Some(new)
}

/// The statement without the column that takes the parameter; nothing where it is not
/// plainly one of several.
pub(super) fn without(sql: &str, param: &str) -> Option<String> {
    let read = read(sql).filter(|read| read.writes)?;
    let value = format!(":{param}");
    let at = written(sql).iter().position(|(_, said)| *said == value)?;
    let mut new = sql.to_owned();
    for list in read.lists.iter().rev() {
        let range = match (at.checked_sub(1), list.get(at + 1)) {
            (Some(before), _) => list[before].end..list[at].end,
            (None, Some(next)) => list[at].start..next.start,
            (None, None) => return None,
        };
        new.replace_range(range, "");
    }
    let again = Dialect::Sqlite.tokens(&new).ok()?;
    let is_there = again.iter().any(|token| token.text(&new) == value);
    (!is_there).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::{table_of, with, without, written};

    const ADD: &str = "insert into \"parts\" (name, qty)\nvalues (:name, coalesce(:qty, 1))";
    const CHANGE: &str = "update parts\n   set name = :name,\n       qty = :qty\n where id = :id";

    #[test]
    fn a_column_more_and_less_gives_the_same_statement() {
        for sql in [ADD, CHANGE] {
            let more = with(sql, "price", "price").unwrap();

            assert_eq!(written(&more).last().unwrap().1, ":price", "{more}");
            assert_eq!(without(&more, "price").unwrap(), sql);
            assert_eq!(table_of(&more).unwrap(), "parts");
        }
        assert_eq!(
            with(CHANGE, "price", "price").unwrap(),
            "update parts\n   set name = :name,\n       qty = :qty,\n       price = :price\n where id = :id"
        );
        let first = without(CHANGE, "name").unwrap();
        assert_eq!(first, "update parts\n   set qty = :qty\n where id = :id");
    }

    #[test]
    fn what_is_read_is_read_once() {
        let one = "select id, name\n  from parts\n where id = :id";
        let all = "select * from parts";

        let more = "select id, name, qty\n  from parts\n where id = :id";
        assert_eq!(with(one, "qty", "qty").unwrap(), more);
        assert_eq!(with(one, "name", "name").unwrap(), one);
        assert_eq!(with(all, "name", "name").unwrap(), all);
    }

    #[test]
    fn what_is_worked_out_is_left_to_its_author() {
        assert_eq!(without(ADD, "qty"), None);
        assert_eq!(
            without("update parts set name = :name where name <> :name", "name"),
            None
        );
        assert_eq!(
            without("insert into parts (name) values (:name)", "name"),
            None
        );
        assert_eq!(with("insert into parts select 1", "a", "a"), None);
        let two = "insert into parts (name) values (:name), ('Nut')";
        assert_eq!((with(two, "a", "a"), without(two, "name")), (None, None));
        let both = "select id from parts union select id from old_parts";
        assert_eq!(with(both, "a", "a"), None);
        assert_eq!(with("delete from parts where id = :id", "a", "a"), None);
    }
}
