//! The names a statement says, for what the engine does not ask about: a join
//! by equal names compares columns without asking whether they may be read.

use super::tokens::{Token, tokens};
use super::{Error, allowed};

/// What a statement says, without remarks and spaces. `None`: it cannot be read.
fn said(sql: &str) -> Option<Vec<Token>> {
    let mut tokens = tokens(sql).ok()?;
    tokens.retain(|token| !token.is_blank());
    Some(tokens)
}

/// Does it name one of these tables together with the file's own database? One
/// that cannot be read may.
pub(super) fn qualifies(sql: &str, is_one: &dyn Fn(&str) -> bool) -> bool {
    let Some(said) = said(sql) else { return true };
    said.windows(3).any(|three| {
        let [base, point, table] = three else {
            return false;
        };
        point.text(sql) == "."
            && base.name(sql).is_some_and(|name| name == "main")
            && table.name(sql).is_some_and(|name| is_one(&name))
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

/// Does it join by equal names, and say a name of ours or the engine's? One that
/// cannot be read may.
fn joins_system(sql: &str) -> bool {
    // Most statements say neither word anywhere, and are not taken apart.
    let has = |word: &str| {
        let mut windows = sql.as_bytes().windows(word.len());
        windows.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !has("natural") && !has("using") {
        return false;
    }
    let Some(said) = said(sql) else { return true };
    let says = |word: &str| said.iter().any(|token| token.is_word(sql, word));
    if !says("natural") && !says("using") {
        return false;
    }
    let mut names = said.iter().filter_map(|token| token.name(sql));
    names.any(|name| !allowed::table(&name))
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
            // SQLite closes it at the end.
            "select 1 from main.orders /* ",
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
        assert!(joins_system("select 1 from x natural join y /* "));
        assert!(!joins_system("select 1 from x natural join y"));
        assert!(!joins_system("select 1 from x, journal"));
    }
}
