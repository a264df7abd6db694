//! Fields that are asked only where something holds, and fields that are worked out from
//! others. The page follows the same expressions; what is saved is decided here.

use std::cell::RefCell;
use std::collections::HashMap;

use super::family::{Family, Lines, joined, lines};
use super::fields::asked;
use crate::apps::format::{App, Key, KeyKind, Param, ParamType, Query, SCALE, Settings};
use crate::apps::widgets::figures::escape;
use crate::base::Time;
use crate::expr::{Expr, Scope, Value};
use crate::web::Fields;

pub(super) const WHEN: Key = Key::new(
    "when",
    KeyKind::TextTable,
    "Where a field, or a list of lines below, is asked: an expression over the fields.",
);
pub(super) const COMPUTE: Key = Key::new(
    "compute",
    KeyKind::TextTable,
    "Fields that are worked out from others: an expression each.",
);

/// What a form, or the lines of a list, say of their fields.
#[derive(Clone, Debug, Default)]
pub struct Rules<'a> {
    pub(super) when: Vec<(&'a str, &'a str)>,
    pub(super) compute: Vec<(&'a str, &'a str)>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(settings: &mut Settings<'a>) -> Rules<'a> {
        Rules {
            when: settings.texts("when"),
            compute: settings.texts("compute"),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.when.is_empty() && self.compute.is_empty()
    }

    fn when(&self, name: &str) -> Option<Expr> {
        let (_, text) = self.when.iter().find(|(known, _)| *known == name)?;
        Expr::parse(text).ok()
    }

    fn compute(&self, param: &Param) -> Option<Expr> {
        let name = param.source.key();
        let (_, text) = self.compute.iter().find(|(known, _)| *known == name)?;
        Expr::parse(&rounded(text, param)).ok()
    }

    pub(super) fn computes(&self, name: &str) -> bool {
        self.compute.iter().any(|(known, _)| *known == name)
    }

    /// Where a list below is asked, for the page: an attribute.
    pub(super) fn of_list(&self, id: &str) -> String {
        let mut out = String::new();
        put("when", self.when(id), &mut out);
        out
    }

    /// What the page has to know of a field: attributes.
    pub(super) fn of_field(&self, name: &str, param: &Param) -> String {
        let mut out = String::from(" data-ask=\"");
        escape(name, &mut out);
        out.push_str("\" data-type=\"");
        out.push_str(match param.kind {
            _ if param.list => "list",
            ParamType::Bool => "bool",
            ParamType::Int | ParamType::Decimal => "number",
            _ => "text",
        });
        out.push('"');
        put("when", self.when(param.source.key()), &mut out);
        put("compute", self.compute(param), &mut out);
        out
    }
}

fn put(name: &str, expr: Option<Expr>, out: &mut String) {
    if let Some(expr) = expr {
        out.push_str(" data-");
        out.push_str(name);
        out.push_str("=\"");
        escape(&expr.json().to_string(), out);
        out.push('"');
    }
}

/// A decimal has as many digits as it may have, here and in the page.
pub(super) fn rounded(text: &str, param: &Param) -> String {
    match param.kind {
        ParamType::Decimal => format!("round({text}, {})", param.scale.unwrap_or(SCALE)),
        _ => text.to_owned(),
    }
}

/// What of a field counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Counts {
    /// What was typed.
    Typed,
    /// Nothing: it is not asked.
    Not,
    /// What was worked out.
    Computed(String),
}

/// What was typed into a form, for its own expressions.
pub struct Answers<'a, 'b> {
    app: &'a App,
    family: &'b Family<'a>,
    query: &'a Query,
    typed: &'b Fields,
    now: Time,
    /// Values by the names of their fields; `None` while one is worked out, so that what
    /// asks for itself finds nothing.
    known: RefCell<HashMap<String, Option<Value>>>,
}

/// The form, or one of its lines.
#[derive(Clone, Copy)]
struct Level<'a, 'b> {
    all: &'b Answers<'a, 'b>,
    list: Option<&'b Lines<'a>>,
    path: &'b str,
}

impl Scope for Level<'_, '_> {
    fn value(&self, name: &str) -> Value {
        self.all.value(self.list, self.path, name)
    }

    fn now(&self) -> Time {
        self.all.now
    }
}

impl<'a, 'b> Answers<'a, 'b> {
    /// `query` is that of the form itself.
    pub fn new(
        app: &'a App,
        (family, query): (&'b Family<'a>, &'a Query),
        typed: &'b Fields,
        now: Time,
    ) -> Answers<'a, 'b> {
        Answers {
            app,
            family,
            query,
            typed,
            now,
            known: RefCell::default(),
        }
    }

    /// What of that field counts, in the form or in the line of a list.
    pub fn of(&self, list: Option<&Lines<'a>>, path: &str, param: &Param) -> Counts {
        let rules = self.rules(list);
        let name = param.source.key();
        if rules.is_empty() {
            return Counts::Typed;
        }
        if !self.holds(rules.when(name), list, path) {
            return Counts::Not;
        }
        if rules.computes(name) {
            return Counts::Computed(self.field(list, path, param).text());
        }
        Counts::Typed
    }

    /// Are there lines of that list, below the form or the line at `above`?
    pub fn has(&self, list: &Lines<'a>, above: &str) -> bool {
        let over = self.over(list);
        let Some(when) = self.rules(over).when(list.id) else {
            return true;
        };
        // No field is called like that.
        let name = joined(above, list.id) + "/";
        if let Some(known) = self.known.borrow().get(&name) {
            return known.as_ref().is_some_and(Value::is_true);
        }
        self.known.borrow_mut().insert(name.clone(), None);
        let is_there = self.holds(Some(when), over, above);
        let mut known = self.known.borrow_mut();
        known.insert(name, Some(Value::Bool(is_there)));
        is_there
    }

    fn holds(&self, when: Option<Expr>, list: Option<&Lines<'a>>, path: &str) -> bool {
        when.is_none_or(|when| {
            when.eval(&Level {
                all: self,
                list,
                path,
            })
            .is_true()
        })
    }

    fn rules<'c>(&'c self, list: Option<&'c Lines<'a>>) -> &'c Rules<'a> {
        list.map_or(&self.family.rules, |list| &list.rules)
    }

    /// The list whose lines have that one below.
    fn over(&self, list: &Lines<'a>) -> Option<&Lines<'a>> {
        self.family
            .lists
            .iter()
            .find(|known| Some(known.id) == list.within)
    }

    fn param(&self, list: Option<&Lines<'a>>, name: &str) -> Option<&'a Param> {
        let query = match list {
            None => self.query,
            Some(list) => self.app.query(list.submit)?,
        };
        asked(query)
            .into_iter()
            .find(|param| param.source.key() == name)
    }

    /// The name where it is asked for: here, below in every line, or above.
    fn value(&self, list: Option<&Lines<'a>>, path: &str, name: &str) -> Value {
        if let Some(param) = self.param(list, name) {
            return self.field(list, path, param);
        }
        if let Some(all) = self.below(list.map(|list| list.id), path, name) {
            return Value::List(all);
        }
        let Some(list) = list else {
            return Value::Empty;
        };
        let above = path.rsplitn(3, '.').nth(2).unwrap_or_default();
        self.value_above(self.over(list), above, name)
    }

    fn value_above(&self, list: Option<&Lines<'a>>, path: &str, name: &str) -> Value {
        match self.param(list, name) {
            Some(param) => self.field(list, path, param),
            None => match list {
                Some(list) => {
                    let above = path.rsplitn(3, '.').nth(2).unwrap_or_default();
                    self.value_above(self.over(list), above, name)
                }
                None => Value::Empty,
            },
        }
    }

    fn below(&self, within: Option<&str>, path: &str, name: &str) -> Option<Vec<Value>> {
        let mut found = None;
        for list in self.family.within(within) {
            let param = self.param(Some(list), name);
            let here = joined(path, list.id);
            let is_there = self.has(list, path);
            let all = lines(self.typed, &here)
                .into_iter()
                .filter(|line| is_there && !line.is_gone);
            for line in all {
                match param {
                    Some(param) => found.get_or_insert_with(Vec::new).push(self.field(
                        Some(list),
                        &line.path,
                        param,
                    )),
                    None => {
                        if let Some(deep) = self.below(Some(list.id), &line.path, name) {
                            found.get_or_insert_with(Vec::new).extend(deep);
                        }
                    }
                }
            }
            if param.is_some() {
                found.get_or_insert_with(Vec::new);
            }
        }
        found
    }

    fn field(&self, list: Option<&Lines<'a>>, path: &str, param: &Param) -> Value {
        let name = joined(path, param.source.key());
        if let Some(known) = self.known.borrow().get(&name) {
            return known.clone().unwrap_or(Value::Empty);
        }
        self.known.borrow_mut().insert(name.clone(), None);
        let rules = self.rules(list);
        let value = if !self.holds(rules.when(param.source.key()), list, path) {
            Value::Empty
        } else if let Some(compute) = rules.compute(param) {
            compute.eval(&Level {
                all: self,
                list,
                path,
            })
        } else {
            typed(param, &self.typed.all(&name).collect::<Vec<_>>())
        };
        self.known.borrow_mut().insert(name, Some(value.clone()));
        value
    }
}

fn typed(param: &Param, sent: &[&str]) -> Value {
    let given: Vec<&str> = sent
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    if param.list {
        return Value::List(given.into_iter().map(Value::of_text).collect());
    }
    let Some(text) = given.last() else {
        let is_box = param.kind == ParamType::Bool && !param.null;
        return if is_box {
            Value::Bool(false)
        } else {
            Value::Empty
        };
    };
    match param.kind {
        ParamType::Bool => Value::Bool(matches!(*text, "on" | "yes" | "true" | "1")),
        ParamType::Int | ParamType::Decimal => Value::of_text(*text)
            .number()
            .map_or(Value::Empty, Value::of_number),
        _ => Value::of_text(*text),
    }
}
