//! Every action leaves its one record, with all that it must say: one table of
//! what people, programs, the console and time do here, and what is written down.

mod apps;
mod data;
mod directory;
mod entering;
mod instance;
mod members;
mod promised;
mod sources;
mod stage;
mod told;
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
    ("workspaces", workspaces::ROWS),
    ("instance", instance::ROWS),
    ("methods", instance::METHODS),
    ("console", instance::CONSOLE),
    ("directory", instance::BY_DIRECTORY),
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
    let elsewhere: BTreeSet<&str> = sources::ELSEWHERE.iter().map(|(name, ..)| *name).collect();
    let mut wrong = Vec::new();
    for (action, path) in &written {
        let is_told = if let Some(family) = action.strip_suffix("{}") {
            driven.iter().any(|driven| driven.starts_with(family))
        } else {
            driven.contains(action.as_str()) || elsewhere.contains(action.as_str())
        };
        if !is_told {
            wrong.push(format!("{path} records {action}, and no row drives it"));
        }
    }
    let is_written = |action: &str| {
        written.keys().any(|known| match known.strip_suffix("{}") {
            Some(family) => action.starts_with(family),
            None => known == action,
        })
    };
    for action in driven.iter().filter(|action| !is_written(action)) {
        if !apps::OF_APPS.contains(action) {
            wrong.push(format!(
                "{action} is in the table, and no source records it"
            ));
        }
    }
    for (action, path, test) in sources::ELSEWHERE {
        if driven.contains(action) || !is_written(action) {
            wrong.push(format!("{action} has no business on the short list"));
        }
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if !text.contains(test) || !text.contains(action) {
            wrong.push(format!("{path} has no test “{test}” that names {action}"));
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
        let changes_nothing = sources::CHANGE_NOTHING.iter();
        let changes_nothing = changes_nothing
            .filter(|(path, _)| *path == route.path)
            .count();
        if usize::from(is_sent) + changes_nothing != 1 {
            wrong.push(format!("POST {}", route.path));
        }
    }
    assert!(wrong.is_empty(), "in no row:\n{}\n", wrong.join("\n"));
    for (path, why) in sources::CHANGE_NOTHING {
        assert!(!why.is_empty(), "{path}");
        assert!(map.iter().any(|route| route.path == *path), "{path}");
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
                    if !driven.contains(action) && !is_elsewhere {
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
