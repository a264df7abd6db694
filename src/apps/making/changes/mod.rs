//! What is different between two versions of an app, in words: who may do what first, then
//! who sees what, then everything else.

mod pages;
mod queries;
#[cfg(test)]
mod tests;

use super::model::Read;
use crate::apps::format::{App, Policy, Test, Use};
use crate::base::text::shorten;

/// Longer values are cut.
const SHOWN: usize = 120;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Added,
    Removed,
    Changed,
}

impl Sign {
    /// The word in front, for those who see no colours.
    pub(super) fn word(self) -> &'static str {
        match self {
            Sign::Added => "added",
            Sign::Removed => "removed",
            Sign::Changed => "changed",
        }
    }

    /// The class of its badge.
    pub(super) fn class(self) -> &'static str {
        match self {
            Sign::Added => "good",
            Sign::Removed => "bad",
            Sign::Changed => "info",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) sign: Sign,
    pub(super) text: String,
}

/// Changes under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) title: &'static str,
    /// It says who gets at what.
    pub(super) is_grave: bool,
    pub(super) changes: Vec<Change>,
}

/// Collects the changes under one heading.
#[derive(Default)]
struct Found(Vec<Change>);

impl Found {
    fn add(&mut self, sign: Sign, text: impl Into<String>) {
        let text = text.into();
        self.0.push(Change { sign, text });
    }

    /// Something has another value than before.
    fn set<T: PartialEq + ?Sized>(
        &mut self,
        what: &str,
        (old, new): (&T, &T),
        say: impl Fn(&T) -> String,
    ) {
        if old != new {
            let text = format!("{what}: {} before, {} now", say(old), say(new));
            self.add(Sign::Changed, text);
        }
    }

    /// The same of something that may be left out, which is called `none` then.
    fn set_or<T: PartialEq>(
        &mut self,
        what: &str,
        (old, new): (Option<&T>, Option<&T>),
        none: &str,
        say: impl Fn(&T) -> String,
    ) {
        if old != new {
            let told = |value: Option<&T>| value.map_or_else(|| none.to_owned(), &say);
            let text = format!("{what}: {} before, {} now", told(old), told(new));
            self.add(Sign::Changed, text);
        }
    }
}

/// What became of the parts of one kind: those that went, those that came, and, by `look`,
/// those that stayed.
fn matched<'a, T>(
    (old, new): (&'a [T], &'a [T]),
    name: impl Fn(&T) -> &str,
    found: &mut Found,
    look: impl Fn(&mut Found, Option<&'a T>, Option<&'a T>),
) {
    for one in old {
        let now = new.iter().find(|other| name(other) == name(one));
        look(found, Some(one), now);
    }
    for one in new {
        if !old.iter().any(|other| name(other) == name(one)) {
            look(found, None, Some(one));
        }
    }
}

/// The changes from one text to another; nothing, where one of them is no whole app.
pub(super) fn between(old: &str, new: &str) -> Option<Vec<Group>> {
    let (old, new) = (Read::of(old).app?, Read::of(new).app?);
    let mut groups = Vec::new();
    let mut group = |title, is_grave, look: &dyn Fn(&App, &App, &mut Found)| {
        let mut found = Found::default();
        look(&old, &new, &mut found);
        if !found.0.is_empty() {
            groups.push(Group {
                title,
                is_grave,
                changes: found.0,
            });
        }
    };
    group("Who may do what", true, &access);
    group("Who sees which rows and columns", true, &policies);
    group("Datasources", true, &uses);
    group("Queries", false, &queries::look);
    group("Pages and widgets", false, &pages::look);
    group("Tests", false, &tests_of);
    group("The app", false, &itself);
    Some(groups)
}

fn access(old: &App, new: &App, found: &mut Found) {
    let acts = [
        ("open", &old.access.open, &new.access.open),
        ("edit", &old.access.edit, &new.access.edit),
        ("publish", &old.access.publish, &new.access.publish),
    ];
    for (act, before, now) in acts {
        let may = format!("who may {act}");
        // An empty list names nobody, and lets everybody by.
        let all = "whoever the page Sharing does not keep out";
        if before.is_empty() && !now.is_empty() {
            found.add(Sign::Removed, format!("{may}: {all}"));
        }
        for name in before.iter().filter(|name| !now.contains(name)) {
            found.add(Sign::Removed, format!("{may}: {}", somebody(name)));
        }
        for name in now.iter().filter(|name| !before.contains(name)) {
            found.add(Sign::Added, format!("{may}: {}", somebody(name)));
        }
        if !before.is_empty() && now.is_empty() {
            found.add(Sign::Added, format!("{may}: {all}"));
        }
    }
}

/// `group:sales` as one says it.
fn somebody(name: &str) -> String {
    match name.split_once(':') {
        Some((kind, name)) => format!("{} {}", kind.trim(), name.trim()),
        None => name.to_owned(),
    }
}

fn policies(old: &App, new: &App, found: &mut Found) {
    let both = (old.policies.as_slice(), new.policies.as_slice());
    matched(
        both,
        |policy| &policy.name,
        found,
        |found, old, new| {
            match (old, new) {
            (None, Some(new)) => found.add(
                Sign::Added,
                format!("the policy {} on {}: {}", new.name, new.on, told(new)),
            ),
            (Some(old), None) => found.add(
                Sign::Removed,
                format!(
                    "the policy {} on {}: this app lets everybody see there what the table itself lets through; it was {}",
                    old.name,
                    old.on,
                    told(old)
                ),
            ),
            (Some(old), Some(new)) => {
                let of = |what: &str| format!("the policy {}, {what}", new.name);
                found.set(&of("its table"), (&old.on, &new.on), String::clone);
                found.set_or(&of("rows"), (old.rows.as_ref(), new.rows.as_ref()), "every row", |rows| quoted(rows));
                masks(old, new, found);
            }
            (None, None) => {}
        }
        },
    );
}

fn masks(old: &Policy, new: &Policy, found: &mut Found) {
    let both = (old.mask.as_slice(), new.mask.as_slice());
    let name = &new.name;
    matched(
        both,
        |(column, _)| column,
        found,
        |found, old, new| match (old, new) {
            (None, Some((column, shown))) => found.add(
                Sign::Added,
                format!("the policy {name} masks {column}: {}", quoted(shown)),
            ),
            (Some((column, _)), None) => found.add(
                Sign::Removed,
                format!("the policy {name} masks {column} no more: it is seen as it is"),
            ),
            (Some((column, old)), Some((_, new))) => {
                let what = format!("the policy {name}, the mask of {column}");
                found.set(&what, (old, new), |text| quoted(text));
            }
            (None, None) => {}
        },
    );
}

fn told(policy: &Policy) -> String {
    let mut parts = Vec::new();
    if let Some(rows) = &policy.rows {
        parts.push(format!("rows where {}", quoted(rows)));
    }
    if !policy.mask.is_empty() {
        let columns: Vec<&str> = { policy.mask.iter() }
            .map(|(column, _)| column.as_str())
            .collect();
        parts.push(format!("masked: {}", columns.join(", ")));
    }
    parts.join("; ")
}

fn uses(old: &App, new: &App, found: &mut Found) {
    let both = (old.uses.as_slice(), new.uses.as_slice());
    matched(
        both,
        |uses| &uses.name,
        found,
        |found, old, new| {
            let what = |uses: &Use| format!("the datasource {} ({})", uses.name, uses.kind);
            match (old, new) {
                (None, Some(new)) => found.add(Sign::Added, what(new)),
                (Some(old), None) => found.add(Sign::Removed, what(old)),
                (Some(old), Some(new)) => {
                    found.set(&what(new), (&old.kind, &new.kind), String::clone);
                    let needs = |needs: &Vec<_>| {
                        let words = needs.iter().map(|kind| queries::verb(*kind));
                        words.collect::<Vec<_>>().join(" and ")
                    };
                    let of = format!("{}, what it is for", what(new));
                    found.set(&of, (&old.needs, &new.needs), needs);
                }
                (None, None) => {}
            }
        },
    );
}

fn tests_of(old: &App, new: &App, found: &mut Found) {
    let both = (old.tests.as_slice(), new.tests.as_slice());
    let same = |test: &Test| {
        let said = (test.person.clone(), test.run.clone(), test.with.clone());
        (said, test.expect.clone())
    };
    matched(
        both,
        |test| &test.name,
        found,
        |found, old, new| match (old, new) {
            (None, Some(new)) => found.add(Sign::Added, format!("the test {}", new.name)),
            (Some(old), None) => found.add(Sign::Removed, format!("the test {}", old.name)),
            (Some(old), Some(new)) if same(old) != same(new) => {
                found.add(Sign::Changed, format!("the test {}", new.name));
            }
            _ => {}
        },
    );
}

fn itself(old: &App, new: &App, found: &mut Found) {
    found.set("the title", (&old.title, &new.title), |title| quoted(title));
    let both = (old.description.as_ref(), new.description.as_ref());
    found.set_or("the description", both, "none", |text| quoted(text));
}

/// A value in quotes, on one line and not too long.
fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("“{}”", shorten(&words.join(" "), SHOWN))
}
