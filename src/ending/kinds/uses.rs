//! Which tables a statement works with, so that one that others need is kept.

use std::collections::BTreeSet;

use crate::apps::format::App;
use crate::apps::widgets;

/// A piece of a statement.
enum Piece {
    Word(String),
    Sign(char),
}

/// The tables a statement names, in small letters: what stands after `from`,
/// `join`, `into` and `update`, and after a comma or a bracket there.
pub(super) fn tables(sql: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // Among tables; a table comes next; a name was just said; what was so
    // before each bracket.
    let (mut is_open, mut is_next, mut was_name) = (false, false, false);
    let mut around = Vec::new();
    let mut pieces = pieces(sql).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let is_name = was_name;
        was_name = false;
        match piece {
            Piece::Word(word) => match word.as_str() {
                "from" | "join" => (is_open, is_next) = (true, true),
                "into" | "update" => (is_open, is_next) = (false, true),
                "select" | "where" | "on" | "using" | "group" | "order" | "having" | "limit"
                | "set" | "values" | "returning" | "union" | "except" | "intersect" | "window" => {
                    (is_open, is_next) = (false, false);
                }
                "or" | "replace" | "ignore" | "rollback" | "abort" | "fail" if is_next => {}
                // The name of the file before the table's.
                "main" if is_next && matches!(pieces.peek(), Some(Piece::Sign('.'))) => {
                    pieces.next();
                }
                _ => {
                    if is_next {
                        found.insert(word);
                    }
                    (is_next, was_name) = (false, true);
                }
            },
            Piece::Sign('(') => {
                around.push(is_open);
                // After a name stand columns, or what a function is given.
                is_open = is_open && !is_name;
                is_next = is_open;
            }
            Piece::Sign(')') => (is_open, is_next) = (around.pop().unwrap_or(false), false),
            Piece::Sign(',') => is_next = is_open,
            Piece::Sign(_) => {}
        }
    }
    found
}

fn pieces(sql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(inside) = rest.strip_prefix("/*") {
            inside.find("*/").map_or(rest.len(), |end| end + 4)
        } else if first == '\'' {
            // A text names no table.
            pieces.push(Piece::Sign('\''));
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if let Some(close) = closing(first) {
            let end = rest[1..].find(close).map_or(rest.len(), |end| end + 2);
            let name = rest[1..end].trim_end_matches(close);
            pieces.push(Piece::Word(name.to_lowercase()));
            end
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            pieces.push(Piece::Word(rest[..end].to_lowercase()));
            end
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
        '"' | '`' => Some(first),
        '[' => Some(']'),
        _ => None,
    }
}

/// The tables of the workspace's own file that an app works with. `None`: the
/// text cannot be read.
pub(super) fn of_app(text: &str) -> Option<BTreeSet<String>> {
    let app = App::parse(text, &widgets::Known).ok()?;
    let is_ours = |name: &str| {
        let mut uses = app.uses.iter();
        uses.any(|uses| uses.name == name && uses.kind == "sqlite")
    };
    let queries = app.queries.iter().filter(|query| is_ours(&query.uses));
    let mut found: BTreeSet<String> = queries.flat_map(|query| tables(&query.sql)).collect();
    let governed = app.policies.iter().filter_map(|policy| {
        let (source, table) = policy.on.split_once('.')?;
        is_ours(source).then(|| table.to_lowercase())
    });
    found.extend(governed);
    Some(found)
}

/// Whether an app works with a table. A text that cannot be read does when the
/// table's name stands in it anywhere.
pub(super) fn app_uses(text: &str, table: &str) -> bool {
    match of_app(text) {
        Some(tables) => tables.contains(table),
        None => text
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(sql: &str) -> Vec<String> {
        tables(sql).into_iter().collect()
    }

    #[test]
    fn the_tables_of_a_statement_are_found_wherever_they_stand() {
        for (sql, expected) in [
            ("select * from orders", vec!["orders"]),
            (
                "SELECT 1 FROM \"Orders\" o, main.people p",
                vec!["orders", "people"],
            ),
            (
                "select 1 from a join b on a.x = b.x left join [c] using (y)",
                vec!["a", "b", "c"],
            ),
            (
                "insert into orders (id, people) values (:a, :b)",
                vec!["orders"],
            ),
            (
                "insert or replace into orders select * from stock",
                vec!["orders", "stock"],
            ),
            (
                "update orders set people = 1 where id in (select id from old)",
                vec!["old", "orders"],
            ),
            (
                "delete from orders where note = 'from people'",
                vec!["orders"],
            ),
            (
                "select orders, 'x from y' as t from sales -- from z",
                vec!["sales"],
            ),
            (
                "select 1 from (select 2 from inner_one) where 1 = 1",
                vec!["inner_one"],
            ),
            ("select 1 /* from z */ from\n`orders`", vec!["orders"]),
            (
                "select 1 from each_of(people, stock), orders",
                vec!["each_of", "orders"],
            ),
            (
                "select 1 from a, (select 2 from b where c in (1, d)), e",
                vec!["a", "b", "e"],
            ),
        ] {
            assert_eq!(named(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_column_called_like_a_table_is_none() {
        assert_eq!(
            named("select people, stock from orders order by people"),
            ["orders"]
        );
        assert_eq!(
            named("select count(people) from orders group by stock, people"),
            ["orders"]
        );
    }

    #[test]
    fn a_text_nobody_can_read_uses_what_it_names() {
        assert!(app_uses("this is [no app: orders", "orders"));
        assert!(!app_uses("this is [no app: orders", "order"));
    }
}
