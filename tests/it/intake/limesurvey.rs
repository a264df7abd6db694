//! Surveys of LimeSurvey.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use onsight::surveys::intake::{Fate, Nothing, convert};

use super::read;

#[test]
fn surveys_of_limesurvey_are_accounted_for() {
    let mut files: Vec<PathBuf> = fs::read_dir("tests/it/lss")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    let mut told = String::new();
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let done = convert(&bytes, "x.lss", &Nothing).unwrap();
        let survey = read(&done);

        let rows = String::from_utf8_lossy(&bytes).matches("<row>").count();
        assert_eq!(
            done.account.lines().len(),
            rows,
            "{}:\n{}",
            path.display(),
            done.account
        );
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let block = |block: &onsight::surveys::format::Block| {
            let when = block.when.as_ref().map_or("", |when| when.text());
            format!("  {} {} {when}\n", block.id, block.kind.name())
        };
        let blocks: String = survey.blocks().map(block).collect();
        let refused: Vec<String> = { done.account.lines().iter() }
            .filter(|line| line.fate() == Fate::Refused)
            .map(|line| format!("  {line}\n"))
            .collect();
        let refused = refused.concat();
        write!(told, "{name} {:?}\n{blocks}{refused}", survey.langs).unwrap();
    }
    insta::assert_snapshot!(told);
}
