//! A collection of forms that were used.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use onsight::surveys::intake::{Fate, Nothing, convert};

use super::read;

/// To who runs the tests.
fn tell(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

pub(super) fn collection() -> Option<PathBuf> {
    let folder = std::env::var_os("ONSIGHT_XLSFORMS")
        .map_or_else(|| PathBuf::from("../shared/data/xlsforms"), PathBuf::from);
    // A worktree lies one folder deeper.
    let found = [folder, PathBuf::from("../../shared/data/xlsforms")]
        .into_iter()
        .find(|folder| folder.is_dir());
    if found.is_none() {
        tell("ONSIGHT_XLSFORMS: there is no collection of forms here; its test did not run");
    }
    found
}

/// The forms of the folder, in order.
pub(super) fn forms(folder: &Path) -> Vec<PathBuf> {
    let mut forms: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending.to_string_lossy().starts_with("xls"))
        })
        .collect();
    forms.sort();
    forms
}

#[test]
fn the_collection_is_accounted_for_and_runs() {
    let Some(folder) = collection() else { return };
    let (mut questions, mut run, mut unreadable) = (0, 0, Vec::new());
    let mut refused = Vec::new();
    for path in forms(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let done = match convert(&fs::read(&path).unwrap(), &name, &Nothing) {
            Ok(done) => done,
            Err(why) => {
                unreadable.push(format!("{name}: {why}"));
                continue;
            }
        };
        read(&done);
        for line in done.account.lines() {
            let is_question = line.place.sheet.eq_ignore_ascii_case("survey")
                && line.place.row > 1
                && !line.what.starts_with("begin")
                && !line.what.starts_with("end ")
                && line.what != "comment";
            if is_question {
                questions += 1;
                run += usize::from(line.fate() != Fate::Refused);
            }
            if line.fate() == Fate::Refused {
                refused.push(format!("{name} {line}"));
            }
        }
    }
    tell(&format!(
        "{run} of {questions} questions run; refused:\n{}\n{}",
        refused.join("\n"),
        unreadable.join("\n")
    ));
    assert!(unreadable.len() <= 2, "{unreadable:?}");
    assert!(questions > 300, "{questions}");
    assert!(
        run * 100 >= questions * 95,
        "{run} of {questions}:\n{}",
        refused.join("\n")
    );
}
