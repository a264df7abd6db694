//! The engine: from a definition and what was answered to the way one respondent
//! goes. It is a function: nothing is remembered, nothing is written.

use super::answers::Answers;
use super::chance::Chance;
use super::scope::{Here, Who};
use super::turns::turns;
use crate::expr::Value;
use crate::surveys::blocks::{Decision, Kept, Role, kept_of};
use crate::surveys::format::{Block, Item, Outcome};
use crate::surveys::map::Datum;

/// A page on the way; turn 0 is outside of loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    pub page: usize,
    pub turn: u32,
}

/// The way as far as it is known.
#[derive(Debug, Default)]
pub struct Walk {
    /// Pages one sees, in order: those sent, and the one that is next.
    pub steps: Vec<Step>,
    /// The page to be answered; none where the way ends.
    pub next: Option<Step>,
    /// How it ends, and the way out that was taken.
    pub end: Option<(Outcome, String)>,
    /// The answers on the way, with what was decided unseen.
    pub answers: Answers,
    /// What was decided unseen: key, turn, value and page.
    pub decided: Vec<(String, u32, Datum, usize)>,
    /// The quotas that count this respondent, by their place in the definition.
    pub quotas: Vec<usize>,
    /// A block whose item the others' decide: the walk stops there until it is known.
    pub asks_others: Option<(Step, usize)>,
    /// A block that another machine decides and was not asked for yet: it stops there too.
    pub asks_outside: Option<(Step, usize)>,
    /// Roughly how many pages lie ahead.
    pub ahead: usize,
}

/// What was answered before.
pub struct Past<'a> {
    pub answers: &'a Answers,
    /// The pages that were sent.
    pub sent: &'a [Step],
    /// Pages a test was led to whatever stands against it: their conditions are not asked,
    /// and no way out is taken before them.
    pub forced: &'a [Step],
}

/// Walks from the first page to the first that was not sent, or to the end.
pub fn walk(who: Who<'_>, past: &Past<'_>) -> Walk {
    let mut walking = Walking {
        who,
        past,
        walk: Walk::default(),
        is_stopped: false,
    };
    walking.quotas(0);
    let mut page = 0;
    while page < who.compiled.survey.pages.len() && !walking.is_stopped {
        page = if let Some(first) = who.compiled.loops[page] {
            walking.go_round(first)
        } else {
            walking.step(Step { page, turn: 0 });
            page + 1
        };
        if !walking.is_stopped {
            walking.quotas(page);
        }
    }
    if !walking.is_stopped {
        walking.walk.end = Some((Outcome::Complete, String::new()));
    }
    walking.walk
}

struct Walking<'a, 'b> {
    who: Who<'a>,
    past: &'b Past<'b>,
    walk: Walk,
    is_stopped: bool,
}

impl<'a> Walking<'a, '_> {
    fn here(&self, step: Step) -> Here<'_> {
        Here::on(self.who, &self.walk.answers, step)
    }

    /// All turns of a loop. Gives the page after it.
    fn go_round(&mut self, first: usize) -> usize {
        let loops = &self.who.compiled.loops;
        let pages = loops
            .iter()
            .skip(first)
            .take_while(|of| **of == Some(first))
            .count();
        let here = self.here(Step {
            page: first,
            turn: 0,
        });
        let mut turns = turns(&here, first);
        for step in self.past.forced {
            if (first..first + pages).contains(&step.page) && !turns.contains(&step.turn) {
                turns.push(step.turn);
            }
        }
        for turn in turns {
            for page in first..first + pages {
                if self.is_stopped {
                    return first + pages;
                }
                self.step(Step { page, turn });
            }
        }
        first + pages
    }

    fn step(&mut self, step: Step) {
        let compiled = self.who.compiled;
        let page = compiled.page(step.page);
        let here = self.here(step).at(&page.id);
        let is_forced = self.past.forced.contains(&step);
        let is_there = here.is_in(page.section.as_deref()) && here.holds(page.when.as_ref());
        if !is_there && !is_forced {
            return;
        }
        let was_sent = self.past.sent.contains(&step);
        let mut is_seen = is_forced;
        for (index, block) in page.blocks.iter().enumerate() {
            is_seen |= self.block(step, index, block, was_sent);
            if self.is_stopped {
                return;
            }
        }
        if is_seen {
            self.walk.steps.push(step);
            if !was_sent {
                self.walk.next = Some(step);
                self.walk.ahead = compiled.survey.pages.len() - step.page;
                self.is_stopped = true;
                return;
            }
        }
        self.leave(step);
    }

    /// Takes in what the block holds. Says whether it is there to be seen.
    fn block(&mut self, step: Step, index: usize, block: &'a Block, was_sent: bool) -> bool {
        if !self.here(step).at(&block.id).is_relevant(block) {
            return false;
        }
        match block.kind.role() {
            Role::Shows => true,
            Role::Asks => {
                let here = self.here(step);
                if items(&here, block).is_none() || rows(&here, block).is_none() {
                    return false;
                }
                if was_sent {
                    self.take(step, block);
                }
                true
            }
            Role::Decided(decision) => {
                self.decide(step, index, block, decision);
                false
            }
        }
    }

    /// The answers of a block that was sent are answers of the way.
    fn take(&mut self, step: Step, block: &Block) {
        for key in self.who.compiled.keys(block) {
            let datum = self.past.answers.get(key, step.turn);
            if datum != Datum::NotAsked {
                self.walk.answers.put(key, step.turn, datum);
            }
        }
    }

    fn decide(&mut self, step: Step, index: usize, block: &'a Block, decision: Decision) {
        let kept = match decision {
            Decision::Computed => {
                let last = self.kept(step, block);
                let here = Here {
                    itself: Some(&last),
                    ..self.here(step).at(&block.id)
                };
                let value = block.calculate.as_ref().map(|formula| formula.eval(&here));
                kept_of(block, &value.unwrap_or(Value::Empty))
            }
            Decision::Given => match self.past.answers.get(&block.id, step.turn) {
                Datum::NotAsked => {
                    let here = self.here(step).at(&block.id);
                    let value = block.default.as_ref().map(|formula| formula.eval(&here));
                    kept_of(block, &value.unwrap_or(Value::Empty))
                }
                known => vec![(block.id.clone(), known)],
            },
            Decision::Drawn => self.draw(step, block),
            Decision::LeastFilled => match self.past.answers.get(&block.id, step.turn) {
                Datum::NotAsked => {
                    self.walk.asks_others = Some((step, index));
                    self.is_stopped = true;
                    return;
                }
                known => vec![(block.id.clone(), known)],
            },
            Decision::Called => match self.past.answers.get(&block.id, step.turn) {
                Datum::NotAsked => {
                    self.walk.asks_outside = Some((step, index));
                    self.is_stopped = true;
                    return;
                }
                _ => self.known(step, block),
            },
        };
        for (key, datum) in kept {
            self.walk.answers.put(&key, step.turn, datum.clone());
            self.walk.decided.push((key, step.turn, datum, step.page));
        }
    }

    /// All that was kept of a block before.
    fn known(&self, step: Step, block: &Block) -> Kept {
        let keys = self.who.compiled.keys(block).iter();
        let known = keys.map(|key| (key.clone(), self.past.answers.get(key, step.turn)));
        known
            .filter(|(_, datum)| *datum != Datum::NotAsked)
            .collect()
    }

    fn kept(&self, step: Step, block: &Block) -> Value {
        let past = self.past.answers;
        block
            .kind
            .value(block, &|key: &str| past.get(key, step.turn))
    }

    /// One of the items by chance. What was drawn once stays.
    fn draw(&self, step: Step, block: &'a Block) -> Kept {
        let known = self.past.answers.get(&block.id, step.turn);
        if known != Datum::NotAsked {
            return vec![(block.id.clone(), known)];
        }
        let here = self.here(step).at(&block.id);
        let items = items(&here, block).unwrap_or_default();
        let place = format!("{}:{}", block.id, step.turn);
        let at = Chance::of(self.who.seed, &place).below(items.len());
        #[expect(clippy::cast_precision_loss, reason = "codes are short")]
        let datum = items
            .get(at)
            .map_or(Datum::NotAnswered, |item| Datum::Number(item.code as f64));
        vec![(block.id.clone(), datum)]
    }

    fn leave(&mut self, step: Step) {
        if self
            .past
            .forced
            .iter()
            .any(|forced| forced.page > step.page)
        {
            return;
        }
        let page = self.who.compiled.page(step.page);
        let here = self.here(step);
        let out = page
            .leaves
            .iter()
            .find(|leave| here.at(&leave.id).holds(leave.when.as_ref()));
        if let Some(leave) = out {
            self.walk.end = Some((leave.outcome, leave.id.clone()));
            self.is_stopped = true;
        }
    }

    /// The quotas that are known once so many pages lie behind.
    fn quotas(&mut self, behind: usize) {
        let survey = &self.who.compiled.survey;
        let here = self.here(Step {
            page: behind.min(survey.pages.len()).saturating_sub(1),
            turn: 0,
        });
        let after = &self.who.compiled.quota_after;
        let is_known = |at: &usize| {
            after[*at] == behind || (after[*at] < behind && !self.walk.quotas.contains(at))
        };
        let found: Vec<usize> = (0..survey.quotas.len())
            .filter(is_known)
            .filter(|at| {
                here.at(&survey.quotas[*at].id)
                    .holds(survey.quotas[*at].when.as_ref())
            })
            .filter(|at| !self.walk.quotas.contains(at))
            .collect();
        self.walk.quotas.extend(found);
    }
}

/// The codes a block can give at that step, as written.
pub(super) fn codes(who: Who<'_>, whole: &Walk, step: Step, block: &Block) -> Vec<i64> {
    let here = Here::on(who, &whole.answers, step).at(&block.id);
    let items = items(&here, block).unwrap_or_default();
    items.into_iter().map(|item| item.code).collect()
}

/// The items of a block there are here, as written. `None` where it has some
/// and none is left: it is not asked then.
pub(super) fn items<'a>(here: &Here<'_>, block: &'a Block) -> Option<Vec<&'a Item>> {
    if block.items.is_empty() {
        return Some(Vec::new());
    }
    let here = here.at(&block.id);
    let items: Vec<&Item> = block
        .items
        .iter()
        .filter(|item| here.has_item(block, item))
        .collect();
    (!items.is_empty()).then_some(items)
}

/// The rows of a grid there are here, as written; `None` as for items.
pub(super) fn rows<'a>(here: &Here<'_>, block: &'a Block) -> Option<Vec<&'a Item>> {
    if block.rows.is_empty() {
        return Some(Vec::new());
    }
    let here = here.at(&block.id);
    let rows: Vec<&Item> = block
        .rows
        .iter()
        .filter(|row| here.holds(row.when.as_ref()))
        .collect();
    (!rows.is_empty()).then_some(rows)
}
