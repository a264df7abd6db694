//! ARCHITECTURE.md, as far as a machine can read it.

use std::fs;

use crate::schema::may_hold_sql;

const LONGEST_FILE: usize = 400;
/// The one write that leaves no line: when a session or a key was last in use.
const NOTES_WHO_WAS_SEEN: [&str; 2] = ["people/actions/entering.rs", "people/actions/keys.rs"];
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "askama.toml",
    "assets",
    "benches",
    "build.rs",
    "debian",
    "docs",
    "src",
    "target",
    "templates",
    "tests",
];

/// Paths of all Rust files, relative to `src`.
pub(crate) fn sources() -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut folders = vec!["src".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path().to_string_lossy().into_owned();
            if fs::metadata(&path).unwrap().is_dir() {
                folders.push(path);
            } else if path.strip_suffix(".rs").is_some() {
                found.push(path["src/".len()..].to_owned());
            }
        }
    }
    found.sort();
    found.into_iter()
}

fn read(path: &str) -> String {
    fs::read_to_string(format!("src/{path}")).unwrap()
}

/// The floors of `lib.rs`, lowest first: a paragraph of modules each.
fn floors() -> Vec<Vec<String>> {
    let code = read("lib.rs");
    let floors = code.split("\n\n").map(|paragraph| {
        let modules = paragraph
            .lines()
            .filter_map(|line| line.strip_prefix("pub mod "));
        modules
            .map(|name| name.trim_end_matches(';').to_owned())
            .collect()
    });
    floors
        .filter(|floor: &Vec<String>| !floor.is_empty())
        .collect()
}

#[test]
fn modules_use_only_the_floors_below() {
    let floors = floors();
    let floor_of = |name: &str| {
        floors
            .iter()
            .position(|floor| floor.iter().any(|m| m == name))
    };
    let mut wrong = Vec::new();
    for path in sources() {
        let me = path.split(['/', '.']).next().unwrap();
        let Some(mine) = floor_of(me) else { continue };
        for used in read(&path).split("crate::").skip(1).flat_map(first_words) {
            if used != me && floor_of(&used).is_some_and(|theirs| theirs >= mine) {
                wrong.push(format!("{path} uses {used}, which is not below {me}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_architecture_names_every_floor_in_its_order() {
    let text = fs::read_to_string("docs/ARCHITECTURE.md").unwrap();
    let table = text.split_once("| floor | folders | knows |").unwrap().1;
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    // Highest first; `store`, `config` stand in any order.
    let named = rows.map(|row| {
        let folders = row.split('|').nth(2).unwrap_or_default();
        let names = folders
            .split(',')
            .map(|name| name.trim().trim_matches('`').to_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    });
    let mut floors = floors();
    for floor in &mut floors {
        floor.sort();
    }
    floors.reverse();
    assert_eq!(named.collect::<Vec<_>>(), floors);
}

/// `surveys::x` gives `surveys`; `{audit, people::y}` gives both.
fn first_words(path: &str) -> Vec<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    match path.strip_prefix('{') {
        Some(group) => group
            .split('}')
            .next()
            .unwrap_or("")
            .split(',')
            .map(|p| word(p.trim()))
            .collect(),
        None => vec![word(path)],
    }
}

/// A room that grew is a folder of the same name.
fn is_room(path: &str, room: &str) -> bool {
    path.ends_with(&format!("/{room}.rs")) || path.contains(&format!("/{room}/"))
}

#[test]
fn sql_and_http_stay_in_their_files() {
    let is_http = |path: &str| {
        is_room(path, "pages") || path.starts_with("web/") || path.starts_with("server/")
    };
    let is_sql = |path: &str| may_hold_sql(path) || path == "base/id.rs";
    let mut wrong = Vec::new();
    for path in sources() {
        let code = read(&path);
        if code.contains("axum::") && !is_http(&path) && !path.ends_with("tests.rs") {
            wrong.push(format!("{path} speaks HTTP"));
        }
        // A test may hold a statement against a bare database.
        if code.contains("rusqlite::") && !is_sql(&path) && !path.ends_with("tests.rs") {
            wrong.push(format!("{path} speaks SQL"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_outgrows_its_reader() {
    let long: Vec<_> = sources()
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path} has {lines} lines: split it by what it knows"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_says_what_it_knows() {
    let silent: Vec<_> = sources()
        .filter(|path| {
            let code = read(path);
            let first = code.lines().next().unwrap_or("");
            !first.starts_with("//!") && !first.starts_with("///")
        })
        .collect();
    assert!(
        silent.is_empty(),
        "no first sentence: {}",
        silent.join(", ")
    );
}

#[test]
fn every_action_that_writes_is_journaled() {
    let mut wrong = Vec::new();
    for path in sources().filter(|path| is_room(path, "actions")) {
        let code = read(&path);
        let writes = code.matches(".write(").count();
        let lines = code.matches("journal::record(").count();
        let silent = usize::from(NOTES_WHO_WAS_SEEN.contains(&path.as_str()));
        if lines + silent < writes {
            wrong.push(format!(
                "{path} writes {writes} times and journals {lines} times"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_drawer_for_odds_and_ends() {
    let banned = [
        "util", "utils", "common", "helpers", "misc", "manager", "service",
    ];
    let found: Vec<_> = sources()
        .filter(|path| path.split(['/', '.']).any(|part| banned.contains(&part)))
        .collect();
    assert!(found.is_empty(), "{}", found.join(", "));
}

#[test]
fn nothing_else_stands_at_the_top() {
    let strange: Vec<_> = fs::read_dir(".")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert!(strange.is_empty(), "{}", strange.join(", "));
}

#[test]
fn templates_hold_no_script_and_no_style_and_what_they_show_unescaped_is_known() {
    let mut folders = vec!["templates".to_owned(), "src".to_owned()];
    let (mut wrong, mut unescaped) = (Vec::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path().to_string_lossy().into_owned();
            if fs::metadata(&path).unwrap().is_dir() {
                folders.push(path);
            } else if path.strip_suffix(".html").is_some() {
                let html = fs::read_to_string(&path).unwrap();
                for banned in [" style=\"", "<style", " onclick=", "javascript:", "http://"] {
                    if html.contains(banned) {
                        wrong.push(format!("{path} holds {banned}"));
                    }
                }
                for (at, _) in html.match_indices("|safe") {
                    let from = html[..at].rfind("{{").unwrap();
                    unescaped.push(format!("{path}: {}", html[from + 2..at].trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Each of these was written by code that escapes. A new one shows up in
    // this diff, and whoever reviews it looks at the code that made it.
    unescaped.sort();
    insta::assert_snapshot!(unescaped.join("\n"));
}
