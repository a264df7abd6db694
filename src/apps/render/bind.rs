//! From an address to a question: the values of a query's parameters, bound.

use crate::apps::format::{Bound, Context, Param, Query, Statement, User};
use crate::apps::widgets::Trouble;
use crate::base::Time;
use crate::data::{Question, Value};
use crate::web::Person;

/// Who looks, in words that outlive a borrow.
pub(in crate::apps) struct Who<'a> {
    id: String,
    person: &'a Person,
    now: Time,
    app: &'a str,
}

impl<'a> Who<'a> {
    pub(in crate::apps) fn new(person: &'a Person, now: Time, app: &'a str) -> Who<'a> {
        Who {
            id: person.id.to_string(),
            person,
            now,
            app,
        }
    }

    pub(in crate::apps) fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            user: Some(User {
                id: &self.id,
                name: &self.person.name,
                email: &self.person.email,
                role: self.person.role.name(),
                groups: &self.person.groups,
                attributes: &self.person.attributes,
            }),
            app: self.app,
        }
    }
}

/// The question a query is with what was sent for its parameters.
pub(in crate::apps) fn question<'q>(
    query: &'q Query,
    context: &Context<'_>,
    sent: &dyn Fn(&'q Param) -> Vec<&'q str>,
) -> Result<Question, Trouble> {
    let mut values: Vec<(&str, Bound)> = Vec::with_capacity(query.params.len());
    for param in &query.params {
        let value = param
            .bind_all(&sent(param), context)
            .map_err(|fault| Trouble::Address(format!("`{}` {fault}", param.source.key())))?;
        values.push((&param.name, value));
    }
    let statement = query
        .statement(&values)
        .map_err(|error| Trouble::Query(error.to_string()))?;
    Ok(asked(statement))
}

/// The statement as the engine is asked it.
pub(in crate::apps) fn asked(statement: Statement) -> Question {
    let values = statement.values.into_iter();
    Question {
        sql: statement.sql,
        values: values.map(|(name, value)| (name, plain(value))).collect(),
    }
}

/// A value as the engine takes it.
pub(in crate::apps) fn plain(value: Bound) -> Value {
    match value {
        // Lists were written out before.
        Bound::Null | Bound::List(_) => Value::Null,
        Bound::Integer(number) => Value::Integer(number),
        Bound::Real(number) => Value::Real(number),
        Bound::Text(text) => Value::Text(text),
    }
}
