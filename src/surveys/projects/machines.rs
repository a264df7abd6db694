//! The machines that a survey asks: in which versions, with which secrets, and what stands
//! against it.

use std::collections::BTreeMap;

use super::model::Read;
use super::reading::History;
use crate::base::Time;
use crate::site::Site;
use crate::surveys::calls::{Obstacle, obstacle, sql::Tally};
use crate::surveys::format::{Block, Level, Problem, Survey};

/// A call as the page has it.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) method: &'static str,
    /// Without the path.
    pub(super) machine: String,
    /// `draft`, `version 2`.
    pub(super) used: Vec<String>,
    pub(super) tallies: Vec<Tally>,
}

impl Line {
    pub(super) fn made(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.times).sum()
    }

    /// Those that failed, the most frequent first.
    pub(super) fn failures(&self) -> impl Iterator<Item = &Tally> {
        self.tallies.iter().filter(|tally| tally.went.is_failure())
    }

    pub(super) fn failed(&self) -> u64 {
        self.failures().map(|tally| tally.times).sum()
    }

    pub(super) fn last(&self) -> Option<Time> {
        self.tallies.iter().map(|tally| tally.last).max()
    }
}

/// All calls of a survey, and in which texts each secret is named.
pub(super) struct Machines {
    pub(super) lines: Vec<Line>,
    pub(super) secrets: BTreeMap<String, Vec<String>>,
}

impl Machines {
    /// Of its draft and its versions, the newest first.
    pub(super) fn of(history: &History, tallies: &[Tally]) -> Machines {
        let draft = Read::of(&history.project.text).survey;
        let versions = history.versions.iter();
        let versions =
            versions.map(|(version, survey)| (format!("version {}", version.number), survey));
        let texts = draft.iter().map(|survey| ("draft".to_owned(), survey));
        let mut all = Machines {
            lines: Vec::new(),
            secrets: BTreeMap::new(),
        };
        for (name, survey) in texts.chain(versions) {
            for block in survey.blocks() {
                all.add(&name, block, tallies);
            }
        }
        all
    }

    fn add(&mut self, text: &str, block: &Block, tallies: &[Tally]) {
        let Some(plan) = block.kind.call(block) else {
            return;
        };
        for secret in plan.secrets() {
            let users = self.secrets.entry(secret.to_owned()).or_default();
            users.push(format!("{} in {text}", block.id));
        }
        match self.lines.iter_mut().find(|line| line.id == block.id) {
            Some(line) => line.used.push(text.to_owned()),
            None => self.lines.push(Line {
                id: block.id.clone(),
                method: plan.method(),
                machine: plan.address.machine().to_owned(),
                used: vec![text.to_owned()],
                tallies: { tallies.iter() }
                    .filter(|tally| tally.block == block.id)
                    .cloned()
                    .collect(),
            }),
        }
    }
}

fn at(block: &Block, level: Level, message: String) -> Problem {
    Problem {
        line: block.position.line,
        column: block.position.column,
        message,
        level,
    }
}

/// The secrets that are named and not there.
pub(super) fn missing(survey: &Survey, known: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in survey.blocks() {
        let Some(plan) = block.kind.call(block) else {
            continue;
        };
        for name in plan
            .secrets()
            .filter(|name| !known.iter().any(|one| one == name))
        {
            let message = format!(
                "`{}` shows the secret `{name}`, and there is none under Calls: enter it there",
                block.id
            );
            problems.push(at(block, Level::Refused, message));
        }
    }
    problems
}

/// What stands against asking its machines, as things are now. Each is looked for once.
pub(super) async fn obstacles(site: &Site, survey: &Survey) -> Vec<Problem> {
    let mut known: BTreeMap<String, Option<Obstacle>> = BTreeMap::new();
    let mut problems = Vec::new();
    for block in survey.blocks() {
        let Some(plan) = block.kind.call(block) else {
            continue;
        };
        let machine = plan.address.machine().to_owned();
        let found = match known.get(&machine) {
            Some(found) => found.clone(),
            None => obstacle(&site.egress, &plan.address).await,
        };
        known.insert(machine.clone(), found.clone());
        if let Some(found) = found {
            let level = if found.is_sure {
                Level::Refused
            } else {
                Level::Note
            };
            let message = format!("`{}` cannot ask {machine}: {}", block.id, found.why);
            problems.push(at(block, level, message));
        }
    }
    problems
}
