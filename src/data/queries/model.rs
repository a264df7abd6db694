//! What a query is: a name, one statement, and the values it asks for.

use serde::{Deserialize, Serialize};

use crate::base::{Time, text};
use crate::data::sql_text::{self, Dialect, placeholders_in};
use crate::data::{ColumnType, Question, Value, sources, typed};
use crate::web::{Faults, Fields};
use crate::{store, web};

/// A query as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) params: Vec<Param>,
    /// The database elsewhere that it asks; empty: the workspace's own tables.
    pub(super) source: String,
    pub(super) changed: Time,
    pub(super) changed_by: String,
}

/// A value a query asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Param {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: ColumnType,
    /// As it is typed; nothing is null.
    pub(super) default: String,
}

/// A query as it stands on the desk.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    /// The name it is kept under; empty for a new one.
    pub(super) was: String,
    /// When it was kept last, as this desk knows.
    pub(super) seen: i64,
    pub(super) sql: String,
    pub(super) params: Vec<Param>,
    /// The database elsewhere that it asks; empty: the workspace's own tables.
    pub(super) source: String,
    /// The grammar of that database.
    pub(super) dialect: Dialect,
}

/// What is wrong with a statement, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line and column, both from 1.
    pub(super) place: Option<(usize, usize)>,
    pub(super) message: String,
}

/// Addresses under /queries that are no query's.
const RESERVED: [&str; 3] = ["new", "schema", "stopped"];

impl Draft {
    /// From the form. Every `:name` of the statement is a parameter; while the
    /// statement cannot be read, the parameters stay as they were.
    pub(super) fn of(fields: &Fields, dialect: Dialect) -> Draft {
        let field = |name: &str| fields.get(name).unwrap_or_default();
        let sql = field("sql").replace("\r\n", "\n");
        let mut names: Vec<String> = match placeholders_in(dialect, &sql) {
            Ok(found) => found.into_iter().map(|one| one.name).collect(),
            Err(_) => fields
                .iter()
                .filter_map(|(name, _)| name.strip_prefix("type."))
                .map(str::to_owned)
                .collect(),
        };
        let mut known = std::collections::HashSet::new();
        names.retain(|name| known.insert(name.clone()));
        let param = |name: String| Param {
            kind: ColumnType::named(field(&format!("type.{name}"))).unwrap_or(ColumnType::Text),
            default: field(&format!("value.{name}")).to_owned(),
            name,
        };
        Draft {
            name: field("name").trim().to_owned(),
            was: field("was").to_owned(),
            seen: field("seen").parse().unwrap_or_default(),
            params: names.into_iter().map(param).collect(),
            source: field("source").to_owned(),
            dialect,
            sql,
        }
    }

    /// The statement with its values.
    pub(super) fn question(&self) -> Result<Question, Fault> {
        if self.sql.trim().is_empty() {
            return Err(Fault::of("write a statement first: select … from …"));
        }
        let fault = |error: sql_text::Error| Fault::at(&self.sql, Some(error.at), error.message);
        placeholders_in(self.dialect, &self.sql).map_err(fault)?;
        // What is asked here, the engine itself holds to reading.
        if !self.source.is_empty() {
            sources::only_reads(self.dialect, &self.sql).map_err(fault)?;
        }
        let mut values = Vec::new();
        for param in &self.params {
            let value = typed::parse(param.kind, &param.default)
                .map_err(|fault| Fault::of(format!(":{} takes {fault}", param.name)))?;
            values.push((param.name.clone(), value));
        }
        Ok(Question {
            sql: self.sql.clone(),
            values,
        })
    }

    /// The statement alone, with nothing for its values: enough to plan it.
    pub(super) fn unasked(&self) -> Result<Question, Fault> {
        let mut bare = self.clone();
        bare.params.iter_mut().for_each(|one| one.default.clear());
        let mut question = bare.question()?;
        question
            .values
            .iter_mut()
            .for_each(|one| one.1 = Value::Null);
        Ok(question)
    }

    /// Fit to be kept, or what is wrong field by field.
    pub(super) fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        if let Err(error) = check_name(&self.name) {
            faults.add("name", error.to_string());
        }
        if let Err(fault) = self.question() {
            faults.add("sql", fault.to_string());
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}

impl From<Query> for Draft {
    fn from(query: Query) -> Draft {
        Draft {
            name: query.name.clone(),
            was: query.name,
            seen: query.changed.0,
            sql: query.sql,
            params: query.params,
            source: query.source,
            dialect: Dialect::default(),
        }
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !starts || name.len() > 60 || !name.chars().all(plain) {
        return Err(Error::BadName(text::shorten(name, 60).into_owned()));
    }
    if RESERVED.contains(&name) {
        return Err(Error::Reserved(name.to_owned()));
    }
    Ok(())
}

impl Fault {
    pub(super) fn of(message: impl Into<String>) -> Fault {
        Fault {
            place: None,
            message: message.into(),
        }
    }

    /// The same, at that byte of the statement.
    pub(super) fn at(sql: &str, offset: Option<usize>, message: impl Into<String>) -> Fault {
        Fault {
            place: offset.map(|at| place(sql, at)),
            message: message.into(),
        }
    }

    /// What a person who wrote the statement can mend; anything else is passed on.
    pub(super) fn in_statement(sql: &str, error: store::Error) -> Result<Fault, store::Error> {
        match error {
            store::Error::BadSql { message, offset } => Ok(Fault::at(sql, offset, message)),
            store::Error::TooSlow
            | store::Error::Limit { .. }
            | store::Error::NoMemory
            | store::Error::Cancelled
            | store::Error::TooMuch(_)
            | store::Error::Denied(_)
            | store::Error::Outside(_) => Ok(Fault::of(error.to_string())),
            other => Err(other),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "line {line}, column {column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Line and column, from 1, of a byte of the statement.
fn place(sql: &str, at: usize) -> (usize, usize) {
    let before = &sql.as_bytes()[..at.min(sql.len())];
    let before = String::from_utf8_lossy(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// What can go wrong with a query, in the words of queries.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("`{0}` cannot be a name: use a-z, 0-9 and _, a letter first, at most 60")]
    BadName(String),
    #[error("`{0}` is a name Onsight keeps for itself; choose another")]
    Reserved(String),
    #[error("there is a query called `{0}` already; choose another name")]
    Exists(String),
    #[error("{0} saved this query meanwhile; save again to replace that")]
    Changed(String, Time),
    #[error("there is no query `{0}`")]
    NoQuery(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::Store(error) => error.into(),
            Error::NoQuery(_) => web::Error::NotFound,
            Error::Changed(..) => web::Error::Conflict(error.to_string()),
            Error::BadName(_) | Error::Reserved(_) | Error::Exists(_) => {
                web::Error::Invalid(error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str) -> Draft {
        Draft::of(&Fields::parse(form), Dialect::Sqlite)
    }

    #[test]
    fn every_placeholder_is_a_parameter_once() {
        let form = "sql=select+:b,+:a,+:b&type.a=integer&value.a=7&type.gone=text";

        let draft = Draft::of(&Fields::parse(form), Dialect::Sqlite);

        let names: Vec<_> = draft.params.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["b", "a"]);
        let values = draft.question().unwrap().values;
        assert_eq!(values[0].1, Value::Null);
        assert_eq!(values[1].1, Value::Integer(7));
    }

    #[test]
    fn parameters_survive_a_statement_half_written() {
        let fields = Fields::parse("sql=select+'&type.a=date&value.a=2026-11-21");
        let draft = Draft::of(&fields, Dialect::Sqlite);

        assert_eq!(draft.params[0].kind, ColumnType::Date);
        assert_eq!(draft.params[0].default, "2026-11-21");
    }

    #[test]
    fn a_fault_tells_line_and_column() {
        assert_eq!(place("select 1,\n  ö x", 14), (2, 4));
        assert_eq!(place("", 9), (1, 1));
        let draft = of("sql=select+1;%0Aselect+2&name=two");
        assert_eq!(draft.question().unwrap_err().place, Some((2, 1)));
    }

    #[test]
    fn a_value_that_does_not_fit_its_type_is_named() {
        let draft = of("sql=select+:n&type.n=integer&value.n=x");

        let fault = draft.question().unwrap_err().to_string();

        assert_eq!(fault, ":n takes a whole number, such as 42");
    }

    #[test]
    fn a_statement_for_another_database_is_read_in_its_grammar_and_only_reads() {
        let fields = Fields::parse("sql=select+:a::int,+$$:b$$&value.a=7&source=1");
        let draft = Draft::of(&fields, Dialect::Postgres);
        assert_eq!(draft.params.len(), 1);
        assert!(draft.question().is_ok());

        let fields = Fields::parse("sql=delete+from+t&source=1");
        let fault = Draft::of(&fields, Dialect::Postgres)
            .question()
            .unwrap_err();
        assert_eq!(fault.place, Some((1, 1)));
    }
}
