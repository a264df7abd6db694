//! Which tables a statement works with, so that one that others need is kept.

use std::collections::BTreeSet;

use crate::apps::format::App;
use crate::apps::widgets;
use crate::data::sql_text;
use crate::store::tokens::{Kind, tokens};

/// The tables a statement names, in small letters: what stands after `from`,
/// `join`, `into` and `update`, and after a comma or a bracket there. One that
/// cannot be read may work with all it names.
pub(super) fn tables(sql: &str) -> BTreeSet<String> {
    let Ok(tokens) = tokens(sql) else {
        return words(sql).collect();
    };
    let mut found = BTreeSet::new();
    // Among tables; a table comes next; a name was just said; what was so
    // before each bracket.
    let (mut is_open, mut is_next, mut was_name) = (false, false, false);
    let mut around = Vec::new();
    let mut said = tokens.iter().filter(|token| !token.is_blank()).peekable();
    while let Some(token) = said.next() {
        let is_name = was_name;
        was_name = false;
        match token.kind {
            // A name in quotes is never a keyword.
            Kind::Word | Kind::Name => {
                let word = token.name(sql).unwrap_or_default();
                match word.as_str() {
                    "from" | "join" if token.kind == Kind::Word => {
                        (is_open, is_next) = (true, true);
                    }
                    "into" | "update" if token.kind == Kind::Word => {
                        (is_open, is_next) = (false, true);
                    }
                    "or" | "replace" | "ignore" | "rollback" | "abort" | "fail"
                        if is_next && token.kind == Kind::Word => {}
                    // The name of the file before the table's.
                    "main" if is_next && said.peek().is_some_and(|next| next.text(sql) == ".") => {
                        said.next();
                    }
                    word if token.kind == Kind::Word && ends_tables(word) => {
                        (is_open, is_next) = (false, false);
                    }
                    _ => {
                        if is_next {
                            found.insert(word);
                        }
                        (is_next, was_name) = (false, true);
                    }
                }
            }
            Kind::Open => {
                around.push(is_open);
                // After a name stand columns, or what a function is given.
                is_open = is_open && !is_name;
                is_next = is_open;
            }
            Kind::Close => (is_open, is_next) = (around.pop().unwrap_or(false), false),
            Kind::Comma => is_next = is_open,
            _ => {}
        }
    }
    found
}

/// Keywords no table stands after.
fn ends_tables(word: &str) -> bool {
    matches!(
        word,
        "select"
            | "where"
            | "on"
            | "using"
            | "group"
            | "order"
            | "having"
            | "limit"
            | "set"
            | "values"
            | "returning"
            | "union"
            | "except"
            | "intersect"
            | "window"
    )
}

/// All words there are, in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    sql_text::words(text).map(str::to_ascii_lowercase)
}

/// The tables of the workspace's own file that an app works with. `None`: the
/// text cannot be read.
pub(super) fn of_app(text: &str) -> Option<BTreeSet<String>> {
    let app = App::parse(text, &widgets::Known).ok()?;
    let queries = app.queries.iter().filter(|query| app.is_own(&query.uses));
    let mut found: BTreeSet<String> = queries.flat_map(|query| tables(&query.sql)).collect();
    let governed = app.policies.iter().filter_map(|policy| {
        let (source, table) = policy.on.split_once('.')?;
        app.is_own(source).then(|| table.to_ascii_lowercase())
    });
    found.extend(governed);
    Some(found)
}

/// Whether an app works with a table. A text that cannot be read does when the
/// table's name stands in it anywhere.
pub(super) fn app_uses(text: &str, table: &str) -> bool {
    match of_app(text) {
        Some(tables) => tables.contains(table),
        None => words(text).any(|word| word == table),
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
            ("select 1 from \"from\", [where] w", vec!["from", "where"]),
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
