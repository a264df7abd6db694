//! A query with its values, ready for its engine: conditions decided, lists written out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::data::sql_text::{self, Dialect};

use super::{Bound, ParamType, Query};

/// How many texts are kept of one query. Lists of many lengths could make any number.
const KEPT: usize = 256;

/// What is prepared, and what is bound to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Without a semicolon or a comment at its end, so that more can be put around it.
    pub sql: String,
    /// A value for each `:name` in `sql`, the name without its colon, once each; never a list.
    pub values: Vec<(String, Bound)>,
}

/// The texts of a query worked out before, so that a page in use reads no SQL.
#[derive(Debug, Default)]
pub(super) struct Texts(Mutex<HashMap<Vec<Shape>, Arc<Text>>>);

/// A copy starts with none.
impl Clone for Texts {
    fn clone(&self) -> Texts {
        Texts::default()
    }
}

/// What of a value decides the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Missing,
    There,
    List(usize),
}

impl Shape {
    fn of(value: &Bound) -> Shape {
        match value {
            Bound::Null => Shape::Missing,
            Bound::List(all) => Shape::List(all.len()),
            Bound::Integer(_) | Bound::Real(_) | Bound::Text(_) => Shape::There,
        }
    }

    fn is_null(self) -> bool {
        matches!(self, Shape::Missing | Shape::List(0))
    }
}

#[derive(Debug)]
struct Text {
    sql: String,
    binds: Vec<Bind>,
}

/// A placeholder, and the parameter (and the item of its list) whose value it takes.
#[derive(Debug)]
struct Bind {
    name: String,
    param: usize,
    item: Option<usize>,
}

impl Query {
    /// The statement for these values, one for each parameter; one that is not
    /// there counts as `Null`.
    ///
    /// # Errors
    ///
    /// When the text is not one statement with `:name`s, which a loaded app's is.
    pub fn statement(&self, values: &[(&str, Bound)]) -> Result<Statement, sql_text::Error> {
        let of = |at: usize| {
            let name = self.params[at].name.as_str();
            let found = values.iter().find(|(known, _)| *known == name);
            found.map_or(&Bound::Null, |(_, value)| value)
        };
        let shapes: Vec<Shape> = (0..self.params.len()).map(|at| Shape::of(of(at))).collect();
        let text = self.text(shapes)?;
        let value = |bind: &Bind| {
            let value = match (of(bind.param), bind.item) {
                (Bound::List(all), Some(item)) => all[item].clone(),
                (value, _) => value.clone(),
            };
            self.said(self.params[bind.param].kind, value)
        };
        Ok(Statement {
            sql: text.sql.clone(),
            values: { text.binds.iter() }
                .map(|bind| (bind.name.clone(), value(bind)))
                .collect(),
        })
    }

    /// A moment as MariaDB and MySQL read it: they know no `Z`, and their sessions are in UTC.
    fn said(&self, kind: ParamType, value: Bound) -> Bound {
        match value {
            Bound::Text(moment)
                if self.dialect == Dialect::MySql && kind == ParamType::DateTime =>
            {
                Bound::Text(moment.trim_end_matches('Z').replacen('T', " ", 1))
            }
            value => value,
        }
    }

    fn text(&self, shapes: Vec<Shape>) -> Result<Arc<Text>, sql_text::Error> {
        let kept = || self.texts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = kept().get(&shapes) {
            return Ok(Arc::clone(text));
        }
        let text = Arc::new(self.written(&shapes)?);
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(shapes, Arc::clone(&text));
        Ok(text)
    }

    /// Conditions decided, lists written out.
    fn written(&self, shapes: &[Shape]) -> Result<Text, sql_text::Error> {
        let known = || self.params.iter().zip(shapes);
        let is_null = |name: &str| {
            let found = known().find(|(param, _)| param.name == name);
            found.is_none_or(|(_, shape)| shape.is_null())
        };
        let bare = sql_text::bare(self.dialect, &self.sql);
        // Other engines decide such conditions themselves, when they plan.
        let mut sql = match self.dialect {
            Dialect::Sqlite => sql_text::specialise(bare, &is_null).into_owned(),
            Dialect::Postgres | Dialect::MySql => bare.to_owned(),
        };
        let mut binds = Vec::new();
        for (at, (param, shape)) in known().enumerate() {
            let name = &param.name;
            if let Shape::List(count) = *shape {
                sql = sql_text::spread_list(self.dialect, &sql, (name, count));
                binds.extend((0..count).map(|item| Bind {
                    name: format!("{name}_{item}"),
                    param: at,
                    item: Some(item),
                }));
            } else {
                binds.push(Bind {
                    name: name.clone(),
                    param: at,
                    item: None,
                });
            }
        }
        let left = sql_text::placeholders_in(self.dialect, &sql)?;
        binds.retain(|bind| left.iter().any(|placeholder| placeholder.name == bind.name));
        Ok(Text { sql, binds })
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

    #[test]
    fn a_text_worked_out_before_takes_the_values_of_now() {
        let app = App::parse(TEXT, &Few).unwrap();
        let query = app.query("some").unwrap();
        let asked = |q: &str, ids: &[i64]| {
            let ids = ids.iter().copied().map(Bound::Integer).collect();
            let values = [("q", Bound::Text(q.into())), ("ids", Bound::List(ids))];
            query.statement(&values).unwrap()
        };
        let (one, two, more) = (asked("x", &[1]), asked("y", &[2]), asked("z", &[3, 4]));

        assert_eq!(one.sql, two.sql);
        assert_ne!(two.sql, more.sql);
        assert_eq!(two.values[0].1, Bound::Text("y".into()));
        assert_eq!(two.values[1], ("ids_0".into(), Bound::Integer(2)));
        assert_eq!(more.values[2], ("ids_1".into(), Bound::Integer(4)));
    }

    #[test]
    fn lists_of_every_length_do_not_fill_the_memory() {
        let app = App::parse(TEXT, &Few).unwrap();
        let query = app.query("some").unwrap();
        for count in 0..2 * KEPT {
            let ids = vec![Bound::Integer(1); count];
            query.statement(&[("ids", Bound::List(ids))]).unwrap();
        }

        assert!(query.texts.0.lock().unwrap().len() <= KEPT);
    }

    #[test]
    fn what_stands_behind_a_statement_is_left_behind() {
        let text = TEXT.replace("b = :b", "b = :b ; -- all of them");
        let app = App::parse(&text, &Few).unwrap();
        let statement = app.query("some").unwrap().statement(&[]).unwrap();

        assert!(statement.sql.ends_with("b = :b"), "{}", statement.sql);
    }
}
