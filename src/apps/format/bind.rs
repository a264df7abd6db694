//! From the text of an address or a form to a value a statement can be given.

use std::collections::BTreeMap;

use crate::base::Time;
use crate::base::text::thousands;

use super::dates;
use super::values;
use super::words::LIST;
use super::{Param, ParamType, Source};

/// What the server knows while it answers: never the browser's to choose.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub now: Time,
    /// `None` when nobody is signed in.
    pub user: Option<User<'a>>,
    /// The app's id.
    pub app: &'a str,
}

/// The person who looks.
#[derive(Clone, Copy, Debug)]
pub struct User<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub role: &'a str,
    /// The names of their groups.
    pub groups: &'a [String],
    /// What the workspace says of them.
    pub attributes: &'a BTreeMap<String, String>,
}

/// A value ready for a placeholder.
///
/// | type | bound as |
/// |---|---|
/// | int, bool | `Integer`; 0 and 1 for a bool |
/// | decimal | `Real` |
/// | date | `Text`, `YYYY-MM-DD` |
/// | datetime | `Text`, `YYYY-MM-DDTHH:MM:SS`, with `Z` and in UTC when a zone was given |
/// | others | `Text` |
/// | `list<T>` | `List` of the above, not nested; empty where `null = true` and nothing came |
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    List(Vec<Bound>),
}

impl Bound {
    /// Is it missing, for a condition `:p IS NULL`? An empty list is.
    pub fn is_null(&self) -> bool {
        match self {
            Bound::Null => true,
            Bound::List(all) => all.is_empty(),
            Bound::Integer(_) | Bound::Real(_) | Bound::Text(_) => false,
        }
    }
}

/// Why a value was refused: stands next to its field, after the field's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl Param {
    /// The value of `raw`, which came from where [`Param::source`] says, checked against
    /// the type and its limits. An empty `raw` is a missing one. A list is separated
    /// by commas. For what the server knows `raw` is never looked at.
    ///
    /// # Errors
    ///
    /// A sentence for the field: "must be at most 120 characters".
    pub fn bind(&self, raw: Option<&str>, context: &Context<'_>) -> Result<Bound, Fault> {
        let all: Vec<&str> = match raw {
            Some(text) if self.list => text.split(',').map(str::trim).collect(),
            Some(text) => vec![text],
            None => Vec::new(),
        };
        self.bind_all(&all, context)
    }

    /// As [`Param::bind`], for a name that was sent any number of times:
    /// a list takes them all, anything else the last.
    pub fn bind_all(&self, raw: &[&str], context: &Context<'_>) -> Result<Bound, Fault> {
        if !self.source.is_from_browser() {
            if self.list {
                return self.groups(context);
            }
            return match known(&self.source, self.kind, context) {
                Some(text) => self.one(&text),
                None if self.null => Ok(Bound::Null),
                None => Err(self.unknown(context)),
            };
        }
        let given: Vec<&str> = raw
            .iter()
            .copied()
            .filter(|text| !text.is_empty())
            .collect();
        match given.last() {
            None => self.missing(context),
            Some(_) if self.list => self.many(&given),
            Some(last) => self.one(last),
        }
    }

    /// Whoever is in no group has a list with a name that no group has, so that
    /// a condition on it is not dropped as one on a list that was left out.
    fn groups(&self, context: &Context<'_>) -> Result<Bound, Fault> {
        let user = context.user.ok_or_else(|| self.unknown(context))?;
        let names = user.groups.iter().map(|name| Bound::Text(name.clone()));
        let mut all: Vec<Bound> = names.collect();
        if all.is_empty() {
            all.push(Bound::Text(String::new()));
        }
        Ok(Bound::List(all))
    }

    fn unknown(&self, context: &Context<'_>) -> Fault {
        let key = self.source.key();
        if matches!(self.source, Source::Parent(_)) {
            return Fault("is known in the lines of a form alone".to_owned());
        }
        Fault(match context.user {
            None => "needs somebody who is signed in; sign in first".to_owned(),
            Some(_) => format!(
                "needs your {key}, which is not known here; ask an admin to set it on your member page"
            ),
        })
    }

    fn missing(&self, context: &Context<'_>) -> Result<Bound, Fault> {
        // A box nobody ticked sends nothing, and that is its answer.
        let is_box = self.kind == ParamType::Bool && matches!(self.source, Source::Form(_));
        if is_box && !self.null && !self.list {
            return Ok(Bound::Integer(0));
        }
        match &self.default {
            Some(text) => self.of_default(text, context.now),
            None if self.null && self.list => Ok(Bound::List(Vec::new())),
            None if self.null => Ok(Bound::Null),
            None => Err(Fault("this is required".into())),
        }
    }

    fn of_default(&self, text: &str, now: Time) -> Result<Bound, Fault> {
        if self.list {
            let all: Vec<&str> = text.split(',').map(str::trim).collect();
            return self.many(&all);
        }
        match dates::relative(text, self.kind, now) {
            Some(text) => Ok(Bound::Text(text)),
            None => self.one(text),
        }
    }

    fn many(&self, texts: &[&str]) -> Result<Bound, Fault> {
        if texts.len() > LIST {
            let most = i128::try_from(LIST).unwrap_or_default();
            return Err(Fault(format!("must be at most {} values", thousands(most))));
        }
        let given = texts.iter().filter(|text| !text.is_empty());
        let all: Result<Vec<Bound>, Fault> = given.map(|text| self.one(text)).collect();
        Ok(Bound::List(all?))
    }

    fn one(&self, text: &str) -> Result<Bound, Fault> {
        values::value(self, text).map_err(Fault)
    }
}

/// What the server knows, as text.
fn known(source: &Source, kind: ParamType, context: &Context<'_>) -> Option<String> {
    let user = context.user;
    let text = match (source, source.key()) {
        (Source::User(_), "id") => user?.id.to_owned(),
        (Source::User(_), "name") => user?.name.to_owned(),
        (Source::User(_), "email") => user?.email.to_owned(),
        (Source::User(_), "role") => user?.role.to_owned(),
        (Source::User(_), attribute) => user?.attributes.get(attribute)?.clone(),
        (Source::App(_), "id") => context.app.to_owned(),
        (Source::Server(_), "now") if kind != ParamType::Date => context.now.rfc3339(),
        (Source::Server(_), "now" | "today") => dates::day(context.now),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Would `text` do as the default?
pub(super) fn is_default(param: &Param, text: &str) -> Result<(), Fault> {
    param.of_default(text, Time(0)).map(drop)
}

/// What else a default of that type may be, to end a sentence with.
pub(super) fn shapes(kind: ParamType) -> &'static str {
    match kind {
        ParamType::Date => ", or relative like today-90d",
        ParamType::DateTime => ", or relative like now or today-90d",
        _ => "",
    }
}

#[cfg(test)]
#[path = "bind_tests.rs"]
mod tests;
