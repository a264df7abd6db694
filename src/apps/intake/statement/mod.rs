//! SQL with `{{name}}`s becomes SQL with bound parameters, for the engine it will run on.

mod dialect;
mod lex;
mod values;

use std::collections::HashSet;

use lex::{Token, lex};
pub(super) use values::param;

use crate::data::sql_text;

/// What the app's statements run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The workspace's own database.
    #[default]
    Sqlite,
    Mysql,
}

/// A value the statement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// As it was called.
    pub(super) name: String,
    /// As the statement calls it, without the colon.
    pub(super) param: String,
    pub(super) is_list: bool,
}

/// The statement that fills the table, and what stood beside it.
#[derive(Debug)]
pub(super) struct Converted {
    pub(super) sql: String,
    pub(super) asked: Vec<Asked>,
    pub(super) notes: Vec<String>,
    /// The statements before it, as they were.
    pub(super) others: Vec<String>,
}

/// Values a statement may ask for.
const ASKED: usize = 200;

/// Makes the last statement of the text one that reads with bound parameters.
pub(super) fn convert(text: &str, engine: Engine) -> Result<Converted, String> {
    let (mut tokens, others) = last(text)?;
    let first = tokens
        .iter()
        .find(|token| !token.is_blank() && !token.is_sign("("));
    if !first.is_some_and(|first| first.is_word("select") || first.is_word("with")) {
        return Err(
            "the last statement is no `select`, so there are no rows to show; end with one"
                .to_owned(),
        );
    }
    values::without_limit(&mut tokens);
    let mut notes = Vec::new();
    let (tokens, asked) = values::bound(tokens, engine)?;
    if asked.len() > ASKED {
        return Err("the statement asks for more than 200 values".to_owned());
    }
    let tokens = match engine {
        Engine::Sqlite => dialect::for_sqlite(&tokens, &mut notes),
        Engine::Mysql => tokens,
    };
    let sql = written(&tokens, engine);
    checked(&sql, &asked)?;
    if !others.is_empty() {
        let many = match others.len() {
            1 => "1 statement stands".to_owned(),
            many => format!("{many} statements stand"),
        };
        notes.push(format!(
            "{many} before the one that fills the table and came along as a comment only: a query is one statement"
        ));
    }
    Ok(Converted {
        sql,
        asked,
        notes,
        others,
    })
}

/// The last statement, and the text of those before it.
fn last(text: &str) -> Result<(Vec<Token>, Vec<String>), String> {
    let mut statements: Vec<(Vec<Token>, String)> = Vec::new();
    let (mut tokens, mut start) = (Vec::new(), 0);
    let mut add = |tokens: Vec<Token>, text: &str| {
        if tokens.iter().any(|token: &Token| !token.is_blank()) {
            statements.push((tokens, text.trim().to_owned()));
        }
    };
    for (token, end) in lex(text)? {
        if token == Token::End {
            add(std::mem::take(&mut tokens), &text[start..end]);
            start = end;
        } else {
            tokens.push(token);
        }
    }
    add(tokens, &text[start..]);
    let (last, _) = statements.pop().ok_or("no statement stands here")?;
    Ok((last, statements.into_iter().map(|(_, text)| text).collect()))
}

/// Every placeholder is one of ours, and there is no other way in.
fn checked(sql: &str, asked: &[Asked]) -> Result<(), String> {
    let found = sql_text::placeholders(sql).map_err(|error| error.message)?;
    let known: HashSet<&str> = asked.iter().map(|asked| asked.param.as_str()).collect();
    match found
        .iter()
        .find(|found| !known.contains(found.name.as_str()))
    {
        Some(found) => Err(format!(
            "`:{}` stands in the statement; values enter as `{{{{name}}}}` only",
            found.name
        )),
        None => Ok(()),
    }
}

/// The tokens as text, without the space around them.
fn written(tokens: &[Token], engine: Engine) -> String {
    let mut out = String::new();
    for token in tokens {
        match token {
            Token::Space(text)
            | Token::Comment(text)
            | Token::Word(text)
            | Token::Number(text)
            | Token::Sign(text)
            | Token::Raw(text) => out.push_str(text),
            Token::Quoted(mark, parts) => quoted(*mark, parts, engine, &mut out),
            Token::Value(name) => out.push_str(name),
            Token::End => out.push(';'),
        }
    }
    out.trim().to_owned()
}

fn quoted(mark: char, parts: &[lex::Part], engine: Engine, out: &mut String) {
    let text: String = { parts.iter() }
        .map(|part| match part {
            lex::Part::Text(text) | lex::Part::Value(text) => text.as_str(),
        })
        .collect();
    let (mark, doubled) = match (mark, engine) {
        ('`', Engine::Sqlite) => ('"', text.replace('"', "\"\"")),
        ('`', Engine::Mysql) => ('`', text.replace('`', "``")),
        _ => return out.push_str(&literal(&text, engine)),
    };
    out.push(mark);
    out.push_str(&doubled);
    out.push(mark);
}

/// A text as the engine writes it.
pub(super) fn literal(text: &str, engine: Engine) -> String {
    let doubled = text.replace('\'', "''");
    match engine {
        Engine::Sqlite => format!("'{doubled}'"),
        Engine::Mysql => format!("'{}'", doubled.replace('\\', "\\\\")),
    }
}

/// The name of a table or a column, in quotes where it needs them.
pub(super) fn name(text: &str, engine: Engine) -> String {
    const RESERVED: [&str; 32] = [
        "add", "all", "as", "by", "case", "check", "column", "create", "default", "delete", "desc",
        "from", "group", "in", "index", "insert", "into", "is", "join", "key", "keys", "limit",
        "not", "on", "order", "select", "set", "table", "to", "update", "values", "where",
    ];
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(is_part)
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
    match engine {
        _ if is_plain => text.to_owned(),
        Engine::Sqlite => format!("\"{}\"", text.replace('"', "\"\"")),
        Engine::Mysql => format!("`{}`", text.replace('`', "``")),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn sqlite(sql: &str) -> String {
        let done = convert(sql, Engine::Sqlite).unwrap();
        let mut out = done.sql;
        for asked in done.asked {
            let list = if asked.is_list { " list" } else { "" };
            let _ = write!(out, "\n{} as {}{list}", asked.name, asked.param);
        }
        for note in done.notes {
            let _ = write!(out, "\nnote: {note}");
        }
        out
    }

    #[test]
    fn every_value_is_bound() {
        insta::assert_snapshot!(
            sqlite("select * from t where (a = {{Status}} or {{Status}} is null) and b = '{{b}}' and c like '%{{term}}%' and d in ({{ids}}) and e in (\"\\{{jobStatus}}\") limit {{startIndex}}, {{pageSize}};"),
            @"
        select * from t where (a = :status or :status is null) and b = :b and c like ('%' || coalesce(:term, '') || '%') and d in (:ids) and e in (:jobstatus)
        Status as status
        b as b
        term as term
        ids as ids list
        jobStatus as jobstatus list
        "
        );
    }

    #[test]
    fn for_mysql_it_stays_as_it_was() {
        let done = convert(
            "select concat(`a b`, ' ') from `t` where c like '{{x}}%' and d = 'it\\'s \\\\' limit {{startIndex}}, {{pageSize}}",
            Engine::Mysql,
        )
        .unwrap();

        assert_eq!(
            done.sql,
            "select concat(`a b`, ' ') from `t` where c like concat(coalesce(:x, ''), '%') and d = 'it''s \\\\'"
        );
        assert_eq!(done.notes, [""; 0]);
    }

    #[test]
    fn for_sqlite_what_differs_is_rewritten() {
        insta::assert_snapshot!(
            sqlite("select concat(a, ' ', b + 1) as `full name`, if(c > 1, \"yes\", 'no'), date_format(d, '%Y-%m'), year(now()) from t # all\n where a = 1 || b = 2 && c <=> null"),
            @r#"
        select (a || ' ' || (b + 1)) as "full name", iif(c > 1, 'yes', 'no'), strftime('%Y-%m', d), cast(strftime('%Y', datetime('now')) as integer) from t -- all
         where a = 1 or b = 2 and c is null
        "#
        );
        insta::assert_snapshot!(
            sqlite("select a / b, date_add(d, interval 1 day) from t"),
            @"
        select a / b, date_add(d, interval 1 day) from t
        note: `/` of two whole numbers gives a whole number here; write `1.0 *` before it where that matters
        note: `date_add`, `interval` are not known to the workspace's own database; write this part anew
        "
        );
    }

    #[test]
    fn the_last_statement_fills_the_table() {
        let done = convert(
            "set @a = 1; select count(*) from t;\nselect 1 from t;",
            Engine::Sqlite,
        )
        .unwrap();

        assert_eq!(done.sql, "select 1 from t");
        assert_eq!(done.others, ["set @a = 1;", "select count(*) from t;"]);
        assert!(done.notes[0].starts_with("2 statements stand before"));
    }

    #[test]
    fn what_cannot_be_bound_is_refused() {
        for (sql, said) in [
            ("update t set a = 1", "no `select`"),
            ("", "no statement"),
            ("select @a", "values enter by name only"),
            (
                "select a from t where b = :b",
                "`:b` stands in the statement",
            ),
            (
                "select a from t where b > {{pageSize}}",
                "the table does the paging",
            ),
            ("select a from `{{t}}`", "a value cannot choose one"),
        ] {
            let why = convert(sql, Engine::Sqlite).unwrap_err();
            assert!(why.contains(said), "{sql}: {why}");
        }
    }

    #[test]
    fn hostile_statements_end() {
        let deep = format!("select {}1", "if(concat(".repeat(50_000));
        assert!(convert(&deep, Engine::Sqlite).is_ok());
        let many: Vec<String> = (0..300).map(|at| format!("{{{{v{at}}}}}")).collect();
        assert!(convert(&format!("select {}", many.join(",")), Engine::Sqlite).is_err());
        let closed = format!("select {}1{}", "if(".repeat(5_000), ",1,1)".repeat(5_000));
        assert!(convert(&closed, Engine::Sqlite).is_ok());
    }
}
