//! A statement on its way to a server: only one that reads, its `:name`s as places for values.

use super::model::Error;
use crate::data::sql_text::{self, Dialect, Kind, Token, placeholders_in};
use crate::data::{Caps, Question, Value};

/// What a server is asked.
#[derive(Clone, Debug)]
pub(in crate::data) struct Asked {
    pub(super) sql: Written,
    /// In the order of the places.
    pub(super) values: Vec<Value>,
    pub(super) caps: Caps,
}

/// A statement as the server's protocol has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Written {
    pub(in crate::data) text: String,
    /// The name at each place.
    pub(in crate::data) names: Vec<String>,
    /// It gives rows that more can be put around.
    pub(super) is_query: bool,
    /// Where a place ends here, and where it ended in what was written.
    ends: Vec<(usize, usize)>,
}

impl Asked {
    pub(super) fn of(dialect: Dialect, question: &Question, caps: Caps) -> Result<Asked, Error> {
        Asked::either(dialect, question, (caps, only_reads))
    }

    /// The same of a statement that changes rows.
    pub(super) fn to_change(dialect: Dialect, question: &Question) -> Result<Asked, Error> {
        let changes = |dialect, sql: &str| only_changes(dialect, sql).map(|()| false);
        Asked::either(dialect, question, (Caps::PAGE, changes))
    }

    fn either(
        dialect: Dialect,
        question: &Question,
        (caps, check): (
            Caps,
            impl Fn(Dialect, &str) -> Result<bool, sql_text::Error>,
        ),
    ) -> Result<Asked, Error> {
        let fault = |error: sql_text::Error| Error::BadQuery {
            code: "syntax".to_owned(),
            message: error.message,
            offset: Some(error.at),
        };
        let value = |name: &str| {
            let found = question.values.iter().find(|(known, _)| known == name);
            found.map_or(Value::Null, |(_, value)| value.clone())
        };
        let is_null = |name: &str| value(name) == Value::Null;
        let is_query = check(dialect, &question.sql).map_err(fault)?;
        let sql = written(dialect, &question.sql, (&is_null, is_query)).map_err(fault)?;
        let values = sql.names.iter().map(|name| value(name)).collect();
        Ok(Asked { sql, values, caps })
    }
}

impl Written {
    /// Where that byte of the text stands in what was written.
    pub(super) fn origin(&self, at: usize) -> usize {
        let before = self.ends.iter().rev().find(|(here, _)| *here <= at);
        before.map_or(at, |(here, there)| there + (at - here))
    }
}

/// Words a statement that reads begins with.
const READS: [&str; 5] = ["select", "with", "values", "table", "("];
/// The same, of statements that nothing can be put around.
const TELLS: [&str; 4] = ["show", "explain", "describe", "desc"];
/// Words a statement that changes rows begins with.
const CHANGES: [&str; 3] = ["insert", "update", "delete"];

/// Is it one statement that only reads? The server is told so as well, by the transaction
/// it runs in; this keeps away what would end that transaction or outlive it.
///
/// # Errors
///
/// With the offset, in words for whoever wrote it.
pub(in crate::data) fn only_reads(dialect: Dialect, sql: &str) -> Result<bool, sql_text::Error> {
    let tokens = dialect.tokens(sql)?;
    let first = fit(dialect, sql, &tokens)?;
    let is = |words: &[&str]| {
        words
            .iter()
            .any(|word| first.text(sql).eq_ignore_ascii_case(word))
    };
    if is(&TELLS) {
        return Ok(false);
    }
    if is(&READS) {
        return Ok(true);
    }
    let why = "a query here only reads: begin with select or with";
    Err(sql_text::Error::new(first.start, why))
}

/// Is it one statement that changes rows, and nothing else?
///
/// # Errors
///
/// With the offset, in words for whoever wrote it.
pub(in crate::data) fn only_changes(dialect: Dialect, sql: &str) -> Result<(), sql_text::Error> {
    let tokens = dialect.tokens(sql)?;
    let first = fit(dialect, sql, &tokens)?;
    let mut words = CHANGES.iter();
    let is_change = words.any(|word| first.text(sql).eq_ignore_ascii_case(word))
        || (dialect == Dialect::Postgres && first.is_word(sql, "with"));
    if is_change {
        return Ok(());
    }
    let why = "a query of kind write begins with insert, update or delete";
    Err(sql_text::Error::new(first.start, why))
}

/// Its first word, if nothing in it would outlive the statement.
fn fit<'a>(dialect: Dialect, sql: &str, tokens: &'a [Token]) -> Result<&'a Token, sql_text::Error> {
    let said: Vec<&Token> = tokens.iter().filter(|token| !token.is_blank()).collect();
    let bad = |token: &Token, why: &str| Err(sql_text::Error::new(token.start, why));
    for pair in said.windows(2) {
        let [one, other] = pair else { continue };
        if one.kind == Kind::Text && other.kind == Kind::Text && dialect == Dialect::Postgres {
            return bad(other, "put || between two texts");
        }
        let is_mysql = dialect == Dialect::MySql;
        if is_mysql && one.text(sql) == "@" && other.text(sql) != "@" {
            let is_own = said
                .iter()
                .any(|before| before.end == one.start && before.text(sql) == "@");
            if !is_own {
                return bad(
                    one,
                    "a variable would outlive the query; use a parameter such as :name",
                );
            }
        }
    }
    let is_insert = said
        .first()
        .is_some_and(|first| first.is_word(sql, "insert"));
    // The one that belongs to insert stands right behind it, or behind a word of its own.
    let mut others = said.iter().skip(if is_insert { 3 } else { 0 });
    if dialect == Dialect::MySql
        && let Some(into) = others.find(|token| token.is_word(sql, "into"))
    {
        return bad(
            into,
            "into would write elsewhere than into a table; leave it out",
        );
    }
    said.first()
        .copied()
        .ok_or_else(|| sql_text::Error::new(0, "write a statement first: select … from …"))
}

/// The statement with a place for each value: `$1`, `?` or `:name`. Where it asks whether a value is
/// null, the answer stands there instead: PostgreSQL could not tell its type from that, and
/// would refuse the statement.
///
/// # Errors
///
/// With the offset, in words for whoever wrote it.
pub(in crate::data) fn written(
    dialect: Dialect,
    sql: &str,
    (is_null, is_query): (&dyn Fn(&str) -> bool, bool),
) -> Result<Written, sql_text::Error> {
    let found = placeholders_in(dialect, sql)?;
    let tokens = dialect.tokens(sql)?;
    let bare = bare(&tokens, sql);
    let mut new = Written {
        text: String::with_capacity(bare.len()),
        names: Vec::new(),
        is_query,
        ends: Vec::new(),
    };
    let mut from = 0;
    for one in found {
        new.text.push_str(&bare[from..one.at]);
        let known = new.names.iter().position(|name| *name == one.name);
        match dialect {
            Dialect::Postgres if asks_for_null(&tokens, sql, one.at) => {
                new.text
                    .push_str(if is_null(&one.name) { "null" } else { "1" });
            }
            Dialect::Postgres => {
                let number = known.unwrap_or(new.names.len()) + 1;
                new.text.push('$');
                new.text.push_str(&number.to_string());
                if known.is_none() {
                    new.names.push(one.name.clone());
                }
            }
            Dialect::MySql => {
                new.text.push('?');
                new.names.push(one.name.clone());
            }
            // Our own engine knows places by their names.
            Dialect::Sqlite => {
                new.text.push(':');
                new.text.push_str(&one.name);
                if known.is_none() {
                    new.names.push(one.name.clone());
                }
            }
        }
        from = one.at + 1 + one.name.len();
        new.ends.push((new.text.len(), from));
    }
    new.text.push_str(&bare[from..]);
    Ok(new)
}

/// Is the place at that byte asked `is null` or `is not null`?
fn asks_for_null(tokens: &[Token], sql: &str, at: usize) -> bool {
    let behind = tokens
        .iter()
        .filter(|token| token.start > at && !token.is_blank());
    let words: Vec<String> = { behind.take(3) }
        .map(|token| token.text(sql).to_ascii_lowercase())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["is", "null", ..] | ["is", "not", "null"] | ["isnull" | "notnull", ..]
    )
}

/// Without the semicolon, spaces and comments at its end.
fn bare<'a>(tokens: &[Token], sql: &'a str) -> &'a str {
    let said = { tokens.iter() }.rfind(|token| !token.is_blank() && token.kind != Kind::End);
    said.map_or(sql, |last| &sql[..last.end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, sql: &str) -> Result<Written, sql_text::Error> {
        let is_query = only_reads(dialect, sql)?;
        super::written(dialect, sql, (&|name| name == "missing", is_query))
    }

    #[test]
    fn each_name_becomes_the_places_the_server_knows() {
        let sql = "select :a::int, ':a', x from t where y = :b and z = :a; -- done";
        let postgres = written(Dialect::Postgres, sql).unwrap();
        assert_eq!(
            postgres.text,
            "select $1::int, ':a', x from t where y = $2 and z = $1"
        );
        assert_eq!(postgres.names, ["a", "b"]);

        let sql = "select :a, `:a` from t where y = :b and z = :a";
        let mysql = written(Dialect::MySql, sql).unwrap();
        assert_eq!(mysql.text, "select ?, `:a` from t where y = ? and z = ?");
        assert_eq!(mysql.names, ["a", "b", "a"]);
    }

    #[test]
    fn whether_a_value_is_null_is_answered_here() {
        let sql = "select 1 where (:a is null or x = :a) and :missing IS /* */ NOT null";
        let postgres = written(Dialect::Postgres, sql).unwrap();
        assert_eq!(
            postgres.text,
            "select 1 where (1 is null or x = $1) and null IS /* */ NOT null"
        );
        assert_eq!(postgres.names, ["a"]);
        let other = "select :a is not distinct from :missing";
        assert_eq!(
            written(Dialect::Postgres, other).unwrap().names,
            ["a", "missing"]
        );
    }

    #[test]
    fn a_place_the_server_tells_is_found_in_what_was_written() {
        let sql = "select :first, :second, wrong from t";
        let written = written(Dialect::Postgres, sql).unwrap();
        let there = written.text.find("wrong").unwrap();
        assert_eq!(written.origin(there), sql.find("wrong").unwrap());
        assert_eq!(written.origin(3), 3);
    }

    #[test]
    fn what_writes_or_outlives_the_query_is_not_sent() {
        for sql in [
            "insert into t values (1)",
            "commit",
            "set transaction read write",
            "do $$ begin end $$",
            "call f()",
            "select 1; drop table t",
            "select $1",
            "select 'a'\n'b'",
            "copy t to '/tmp/x'",
            "prepare x as select 1",
            "",
        ] {
            assert!(written(Dialect::Postgres, sql).is_err(), "{sql}");
        }
        for sql in [
            "select 1 into outfile '/tmp/x'",
            "select a from t INTO dumpfile 'x'",
            "select @a := 1",
            "select 1 /*!50000 into outfile 'x' */",
            "start transaction",
            "handler t open",
            "select ?",
            "load data local infile '/etc/passwd' into table t",
        ] {
            assert!(written(Dialect::MySql, sql).is_err(), "{sql}");
        }
        for sql in [
            "select @@version",
            "show tables",
            "(select 1) union (select 2)",
        ] {
            assert!(written(Dialect::MySql, sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn what_changes_rows_is_one_insert_update_or_delete() {
        let (postgres, mysql) = (Dialect::Postgres, Dialect::MySql);
        for (dialect, sql) in [
            (postgres, "insert into t (a) values (:a)"),
            (postgres, "with old as (select 1) update t set a = :a"),
            (mysql, "insert ignore into t (a) select :a"),
            (mysql, "update t set a = :a where id = :id"),
            (mysql, "delete from t where id = :id"),
        ] {
            assert_eq!(only_changes(dialect, sql), Ok(()), "{sql}");
        }
        for (dialect, sql) in [
            (postgres, "select f()"),
            (postgres, "truncate t"),
            (postgres, "copy t from program 'id'"),
            (postgres, "set role admin"),
            (postgres, "delete from t where 'a' = 'a'\n'b'"),
            (mysql, "replace into t values (1)"),
            (mysql, "update t set a = @a"),
            (mysql, "insert into t select 1 into outfile '/tmp/x'"),
            (mysql, "load data infile 'x' into table t"),
            (mysql, "drop table t"),
            (mysql, ""),
        ] {
            assert!(only_changes(dialect, sql).is_err(), "{sql}");
        }
        let two = Question {
            sql: "delete from t; delete from u".to_owned(),
            values: Vec::new(),
        };
        assert!(Asked::to_change(postgres, &two).is_err());
    }
}
