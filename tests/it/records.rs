//! Every action leaves its one record, with all that it must say: one table of
//! what people, programs, the console and time do here, and what is written down.

mod apps;
mod data;
mod directory;
mod entering;
mod instance;
mod kept;
mod members;
mod promised;
mod sources;
mod stage;
mod surveys;
mod told;
mod watching;
mod words;
mod workspaces;

use std::collections::BTreeSet;

use promised::{PROMISED, Place};
use stage::Stage;

/// Who does it, what they do, with what form, and what that leaves, in order.
///
/// - Who: a person by name, with a number for another browser of theirs; `nobody`
///   is a stranger; `program` holds the key that was made last; `console` and
///   `time` are no people. What `hand` does only sets the scene.
/// - What: a request, or for `console`, `time` and `hand` what `Stage::happens` knows.
/// - The form: its fields; `file:NAME:TEXT` sends a file, `{…}` is JSON.
///   `{words}` in a path or form stand for what [`words::WORDS`] knows.
/// - What it leaves: an action with the words that [`told::Saying`] knows.
pub(super) type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// The order is that of a story: what a row needs stands above it.
const TABLE: &[(&str, &[Row])] = &[
    ("entering", entering::ROWS),
    ("members", members::ROWS),
    ("groups", members::GROUPS),
    ("data", data::ROWS),
    ("queries", data::QUERIES),
    ("apps", apps::ROWS),
    ("publishing", apps::PUBLISHING),
    ("using", apps::USING),
    ("surveys", surveys::ROWS),
    ("workspaces", workspaces::ROWS),
    ("instance", instance::ROWS),
    ("methods", instance::METHODS),
    ("console", instance::CONSOLE),
    ("directory", instance::BY_DIRECTORY),
    ("alerts", watching::ALERTS),
    ("ending", watching::ENDING),
    ("backup", kept::BACKUP),
    ("telemetry", kept::TELEMETRY),
    ("trust", kept::TRUST),
    ("leaving", entering::LEAVING),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().flat_map(|(_, rows)| rows.iter())
}

/// The actions of the table.
fn driven() -> BTreeSet<&'static str> {
    let leaves = rows().flat_map(|(.., leaves)| leaves.iter());
    leaves.filter_map(|leaf| leaf.split(' ').next()).collect()
}

#[tokio::test]
async fn every_action_leaves_its_record_and_no_other() {
    let mut stage = Stage::set().await;
    let mut wrong = Vec::new();
    for (theme, rows) in TABLE {
        for row in *rows {
            let fault = stage.play(row).await;
            let (who, what, ..) = row;
            wrong.extend(fault.map(|fault| format!("{theme}: {who} {what}: {fault}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    stage.holds().await;
}

#[test]
fn no_action_that_the_sources_record_is_missing_from_the_table() {
    let (driven, written) = (driven(), sources::actions());
    let mut wrong = Vec::new();
    for (action, path) in &written {
        let told = driven.iter().copied();
        let told = told.chain(sources::ELSEWHERE.iter().map(|(name, ..)| *name));
        let mut told = told.chain(sources::OWED.iter().map(|(name, _)| *name));
        if !told.any(|known| sources::is_one_of(known, action)) {
            wrong.push(format!("{path} records {action}, and no row drives it"));
        }
    }
    let is_written = |action: &str| {
        let mut all = written.keys();
        all.any(|known| sources::is_one_of(action, known))
    };
    for action in driven.iter().filter(|action| !is_written(action)) {
        if !apps::OF_APPS.contains(action) {
            wrong.push(format!(
                "{action} is in the table, and no source records it"
            ));
        }
    }
    for (action, why) in sources::OWED {
        if why.is_empty() || driven.contains(action) || !is_written(action) {
            wrong.push(format!("{action} is owed by nobody"));
        }
    }
    for (action, path, test) in sources::ELSEWHERE {
        if driven.contains(action) || !is_written(action) {
            wrong.push(format!("{action} has no business on the short list"));
        }
        if !sources::has_test(path, test) {
            wrong.push(format!("{path} has no test “{test}” for {action}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[tokio::test]
async fn every_form_is_sent_by_a_row_or_changes_nothing() {
    let site = crate::support::TestSite::empty();
    let sent: Vec<(&str, &str)> = rows()
        .filter_map(|(_, what, ..)| what.split_once(' '))
        .collect();
    let mut wrong = Vec::new();
    let map = onsight::server::routes(&site.people).map;
    let forms = map.iter().filter(|route| route.method == "POST");
    for route in forms {
        let is_sent = { sent.iter() }.any(|(method, path)| {
            *method == "POST" && is_of(path.split('?').next().unwrap_or_default(), route.path)
        });
        let quiet = { sources::CHANGE_NOTHING.iter() }.any(|(path, _)| *path == route.path);
        let elsewhere = sources::FORMS_ELSEWHERE.iter();
        let is_elsewhere = { elsewhere.clone() }.any(|(path, ..)| *path == route.path);
        if u8::from(is_sent) + u8::from(quiet) + u8::from(is_elsewhere) != 1 {
            wrong.push(format!("POST {}", route.path));
        }
    }
    assert!(wrong.is_empty(), "in no row:\n{}\n", wrong.join("\n"));
    for (path, why) in sources::CHANGE_NOTHING {
        assert!(!why.is_empty(), "{path}");
        assert!(map.iter().any(|route| route.path == *path), "{path}");
    }
    for (path, file, test) in sources::FORMS_ELSEWHERE {
        assert!(
            sources::has_test(file, test),
            "{path}: {file} has no {test}"
        );
    }
}

/// Whether that is an address of the route.
fn is_of(path: &str, route: &str) -> bool {
    let (path, route) = (path.split('/'), route.split('/'));
    let mut pairs = path.clone().zip(route.clone());
    path.count() == route.count() && pairs.all(|(part, of)| part == of || of.starts_with('{'))
}

#[test]
fn what_was_promised_to_be_recorded_is_or_its_issue_is_named() {
    let (driven, written) = (driven(), sources::actions());
    let mut wrong = Vec::new();
    for (what, places) in PROMISED {
        for place in *places {
            match place {
                Place::Here(action) => {
                    let is_elsewhere = sources::ELSEWHERE.iter().any(|(name, ..)| name == action);
                    let is_owed = sources::OWED.iter().any(|(name, _)| name == action);
                    if !driven.contains(action) && !is_elsewhere && !is_owed {
                        wrong.push(format!("{what}: no row drives {action}"));
                    }
                }
                Place::NotYet(noun, issue) => {
                    if written.keys().any(|action| action.starts_with(noun)) {
                        wrong.push(format!("{what}: issue {issue} came: name the {noun}…"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!(PROMISED.len(), promised::ITEMS);
}
