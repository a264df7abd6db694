//! Whether a test can be run: it names a query and values, and says what is expected.

use crate::base::written::{Notes, suggestion};
use crate::data::sql_text;

use super::file::File;
use super::{App, Level, Query, Test};

/// Tests of one app.
const MOST: usize = 100;

pub(super) fn check(file: &File<'_>, app: &App, notes: &mut Notes) {
    for test in &app.tests {
        one(file, app, test, notes);
    }
    if let Some(first) = app.tests.get(MOST) {
        let message = format!("an app has {MOST} tests at most; put several into one");
        notes.add(file.at(&["test", &first.name]), Level::Refused, message);
    }
}

fn one(file: &File<'_>, app: &App, test: &Test, notes: &mut Notes) {
    let at = |key| file.at(&["test", &test.name, key]);
    if !test.run.is_empty() {
        if let Some(query) = app.query(&test.run) {
            values(file, (test, query), notes);
        } else {
            let known: Vec<&str> = app.queries.iter().map(|one| one.name.as_str()).collect();
            let near = suggestion(&test.run, &known);
            notes.error(at("run"), format!("there is no query `{}`{near}", test.run));
        }
    }
    if test.expect.is_empty() {
        return;
    }
    match sql_text::placeholders(&test.expect) {
        Err(error) => notes.add(at("expect"), Level::Refused, error.message),
        Ok(found) => {
            if let Some(first) = found.first() {
                let message = format!(
                    "`expect` has no parameters; write the value in place of `:{}`",
                    first.name
                );
                notes.add(at("expect"), Level::Refused, message);
            }
        }
    }
}

/// Each value is for a parameter whose value somebody could send.
fn values(file: &File<'_>, (test, query): (&Test, &Query), notes: &mut Notes) {
    for (name, _) in &test.with {
        let at = file.at(&["test", &test.name, "with", name]);
        let message = match query.params.iter().find(|param| param.name == *name) {
            Some(param) if param.source.is_from_browser() => continue,
            Some(_) => format!(
                "nobody sends `{name}`: the server knows it; say in `as` who asks, and leave this out"
            ),
            None => {
                let known: Vec<&str> = { query.params.iter() }
                    .map(|param| param.name.as_str())
                    .collect();
                let near = suggestion(name, &known);
                format!("`{}` has no parameter `{name}`{near}", query.name)
            }
        };
        notes.add(at, Level::Refused, message);
    }
}
