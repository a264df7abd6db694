//! Every name is there once, and what is named was asked before.

use std::collections::HashMap;

use super::super::{Block, List, Over, Page, Position, Required, Survey, Words};
use super::Said;
use crate::base::written::suggestion;
use crate::expr::Expr;
use crate::surveys::blocks::{Decision, Role};

/// Where on the way a name has its value: page and block.
type Place = (usize, usize);

/// What comes with the respondent, or is no answer.
const BEFORE: Place = (0, 0);

struct Names<'a> {
    survey: &'a Survey,
    known: HashMap<String, Place>,
}

/// Pages count from 1 here, so that entries come before all of them.
pub(super) fn check(survey: &Survey, said: &mut Said<'_>) {
    let names = Names {
        survey,
        known: collect(survey, said),
    };
    for (at, page) in survey.pages.iter().enumerate() {
        names.page(at + 1, page, said);
    }
    let end = (usize::MAX, 0);
    for quota in &survey.quotas {
        names.expr(quota.when.as_ref(), end, quota.position, said);
    }
    for section in &survey.sections {
        names.expr(section.when.as_ref(), end, section.position, said);
    }
    for exit in &survey.exits {
        names.words(&exit.text, end, Position::default(), said);
    }
    sections(survey, said);
}

fn collect(survey: &Survey, said: &mut Said<'_>) -> HashMap<String, Place> {
    let mut known = HashMap::new();
    for entry in &survey.entries {
        known.insert(entry.name.clone(), BEFORE);
    }
    let mut known_now = Vec::new();
    for (at, page) in survey.pages.iter().enumerate() {
        let mut add = |name: &str, place: Place, at: Position| {
            let is_new = known.insert(name.to_owned(), place).is_none();
            if !is_new {
                said.error(
                    at,
                    format!("the name `{name}` is there twice; give each its own"),
                );
            }
        };
        add(&page.id, (at + 1, 0), page.position);
        let over = page.repeat.as_ref().map(|repeat| &repeat.over);
        if matches!(over, Some(Over::List(_) | Over::Chosen(_))) {
            // What a turn is about is known on the page itself.
            for part in ["item", "code"] {
                known_now.push((format!("{}.{part}", page.id), (at, usize::MAX)));
            }
        }
        for (index, block) in page.blocks.iter().enumerate() {
            let place = (at + 1, index + 1);
            add(&block.id, place, block.position);
            let mut names = block.kind.names(block);
            names.retain(|name| *name != block.id);
            names.sort_unstable();
            names.dedup();
            for name in names {
                add(&name, place, block.position);
            }
        }
    }
    known.extend(known_now);
    known
}

impl Names<'_> {
    fn page(&self, at: usize, page: &Page, said: &mut Said<'_>) {
        let (before, after) = ((at, 0), (at, usize::MAX));
        self.expr(page.when.as_ref(), before, page.position, said);
        self.words(&page.title, before, page.position, said);
        if let Some(name) = &page.section {
            self.section(name, page.position, said);
        }
        if let Some(repeat) = &page.repeat {
            self.repeat(&repeat.over, before, page.position, said);
        }
        for (index, block) in page.blocks.iter().enumerate() {
            self.block((at, index + 1), block, said);
        }
        for leave in &page.leaves {
            self.expr(leave.when.as_ref(), after, leave.position, said);
            self.words(&leave.text, after, leave.position, said);
        }
    }

    fn repeat(&self, over: &Over, before: Place, at: Position, said: &mut Said<'_>) {
        match over {
            Over::Times(times) => self.expr(Some(times), before, at, said),
            Over::List(name) => {
                let list = self.list(name, at, said);
                if list.is_some_and(|list| list.items.is_empty()) {
                    let message = format!("the loop goes over `{name}`, which has no items");
                    said.error(at, message);
                }
            }
            Over::Chosen(name) => {
                self.name(name, before, at, said);
                let block = self.survey.block(name);
                if block.is_some_and(|block| block.items.is_empty()) {
                    let message = format!(
                        "the loop goes over what is chosen in `{name}`, which has no items"
                    );
                    said.error(at, message);
                }
            }
        }
    }

    fn block(&self, at: Place, block: &Block, said: &mut Said<'_>) {
        let (place, itself) = (block.position, (at.0, at.1 + 1));
        self.expr(block.when.as_ref(), at, place, said);
        if let Required::When(when) = &block.required {
            self.expr(Some(when), at, place, said);
        }
        self.expr(block.default.as_ref(), at, place, said);
        self.expr(block.calculate.as_ref(), at, place, said);
        self.expr(
            block.check.as_ref().map(|check| &check.0),
            itself,
            place,
            said,
        );
        for expr in block.kind.beforehand(block) {
            self.expr(Some(&expr), at, place, said);
        }
        self.unasked(block, at, said);
        self.filter(block, at, said);
        for words in [&block.text, &block.help] {
            self.words(words, at, place, said);
        }
        for item in block.items.iter().chain(&block.rows) {
            self.expr(item.when.as_ref(), at, place, said);
            self.words(&item.text, at, place, said);
        }
        if let Some(name) = &block.section {
            self.section(name, place, said);
        }
    }

    /// A call is made before its page is shown: nothing of that page is answered then.
    fn unasked(&self, block: &Block, at: Place, said: &mut Said<'_>) {
        if block.kind.role() != Role::Decided(Decision::Called) {
            return;
        }
        let page = &self.survey.pages[at.0 - 1];
        let mut all = block.kind.beforehand(block);
        all.extend(block.when.clone());
        for name in all.iter().flat_map(Expr::names) {
            let asked = self.known.get(name).filter(|place| place.0 == at.0);
            let asked = asked.and_then(|place| page.blocks.get(place.1.checked_sub(1)?));
            if asked.is_some_and(|asked| asked.kind.role() == Role::Asks) {
                let message = format!(
                    "`${{{name}}}` is asked on the same page, and a machine is asked before that is shown; move `{}` to a later page",
                    block.id
                );
                said.error(block.position, message);
            }
        }
    }

    fn filter(&self, block: &Block, at: Place, said: &mut Said<'_>) {
        let Some(filter) = &block.filter else { return };
        for name in filter.names() {
            self.name(name, at, block.position, said);
        }
        self.lists(filter, block.position, said);
        for column in filter.columns() {
            let is_there = |name: &str| {
                let mut items = block.items.iter();
                ["code", "name", "label"].contains(&name)
                    || items.any(|item| item.columns.iter().any(|(known, _)| known == name))
            };
            if !is_there(column) {
                let message = format!("`filter`: no item has a column `{column}`");
                said.error(block.position, message);
            }
        }
    }

    fn expr(&self, expr: Option<&Expr>, before: Place, at: Position, said: &mut Said<'_>) {
        let Some(expr) = expr else { return };
        for name in expr.names() {
            self.name(name, before, at, said);
        }
        for word in expr.columns() {
            let message = format!(
                "`{word}` names nothing here; write ${{{word}}} for an answer or '{word}' for a text"
            );
            said.error(at, message);
        }
        self.lists(expr, at, said);
    }

    fn lists(&self, expr: &Expr, at: Position, said: &mut Said<'_>) {
        for name in expr.lists() {
            self.list(name, at, said);
        }
    }

    fn list(&self, name: &str, at: Position, said: &mut Said<'_>) -> Option<&List> {
        let found = self.survey.list(name);
        if found.is_none() {
            let lists = self.survey.lists.iter();
            let known: Vec<&str> = lists.map(|list| list.id.as_str()).collect();
            let near = suggestion(name, &known);
            said.error(at, format!("there is no list `{name}`{near}"));
        }
        found
    }

    fn words(&self, words: &Words, before: Place, at: Position, said: &mut Said<'_>) {
        for name in words.names() {
            self.name(name, before, at, said);
        }
    }

    fn name(&self, name: &str, before: Place, at: Position, said: &mut Said<'_>) {
        match self.known.get(name) {
            Some(place) if *place < before => {}
            Some(_) => {
                let message = format!(
                    "`${{{name}}}` is asked later than it is used here; move the question or the condition"
                );
                said.error(at, message);
            }
            None => {
                let mut known: Vec<&str> = self.known.keys().map(String::as_str).collect();
                known.sort_unstable();
                known.truncate(20);
                let all = self.known.keys().map(String::as_str);
                let near = match crate::base::text::nearest(name, all) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => suggestion("", &known),
                };
                said.error(at, format!("nothing is called `{name}` here{near}"));
            }
        }
    }

    fn section(&self, name: &str, at: Position, said: &mut Said<'_>) {
        if self.survey.section(name).is_none() {
            let known: Vec<&str> = self
                .survey
                .sections
                .iter()
                .map(|section| section.id.as_str())
                .collect();
            let near = suggestion(name, &known);
            said.error(at, format!("there is no section `{name}`{near}"));
        }
    }
}

/// A section lies in one that is there, and not in itself.
fn sections(survey: &Survey, said: &mut Said<'_>) {
    for section in &survey.sections {
        let mut above = section.within.as_deref();
        for _ in 0..=survey.sections.len() {
            let Some(name) = above else { break };
            let next = survey.section(name);
            if next.is_none() {
                said.error(section.position, format!("there is no section `{name}`"));
            }
            above = next.and_then(|next| next.within.as_deref());
        }
        if above.is_some() {
            let message = format!("the section `{}` lies in itself", section.id);
            said.error(section.position, message);
        }
    }
}
