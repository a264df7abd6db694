//! A query with its values, ready for SQLite: conditions decided, lists written out.

use crate::data::sql_text;

use super::{Bound, Query};

/// What is prepared, and what is bound to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub sql: String,
    /// A value for each `:name` in `sql`, the name without its colon, once each; never a list.
    pub values: Vec<(String, Bound)>,
}

impl Query {
    /// The statement for these values, one for each parameter; one that is not
    /// there counts as `Null`.
    ///
    /// # Errors
    ///
    /// When the text is not one statement with `:name`s, which a loaded app's is.
    pub fn statement(&self, values: &[(&str, Bound)]) -> Result<Statement, sql_text::Error> {
        let of = |name: &str| {
            let found = values.iter().find(|(known, _)| *known == name);
            found.map_or(&Bound::Null, |(_, value)| value)
        };
        let mut sql = sql_text::specialise(&self.sql, &|name| of(name).is_null()).into_owned();
        let mut flat = Vec::new();
        for param in &self.params {
            let name = &param.name;
            match of(name) {
                Bound::List(all) => {
                    sql = sql_text::spread_list(&sql, name, all.len());
                    let each = all.iter().enumerate();
                    flat.extend(each.map(|(at, value)| (format!("{name}_{at}"), value.clone())));
                }
                value => flat.push((name.clone(), value.clone())),
            }
        }
        let left = sql_text::placeholders(&sql)?;
        flat.retain(|(name, _)| left.iter().any(|placeholder| placeholder.name == *name));
        Ok(Statement { sql, values: flat })
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::tests::Few;
    use super::super::{App, Context};
    use super::*;
    use crate::base::Time;

    const TEXT: &str = r#"
format = 1
id = "a"
title = "A"
[uses.main]
kind = "sqlite"
[query.some]
use = "main"
kind = "read"
sql = "select 1 from t where (:q is null or a = :q) and (:ids is null or id in (:ids)) and b = :b"
[query.some.param]
q = { from = "url.q", type = "text", null = true }
ids = { from = "url.id", type = "list<int>", null = true }
b = { from = "url.b", type = "bool", default = true }
"#;

    fn statement(sent: &[(&str, &[&str])]) -> String {
        let app = App::parse(TEXT, &Few).unwrap();
        let query = app.query("some").unwrap();
        let context = Context {
            now: Time(0),
            user: None,
            app: "a",
        };
        let raw = |key| {
            sent.iter()
                .find(|(name, _)| *name == key)
                .map_or(&[][..], |s| s.1)
        };
        let params = query.params.iter();
        let values: Vec<(&str, Bound)> = params
            .map(|p| {
                (
                    p.name.as_str(),
                    p.bind_all(raw(p.source.key()), &context).unwrap(),
                )
            })
            .collect();
        let statement = query.statement(&values).unwrap();
        format!("{}\n{:?}", statement.sql, statement.values)
    }

    #[test]
    fn what_was_not_sent_is_not_asked() {
        insta::assert_snapshot!(statement(&[]), @r#"
        select 1 from t where (1) and (1) and b = :b
        [("b", Integer(1))]
        "#);
    }

    #[test]
    fn what_was_sent_is_bound_once_each() {
        insta::assert_snapshot!(statement(&[("q", &["x"]), ("id", &["4", "5"])]), @r#"
        select 1 from t where (a = :q) and (id in (:ids_0, :ids_1)) and b = :b
        [("q", Text("x")), ("ids_0", Integer(4)), ("ids_1", Integer(5)), ("b", Integer(1))]
        "#);
    }
}
