//! What keeps the rules of a form from being followed: names that are no field, circles,
//! and fields that could not be left out.

use super::rules::{Rules, rounded};
use crate::apps::format::{Param, ParamType, Settings};
use crate::base::written::suggestion;
use crate::expr::Expr;

/// Notes what is wrong with `when` and `compute` of the form or of one of its lists.
/// `names` are all fields of the form.
pub(super) fn check(
    settings: &mut Settings<'_>,
    (fields, lists): (&[&Param], &[&str]),
    names: &[&str],
) {
    let rules = Rules::of(settings);
    for (name, text) in &rules.when {
        let param = fields.iter().find(|param| param.source.key() == *name);
        if let Some(param) = param {
            may_be_left_out(settings, param);
        } else if !lists.contains(name) {
            let known: Vec<&str> = fields.iter().map(|param| param.source.key()).collect();
            let near = suggestion(name, &known);
            settings.problem(
                "when",
                format!("there is no field or list `{name}` here{near}"),
            );
        }
        read(settings, "when", text, names);
    }
    for (name, text) in &rules.compute {
        match fields.iter().find(|param| param.source.key() == *name) {
            None => settings.problem("compute", format!("there is no field `{name}` here")),
            Some(param) => {
                read(settings, "compute", text, names);
                may_be_computed(settings, param, text);
            }
        }
    }
    if let Some(name) = circle(&rules) {
        let message =
            format!("`{name}` is worked out from itself; leave it out of its own expression");
        settings.problem("compute", message);
    }
}

fn may_be_left_out(settings: &mut Settings<'_>, param: &Param) {
    if !param.null && param.kind != ParamType::Bool {
        let name = &param.name;
        let message = format!(
            "`{name}` is asked in some cases only, and must not be missing; give it `null = true`"
        );
        settings.problem("when", message);
    }
}

fn may_be_computed(settings: &mut Settings<'_>, param: &Param, text: &str) {
    let name = &param.name;
    if param.list || matches!(param.kind, ParamType::Bool | ParamType::Enum) {
        let message = format!(
            "`{name}` is chosen, and what is worked out is a number, a text or a date; change its type"
        );
        settings.problem("compute", message);
    }
    if Expr::parse(text).is_ok() && Expr::parse(&rounded(text, param)).is_err() {
        settings.problem(
            "compute",
            format!("`{text}` cannot be rounded; write one expression"),
        );
    }
}

/// Notes what is no expression, or asks for what a form does not have.
fn read(settings: &mut Settings<'_>, key: &str, text: &str, names: &[&str]) {
    let expr = match Expr::parse(text) {
        Ok(expr) => expr,
        Err(fault) => return settings.problem(key, format!("`{text}`: {fault}")),
    };
    for name in expr.names() {
        if !names.contains(&name) {
            let near = suggestion(name, names);
            settings.problem(key, format!("`{text}`: there is no field `{name}`{near}"));
        }
    }
    if expr.asks_itself() || !expr.lists().is_empty() || !expr.columns().is_empty() {
        let message = format!(
            "`{text}`: a form has fields as ${{name}}, and neither lists of choices nor an answer of its own"
        );
        settings.problem(key, message);
    }
}

/// A field that is worked out from itself, in any number of steps.
fn circle<'a>(rules: &Rules<'a>) -> Option<&'a str> {
    let of = |name: &str| {
        let found = rules.compute.iter().find(|(known, _)| *known == name);
        found.and_then(|(_, text)| Expr::parse(text).ok())
    };
    let names = rules.compute.iter().map(|(name, _)| *name);
    names.into_iter().find(|start| {
        let mut seen: Vec<String> = Vec::new();
        let mut next = vec![(*start).to_owned()];
        while let Some(name) = next.pop() {
            for named in of(&name).iter().flat_map(Expr::names) {
                if named == *start {
                    return true;
                }
                if !seen.iter().any(|known| known == named) {
                    seen.push(named.to_owned());
                    next.push(named.to_owned());
                }
            }
        }
        false
    })
}
