//! What can be read off a statement word by word.

use crate::data::sql_text::{Dialect, Kind, Token};

/// Functions that make one row of many.
const SUMS: [&str; 7] = ["count", "sum", "avg", "min", "max", "total", "group_concat"];
const COMPARES: [&str; 6] = ["=", "==", "<", "<=", ">", ">="];

fn tokens(sql: &str) -> Vec<Token> {
    let tokens = Dialect::Sqlite.tokens(sql).unwrap_or_default();
    tokens
        .into_iter()
        .filter(|token| !token.is_blank())
        .collect()
}

/// The words and names, in small letters; strings and comments have none.
pub(super) fn words(sql: &str) -> Vec<String> {
    let tokens = tokens(sql).into_iter();
    let named = tokens.filter(|token| matches!(token.kind, Kind::Word | Kind::Name));
    named.filter_map(|token| token.name(sql)).collect()
}

/// Does it bound its rows, or make few of many?
pub(super) fn is_bounded(sql: &str) -> bool {
    let words = words(sql);
    let is_few = |word: &String| {
        let word = word.as_str();
        word == "limit" || word == "group" || word == "distinct" || SUMS.contains(&word)
    };
    words.iter().any(is_few)
}

/// The columns that are compared with a parameter: `status = :status`, `id in (:ids)`.
pub(super) fn compared(sql: &str) -> Vec<String> {
    let tokens = tokens(sql);
    let mut found: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = name_of(token, sql) else {
            continue;
        };
        let rest = &tokens[at + 1..];
        let is_compared = match rest {
            [a, b, c, ..] if a.kind == Kind::Operator && b.kind == Kind::Operator => {
                let both = format!("{}{}", a.text(sql), b.text(sql));
                COMPARES.contains(&both.as_str()) && c.kind == Kind::Parameter
            }
            [a, b, ..] if a.kind == Kind::Operator => {
                COMPARES.contains(&a.text(sql)) && b.kind == Kind::Parameter
            }
            [a, b, c, ..] if a.is_word(sql, "in") && b.kind == Kind::Open => {
                c.kind == Kind::Parameter
            }
            [a, b, ..] if a.is_word(sql, "between") => b.kind == Kind::Parameter,
            _ => false,
        };
        if is_compared && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn name_of(token: &Token, sql: &str) -> Option<String> {
    let is_name = matches!(token.kind, Kind::Word | Kind::Name);
    is_name.then(|| token.name(sql)).flatten()
}

/// Does an update or a delete say which rows it means?
pub(super) fn picks_rows(sql: &str) -> bool {
    let words = words(sql);
    let first = words
        .iter()
        .find(|word| *word != "with")
        .map(String::as_str);
    let changes = words
        .iter()
        .any(|word| word == "update" || word == "delete");
    !changes || first == Some("insert") || words.iter().any(|word| word == "where")
}

/// One row, surely: `insert into … values (…)`.
pub(super) fn adds_one(sql: &str) -> bool {
    let tokens = tokens(sql);
    let is_insert = tokens
        .first()
        .is_some_and(|first| first.is_word(sql, "insert"));
    let at = tokens.iter().position(|token| token.is_word(sql, "values"));
    let Some(rest) = at.filter(|_| is_insert).map(|at| &tokens[at + 1..]) else {
        return false;
    };
    let mut depth = 0usize;
    for token in rest {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            // A second row, or `on conflict`, which may change none.
            Kind::Comma | Kind::Word if depth == 0 => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_compared_with_parameters_are_found() {
        let sql = "select * from o where o.status = :s and (:q is null or name like :q) \
                   and day >= :since and id in (:ids) and note = 'a = :b' -- c = :d";
        assert_eq!(compared(sql), ["status", "day", "id"]);
    }

    #[test]
    fn what_gives_few_rows_is_bounded() {
        for sql in [
            "select 1 from o limit 5",
            "select count(*) from o",
            "select s, sum(a) from o GROUP BY s",
        ] {
            assert!(is_bounded(sql), "{sql}");
        }
        assert!(!is_bounded("select 'limit' from o -- limit"));
    }

    #[test]
    fn one_row_is_added_by_one_list_of_values() {
        assert!(adds_one(
            "insert into o (a, b) values (:a, coalesce(:b, 1))"
        ));
        for sql in [
            "insert into o (a) values (1), (2)",
            "insert into o select * from p",
            "insert into o (a) values (:a) on conflict do nothing",
            "update o set a = 1",
        ] {
            assert!(!adds_one(sql), "{sql}");
        }
    }

    #[test]
    fn a_change_of_every_row_is_told_from_one_of_some() {
        assert!(picks_rows("delete from o where id = :id"));
        assert!(picks_rows("insert into o (a) values (1)"));
        assert!(!picks_rows("update o set a = 1 -- where"));
    }
}
