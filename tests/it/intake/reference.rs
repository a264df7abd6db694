//! The conditions of forms against those the reference program made of them.

use std::collections::HashMap;
use std::fs;

use onsight::base::Time;
use onsight::expr::{Expr, Scope, Value};
use onsight::surveys::format::Survey;
use onsight::surveys::intake::{Nothing, convert};
use quick_xml::events::Event;

use super::chance::Dice;
use super::collection::{collection, forms};
use super::read;

/// Answers by name, and nothing else.
struct Answers(HashMap<String, Value>);

impl Scope for Answers {
    fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or(Value::Empty)
    }

    fn now(&self) -> Time {
        Time(0)
    }
}

fn holds(text: &str, answers: &Answers) -> bool {
    Expr::parse(text)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
        .eval(answers)
        .is_true()
}

/// The binds of the reference's form: the path of each node and its condition.
fn binds(xml: &str) -> Vec<(String, Option<String>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut binds = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Empty(tag) | Event::Start(tag) if tag.local_name().as_ref() == "bind" => {
                let value = |name: &str| {
                    let found = tag
                        .attributes()
                        .flatten()
                        .find(|one| one.key.as_ref() == name);
                    found.map(|one| {
                        quick_xml::escape::unescape(one.value.as_ref())
                            .unwrap()
                            .into_owned()
                    })
                };
                binds.push((value("nodeset").unwrap(), value("relevant")));
            }
            Event::Eof => return binds,
            _ => {}
        }
    }
}

/// Is a question there, by its own condition and by those around it?
fn is_asked(survey: &Survey, id: &str, answers: &Answers) -> Option<bool> {
    let page = survey
        .pages
        .iter()
        .find(|page| page.blocks.iter().any(|block| block.id == id))?;
    let block = page.blocks.iter().find(|block| block.id == id)?;
    let mut conditions = vec![page.when.as_ref(), block.when.as_ref()];
    let mut above = page.section.as_deref();
    while let Some(section) = above.and_then(|name| survey.section(name)) {
        conditions.push(section.when.as_ref());
        above = section.within.as_deref();
    }
    Some(
        conditions
            .into_iter()
            .flatten()
            .all(|when| when.eval(answers).is_true()),
    )
}

#[test]
fn the_same_questions_are_asked_as_in_the_reference() {
    let Some(folder) = collection() else { return };
    let mut compared = 0;
    let mut dice = Dice(7);
    for path in forms(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let stem = stem.split("__").last().unwrap().to_owned();
        let Ok(xml) = fs::read_to_string(folder.join("expected").join(format!("{stem}.xml")))
        else {
            continue;
        };
        let survey = read(&convert(&fs::read(&path).unwrap(), &name, &Nothing).unwrap());
        let binds = binds(&xml);
        let names: Vec<String> = survey.blocks().map(|block| block.id.clone()).collect();
        for _ in 0..50 {
            let words = [
                "",
                "yes",
                "no",
                "ada@example.org",
                "other",
                "3",
                "a b",
                "yes no",
            ];
            let answer = |name: &String| (name.clone(), Value::of_text(dice.one(&words)));
            let answers = Answers(names.iter().map(answer).collect());
            for (nodeset, _) in &binds {
                let id = nodeset.rsplit('/').next().unwrap();
                // What is refused is told, and blocks publishing.
                let open = format!("`{id}` is not ready");
                let mut problems = survey.problems.iter();
                if problems.any(|problem| problem.message.starts_with(&open)) {
                    continue;
                }
                let Some(asked) = is_asked(&survey, id, &answers) else {
                    continue;
                };
                let around = binds.iter().filter(|(other, _)| {
                    nodeset == other || nodeset.starts_with(&format!("{other}/"))
                });
                let expected = around
                    .filter_map(|(_, when)| when.as_ref())
                    .all(|when| holds(when, &answers));
                assert_eq!(asked, expected, "{name}: {id}");
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}
