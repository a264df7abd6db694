//! The `:name`s of a statement: which there are, and how one that is a list becomes many.

use super::Dialect;
use crate::store::tokens::{Error, Kind, Token};

/// A `:name` in a statement; `at` counts bytes from the statement's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Without its colon.
    pub name: String,
    pub at: usize,
}

/// Every placeholder of the one statement in `sql`, in its order, repeated ones too.
///
/// # Errors
///
/// With the offset: something unclosed, any way to bind other than `:name`, a
/// second statement.
pub fn placeholders(sql: &str) -> Result<Vec<Placeholder>, Error> {
    placeholders_in(Dialect::Sqlite, sql)
}

/// The same of a statement for another engine.
///
/// # Errors
///
/// The same.
pub fn placeholders_in(dialect: Dialect, sql: &str) -> Result<Vec<Placeholder>, Error> {
    let tokens = dialect.tokens(sql)?;
    only_one_statement(&tokens)?;
    tokens
        .iter()
        .filter(|token| token.kind == Kind::Parameter)
        .map(|token| {
            let name = name(sql, token)?;
            if dialect == Dialect::Sqlite {
                only_that(sql, token)?;
            }
            Ok(Placeholder {
                name: name.to_owned(),
                at: token.start,
            })
        })
        .collect()
}

fn only_one_statement(tokens: &[Token]) -> Result<(), Error> {
    let mut said = tokens.iter().filter(|token| !token.is_blank());
    if said.by_ref().any(|token| token.kind == Kind::End)
        && let Some(second) = said.find(|token| token.kind != Kind::End)
    {
        return Err(Error::new(
            second.start,
            "a second statement begins here; a query is one statement, so give this one a query of its own",
        ));
    }
    Ok(())
}

fn name<'a>(sql: &'a str, token: &Token) -> Result<&'a str, Error> {
    let text = token.text(sql);
    let fault = |message: String| Err(Error::new(token.start, message));
    let Some(name) = text.strip_prefix(':') else {
        return fault(format!(
            "values enter by name only; write `:name` instead of `{text}`"
        ));
    };
    if !is_name(name) {
        return fault(format!(
            "`{text}` is no parameter; after the colon stands a letter, then letters, digits and _"
        ));
    }
    Ok(name)
}

/// SQLite would take what follows into the name.
fn only_that(sql: &str, token: &Token) -> Result<(), Error> {
    let (text, rest) = (token.text(sql), &sql[token.end..]);
    let fault = |message: String| Err(Error::new(token.start, message));
    if rest.starts_with('(') {
        return fault(format!("put a space between `{text}` and `(`"));
    }
    if rest.starts_with("::") {
        return fault(format!("write `cast({text} as …)` instead of `{text}::…`"));
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `sql` with the list `:name` written out: `:name_0, :name_1, …`, or `NULL` when
/// it holds nothing. Where the statement asks `:name IS NULL`, it is told whether
/// the list is empty. A statement that cannot be read comes back as it was.
///
/// An empty list inside `IN (…)` matches no row; inside `NOT IN (…)` it matches
/// none either, because that is how `NULL` compares.
pub fn spread_list(dialect: Dialect, sql: &str, (name, count): (&str, usize)) -> String {
    let Ok(tokens) = dialect.tokens(sql) else {
        return sql.to_owned();
    };
    let mut out = String::with_capacity(sql.len() + count * (name.len() + 6));
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text(sql);
        if token.kind != Kind::Parameter || text.strip_prefix(':') != Some(name) {
            out.push_str(text);
        } else if count == 0 {
            out.push_str("NULL");
        } else if is_asked_for_null(sql, &tokens[at + 1..]) {
            out.push('1');
        } else {
            let names: Vec<String> = (0..count).map(|each| format!(":{name}_{each}")).collect();
            out.push_str(&names.join(", "));
        }
    }
    out
}

fn is_asked_for_null(sql: &str, after: &[Token]) -> bool {
    after
        .iter()
        .find(|token| !token.is_blank())
        .is_some_and(|token| {
            ["is", "isnull", "notnull"]
                .iter()
                .any(|w| token.is_word(sql, w))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(sql: &str) -> String {
        let error = placeholders(sql).unwrap_err();
        format!("{}: {error}", error.at)
    }

    #[test]
    fn placeholders_are_found_outside_of_strings_and_comments() {
        let sql =
            "select ':a', \":b\", [:c] from t -- :d\n where x = :x /* :e */ and y in (:x,:y);";

        let names: Vec<String> = placeholders(sql)
            .unwrap()
            .into_iter()
            .map(|found| format!("{}@{}", found.name, found.at))
            .collect();

        assert_eq!(names, ["x@48", "x@70", "y@73"]);
    }

    #[test]
    fn every_other_way_to_bind_is_refused() {
        insta::assert_snapshot!(fault("select ?"), @"7: values enter by name only; write `:name` instead of `?`");
        insta::assert_snapshot!(fault("select ?1"), @"7: values enter by name only; write `:name` instead of `?1`");
        insta::assert_snapshot!(fault("select @x"), @"7: values enter by name only; write `:name` instead of `@x`");
        insta::assert_snapshot!(fault("select $x"), @"7: values enter by name only; write `:name` instead of `$x`");
        insta::assert_snapshot!(fault("select :1"), @"7: `:1` is no parameter; after the colon stands a letter, then letters, digits and _");
        insta::assert_snapshot!(fault("select :a(b)"), @"7: put a space between `:a` and `(`");
        insta::assert_snapshot!(fault("select :a::int"), @"7: write `cast(:a as …)` instead of `:a::…`");
    }

    #[test]
    fn a_query_is_one_statement() {
        assert!(placeholders("select 1; -- done\n;").is_ok());
        assert!(placeholders("select ';'").is_ok());
        insta::assert_snapshot!(fault("select 1; drop table t"), @"10: a second statement begins here; a query is one statement, so give this one a query of its own");
    }

    #[test]
    fn a_zero_character_cannot_hide_the_rest() {
        assert_eq!(placeholders("select 1\0; drop table t").unwrap_err().at, 8);
    }

    #[test]
    fn a_list_is_written_out() {
        let sql = "select * from t where id in (:ids) and name <> ':ids' and x = :ids_of";

        let here = Dialect::Sqlite;
        assert_eq!(
            spread_list(here, sql, ("ids", 2)),
            "select * from t where id in (:ids_0, :ids_1) and name <> ':ids' and x = :ids_of"
        );
        assert_eq!(
            spread_list(here, "id in (:ids)", ("ids", 0)),
            "id in (NULL)"
        );
        assert_eq!(
            spread_list(here, "(:ids is null or id in (:ids))", ("ids", 1)),
            "(1 is null or id in (:ids_0))"
        );
        assert_eq!(
            spread_list(
                Dialect::Postgres,
                "x = $$:ids$$ and id in (:ids)",
                ("ids", 1)
            ),
            "x = $$:ids$$ and id in (:ids_0)"
        );
    }
}
