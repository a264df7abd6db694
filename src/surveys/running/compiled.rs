//! A definition made ready to be answered: what every page of it asks again is worked out once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Time;
use crate::expr::Expr;
use crate::surveys::assets::Assets;
use crate::surveys::blocks::{Decision, Role};
use crate::surveys::format::{Block, Page, Survey};
use crate::surveys::personal::{Apart, Names};

/// A survey with its names looked up.
#[derive(Debug)]
pub struct Compiled {
    pub survey: Survey,
    /// The pictures it shows.
    pub assets: Assets,
    /// Some question takes files.
    pub takes_files: bool,
    /// Some block asks another machine.
    pub asks_outside: bool,
    pub(super) names: HashMap<String, Named>,
    /// For each page, the first page of the loop it goes round in.
    pub(super) loops: Vec<Option<usize>>,
    /// For each quota, how many pages have to lie behind before it is known.
    pub(super) quota_after: Vec<usize>,
    /// The keys of the variables of each block, by its id.
    keys: HashMap<String, Vec<String>>,
    /// What this version itself calls personal, and what all versions do.
    pub(super) own: Names,
    pub(super) apart: Option<Arc<Apart>>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Entry,
    Block(usize, usize),
    /// A part of a block: a row, one of its variables.
    Part(usize, usize),
    /// The turns of a loop, by its page.
    Loop(usize),
}

impl Compiled {
    pub fn new(survey: Survey, assets: Assets) -> Compiled {
        let names = names(&survey);
        let quota_after = { survey.quotas.iter() }
            .map(|quota| after(&names, quota.when.as_ref()))
            .collect();
        let takes = |block: &Block| block.kind.takes_files(block).is_some();
        let takes_files = survey.blocks().any(takes);
        let called = Role::Decided(Decision::Called);
        let asks_outside = survey.blocks().any(|block| block.kind.role() == called);
        Compiled {
            loops: loops(&survey),
            quota_after,
            keys: keys(&survey),
            own: Names::of(&survey),
            apart: None,
            takes_files,
            asks_outside,
            names,
            survey,
            assets,
        }
    }

    pub(super) fn page(&self, at: usize) -> &Page {
        &self.survey.pages[at]
    }

    pub(super) fn block(&self, page: usize, block: usize) -> &Block {
        &self.survey.pages[page].blocks[block]
    }

    /// The keys of what becomes of a block's answer.
    pub(super) fn keys(&self, block: &Block) -> &[String] {
        self.keys.get(&block.id).map_or(&[], Vec::as_slice)
    }

    /// The moment that is kept: in an anonymous survey its day.
    pub fn stamp(&self, now: Time) -> Time {
        if self.survey.is_anonymous {
            Time(now.0 - now.0.rem_euclid(Time::DAY))
        } else {
            now
        }
    }

    /// The place of the page of that id.
    pub fn page_at(&self, id: &str) -> Option<usize> {
        self.survey.pages.iter().position(|page| page.id == id)
    }
}

fn names(survey: &Survey) -> HashMap<String, Named> {
    let mut names = HashMap::new();
    for entry in &survey.entries {
        names.insert(entry.name.clone(), Named::Entry);
    }
    for (at, page) in survey.pages.iter().enumerate() {
        for (index, block) in page.blocks.iter().enumerate() {
            for name in block.kind.names(block) {
                names.insert(name, Named::Part(at, index));
            }
            names.insert(block.id.clone(), Named::Block(at, index));
        }
        if page.repeat.is_some() {
            names.insert(page.id.clone(), Named::Loop(at));
        }
    }
    names
}

fn keys(survey: &Survey) -> HashMap<String, Vec<String>> {
    let blocks = survey.pages.iter().flat_map(|page| &page.blocks);
    let keys = blocks.map(|block| {
        let variables = block.kind.variables(block).into_iter();
        (block.id.clone(), variables.map(|each| each.key).collect())
    });
    keys.collect()
}

/// Neighbouring pages with the same loop go round together.
fn loops(survey: &Survey) -> Vec<Option<usize>> {
    let mut loops: Vec<Option<usize>> = Vec::new();
    for (at, page) in survey.pages.iter().enumerate() {
        let first = page.repeat.as_ref().map(|repeat| {
            let before = at.checked_sub(1);
            let goes_on =
                before.filter(|before| survey.pages[*before].repeat.as_ref() == Some(repeat));
            goes_on.and_then(|before| loops[before]).unwrap_or(at)
        });
        loops.push(first);
    }
    loops
}

fn after(names: &HashMap<String, Named>, when: Option<&Expr>) -> usize {
    let asked = when.map(Expr::names).unwrap_or_default().into_iter();
    let pages = asked.map(|name| match names.get(name) {
        Some(Named::Block(page, _) | Named::Part(page, _) | Named::Loop(page)) => page + 1,
        Some(Named::Entry) | None => 0,
    });
    pages.max().unwrap_or_default()
}
