//! Queries that came, went, or ask something else.

use super::{Found, Sign, matched, quoted};
use crate::apps::format::{App, Paging, Param, Query, QueryKind, Source};

pub(super) fn verb(kind: QueryKind) -> &'static str {
    match kind {
        QueryKind::Read => "read",
        QueryKind::Write => "write",
    }
}

pub(super) fn look(old: &App, new: &App, found: &mut Found) {
    let both = (old.queries.as_slice(), new.queries.as_slice());
    matched(
        both,
        |query| &query.name,
        found,
        |found, old, new| {
            let what =
                |query: &Query| format!("the query {}, which {}s", query.name, verb(query.kind));
            match (old, new) {
                (None, Some(new)) => found.add(Sign::Added, what(new)),
                (Some(old), None) => found.add(Sign::Removed, what(old)),
                (Some(old), Some(new)) => one(found, old, new),
                (None, None) => {}
            }
        },
    );
}

fn one(found: &mut Found, old: &Query, new: &Query) {
    let of = |what: &str| format!("the query {}, {what}", new.name);
    found.set(&of("what it does"), (&old.kind, &new.kind), |kind| {
        verb(*kind).to_owned()
    });
    found.set(&of("its datasource"), (&old.uses, &new.uses), String::clone);
    if words(&old.sql) != words(&new.sql) {
        found.add(Sign::Changed, of("its statement"));
    }
    let expect = (old.expect.as_ref(), new.expect.as_ref());
    found.set_or(&of("rows it changes"), expect, "any number", u64::to_string);
    let audit = (old.audit.as_ref(), new.audit.as_ref());
    found.set_or(&of("its name in the journal"), audit, "none", |name| {
        quoted(name)
    });
    let pages = (old.paging.as_ref(), new.paging.as_ref());
    found.set_or(&of("its pages"), pages, "none said", paging);
    let both = (old.params.as_slice(), new.params.as_slice());
    matched(
        both,
        |param| &param.name,
        found,
        |found, old, new| match (old, new) {
            (None, Some(new)) => {
                let text = format!("the parameter {}, {}", new.name, from(new));
                found.add(Sign::Added, of(&text));
            }
            (Some(old), None) => {
                found.add(Sign::Removed, of(&format!("the parameter {}", old.name)));
            }
            (Some(old), Some(new)) => {
                let what = of(&format!("the parameter {}", new.name));
                if from(old) != from(new) {
                    found.set(&what, (&from(old), &from(new)), String::clone);
                } else if limits(old) != limits(new) {
                    found.add(Sign::Changed, format!("{what}, what it may be"));
                }
            }
            (None, None) => {}
        },
    );
}

/// A statement without the way it is laid out.
fn words(sql: &str) -> Vec<&str> {
    sql.split_whitespace().collect()
}

fn paging(paging: &Paging) -> String {
    let mut said = format!("{} rows each", paging.size);
    if !paging.sort.is_empty() {
        said = format!("{said}, sorted by {}", paging.sort.join(", "));
    }
    said
}

/// Where its value comes from: that decides whether the browser may choose it.
fn from(param: &Param) -> String {
    let place = match &param.source {
        Source::Url(_) => "the address",
        Source::Form(_) => "a form",
        Source::Row(_) => "a row",
        Source::Page(_) => "the page",
        Source::User(_) => "the person",
        Source::Server(_) => "the server",
        Source::App(_) => "the app",
        Source::Parent(_) => "the row above",
    };
    format!("from {place} as {}", param.source.key())
}

/// All but its name and its source.
fn limits(param: &Param) -> Param {
    Param {
        name: String::new(),
        source: Source::Url(String::new()),
        same_as: None,
        ..param.clone()
    }
}
