//! What became of every page and question on one respondent's way, and why. It is worked
//! out from the walk and looks at nothing else.

use super::keeping::Case;
use super::others::Others;
use super::scope::Here;
use super::told::{Because, Sort};
use super::traced::{AskTrace, Fate, LeaveTrace, PageTrace, QuotaTrace, Trace};
use super::turns;
use super::walk::{Step, Walk, items, rows};
use super::{Compiled, calling, told};
use crate::base::Time;
use crate::expr::Expr;
use crate::surveys::blocks::{self, Decision, Role};
use crate::surveys::format::{Block, Order, Over, Page};

/// What became of everything.
pub fn trace(case: &Case, compiled: &Compiled, others: &Others, now: Time) -> Trace {
    let whole = case.walk(compiled, now);
    let is_left = whole.end.as_ref().is_some_and(|(_, way)| !way.is_empty());
    let tracing = Tracing {
        case,
        compiled,
        others,
        now,
        left: whole.steps.last().copied().filter(|_| is_left),
        whole: &whole,
    };
    let mut pages = Vec::new();
    let mut page = 0;
    while page < compiled.survey.pages.len() {
        page = tracing.pages_from(page, &mut pages);
    }
    Trace {
        quotas: tracing.quotas(),
        pages,
        end: case
            .respondent
            .outcome
            .map(|outcome| (outcome, case.respondent.way_out.clone())),
    }
}

struct Tracing<'a> {
    case: &'a Case,
    compiled: &'a Compiled,
    others: &'a Others,
    now: Time,
    /// The page whose way out was taken.
    left: Option<Step>,
    whole: &'a Walk,
}

impl Tracing<'_> {
    fn here<'b>(&'b self, step: Step, place: &'b str) -> Here<'b> {
        let who = self.case.who(self.compiled, self.now);
        Here::on(who, &self.whole.answers, step).at(place)
    }

    /// A page, or all turns of a loop. Gives the page after.
    fn pages_from(&self, page: usize, pages: &mut Vec<PageTrace>) -> usize {
        let loops = &self.compiled.loops;
        let Some(first) = loops[page] else {
            pages.push(self.page(Step { page, turn: 0 }));
            return page + 1;
        };
        let after = loops
            .iter()
            .rposition(|of| *of == Some(first))
            .unwrap_or(page)
            + 1;
        let outside = self.here(
            Step {
                page: first,
                turn: 0,
            },
            "",
        );
        let turns = self.turns(&outside, first);
        for turn in &turns {
            for page in first..after {
                pages.push(self.page(Step { page, turn: *turn }));
            }
        }
        if turns.is_empty() {
            for page in first..after {
                pages.push(self.page(Step { page, turn: 0 }));
            }
        }
        after
    }

    fn fate(&self, step: Step) -> Fate {
        let whole = self.whole;
        let outside = whole.asks_outside.map(|(step, _)| step);
        if outside == Some(step) {
            return Fate::Here;
        }
        if whole.steps.contains(&step) {
            return if whole.next == Some(step) {
                Fate::Here
            } else {
                Fate::Sent
            };
        }
        match (whole.next.or(outside), self.left) {
            (Some(next), _) if self.is_behind(step, next) => Fate::Ahead,
            (None, Some(left)) if self.is_behind(step, left) => Fate::Never,
            _ => Fate::Skipped,
        }
    }

    /// Does it come after that one? In a loop turns come before pages.
    fn is_behind(&self, step: Step, other: Step) -> bool {
        let loops = &self.compiled.loops;
        match loops[other.page] {
            Some(first) if loops[step.page] == Some(first) => {
                let outside = self.here(
                    Step {
                        page: first,
                        turn: 0,
                    },
                    "",
                );
                let turns = self.turns(&outside, first);
                let place = |turn| turns.iter().position(|known| *known == turn);
                (place(step.turn), step.page) > (place(other.turn), other.page)
            }
            _ => step.page > other.page,
        }
    }

    /// The turns of a loop, and those a test was led to besides.
    fn turns(&self, outside: &Here<'_>, first: usize) -> Vec<u32> {
        let mut turns = turns::turns(outside, first);
        let loops = &self.compiled.loops;
        for step in &self.case.forced {
            if loops[step.page] == Some(first) && !turns.contains(&step.turn) {
                turns.push(step.turn);
            }
        }
        turns
    }

    fn page(&self, step: Step) -> PageTrace {
        let page = &self.compiled.survey.pages[step.page];
        let lang = &*self.case.respondent.lang;
        let here = self.here(step, &page.id);
        let fate = self.fate(step);
        let mut because = told::against_section(&here, page.section.as_deref());
        because.extend(told::against(
            &here,
            Sort::Page,
            &page.id,
            page.when.as_ref(),
        ));
        let is_asked = matches!(fate, Fate::Sent | Fate::Here);
        PageTrace {
            step,
            id: page.id.clone(),
            title: blocks::plain(page.title.text(lang), &|name: &str| here.read_out(name)),
            about: self.about(page, step),
            is_forced: self.case.forced.contains(&step),
            because,
            order: self.order(page, step),
            asks: { page.blocks.iter() }
                .map(|block| self.ask(block, step, fate))
                .collect(),
            leaves: if is_asked && fate == Fate::Sent {
                self.leaves(page, step)
            } else {
                Vec::new()
            },
            fate,
        }
    }

    /// What the turn is about; or why there is none.
    fn about(&self, page: &Page, step: Step) -> String {
        let Some(repeat) = &page.repeat else {
            return String::new();
        };
        let here = self.here(step, "");
        if step.turn > 0 {
            let item = turns::item(&here, step.page, step.turn);
            let text = item.map(|item| item.text.text(&self.case.respondent.lang));
            let text = text.map(|text| blocks::plain(text, &|name: &str| here.read_out(name)));
            return match text {
                Some(text) => format!("turn {}: {text}", step.turn),
                None => format!("turn {}", step.turn),
            };
        }
        match &repeat.over {
            Over::List(list) => format!("no turn: no item of {list} is there"),
            Over::Chosen(name) => format!("no turn: nothing is chosen in {name}"),
            Over::Times(times) => format!("no turn: {} is none", told::with_values(&here, times)),
        }
    }

    fn order(&self, page: &Page, step: Step) -> Vec<String> {
        if page.order == Order::Written || page.blocks.len() < 2 {
            return Vec::new();
        }
        let stand = { self.case }.stand(self.compiled, (self.whole, step, self.now));
        stand
            .blocks()
            .iter()
            .map(|block| block.id.clone())
            .collect()
    }

    fn ask(&self, block: &Block, step: Step, page: Fate) -> AskTrace {
        let here = self.here(step, &block.id);
        let lang = &*self.case.respondent.lang;
        let mut because = told::against_section(&here, block.section.as_deref());
        because.extend(told::against(
            &here,
            Sort::Question,
            &block.id,
            block.when.as_ref(),
        ));
        if because.is_empty() && items(&here, block).is_none() {
            because.push(Because::nothing_left(
                &block.id,
                "no item is left to choose from",
            ));
        } else if because.is_empty() && rows(&here, block).is_none() {
            because.push(Because::nothing_left(&block.id, "no row is left"));
        }
        let is_decided = matches!(block.kind.role(), Role::Decided(_));
        let was_decided = is_decided
            && self
                .compiled
                .keys(block)
                .iter()
                .any(|key| self.whole.answers.has(key, step.turn));
        let outside = self.whole.asks_outside.filter(|(at, _)| *at == step);
        let outside = outside.map(|(at, index)| &self.compiled.block(at.page, index).id);
        let fate = match page {
            _ if was_decided => Fate::Sent,
            Fate::Sent | Fate::Here if !because.is_empty() => Fate::Skipped,
            // A machine is asked before anything of the page is.
            Fate::Here if outside.is_some_and(|id| *id != block.id) => Fate::Ahead,
            other => other,
        };
        let is_there = matches!(fate, Fate::Sent | Fate::Here);
        AskTrace {
            id: block.id.clone(),
            kind: block.kind.name(),
            text: blocks::plain(block.text.text(lang), &|name: &str| here.read_out(name)),
            role: block.kind.role(),
            takes_files: block.kind.takes_files(block).is_some(),
            answer: told::answer(&here, block),
            how: if was_decided || outside == Some(&block.id) {
                self.how(block, step)
            } else {
                String::new()
            },
            because,
            order: if is_there && !is_decided {
                self.items_order(block, step)
            } else {
                Vec::new()
            },
            fate,
        }
    }

    fn items_order(&self, block: &Block, step: Step) -> Vec<String> {
        if block.order == Order::Written {
            return Vec::new();
        }
        let stand = { self.case }.stand(self.compiled, (self.whole, step, self.now));
        let lang = &*self.case.respondent.lang;
        let shown = stand.sight(&self.whole.answers, (block, None), |sight| {
            let of = if sight.rows.is_empty() {
                &sight.items
            } else {
                &sight.rows
            };
            let texts = of.iter().map(|item| item.text.text(lang));
            texts
                .map(|text| blocks::plain(text, &|_: &str| String::new()))
                .collect()
        });
        shown.unwrap_or_default()
    }

    /// How a value came about that nobody gave.
    fn how(&self, block: &Block, step: Step) -> String {
        let here = self.here(step, &block.id);
        let formula = |written: Option<&Expr>| {
            written.map_or_else(String::new, |one| told::with_values(&here, one))
        };
        match block.kind.role() {
            Role::Decided(Decision::Computed) => formula(block.calculate.as_ref()),
            Role::Decided(Decision::Given) => formula(block.default.as_ref()),
            Role::Decided(Decision::Drawn) => "by chance, made of the seed".to_owned(),
            Role::Decided(Decision::LeastFilled) => {
                let given = self.others.given(&block.id);
                let each = block.items.iter().map(|item| {
                    let known = given.iter().find(|(code, _)| *code == item.code);
                    let text = item.text.text(&self.case.respondent.lang);
                    format!("{text} {}", known.map_or(0, |(_, count)| *count))
                });
                let each: Vec<String> = each.collect();
                format!("fewest were given it, tests aside: {}", each.join(", "))
            }
            Role::Decided(Decision::Called) => calling::told(&here, block),
            Role::Shows | Role::Asks => String::new(),
        }
    }

    fn leaves(&self, page: &Page, step: Step) -> Vec<LeaveTrace> {
        let taken = self.whole.end.as_ref().map(|(_, way)| way.as_str());
        let is_last = self.whole.steps.last() == Some(&step);
        let is_before = self
            .case
            .forced
            .iter()
            .any(|forced| forced.page > step.page);
        let leave = |leave: &crate::surveys::format::Leave| {
            let here = self.here(step, &leave.id);
            let because = told::because(&here, Sort::Leave, &leave.id, leave.when.as_ref());
            LeaveTrace {
                outcome: leave.outcome,
                is_taken: is_last && taken == Some(leave.id.as_str()),
                is_passed: is_before && because.holds,
                because,
            }
        };
        page.leaves.iter().map(leave).collect()
    }

    fn quotas(&self) -> Vec<QuotaTrace> {
        let survey = &self.compiled.survey;
        let lang = &*self.case.respondent.lang;
        let here = self.here(Step { page: 0, turn: 0 }, "");
        let is_through = self.whole.end.is_some();
        let quota = |(at, quota): (usize, &crate::surveys::format::Quota)| {
            let is_in = self.whole.quotas.contains(&at);
            let is_known = is_through
                || (self.whole.next).is_some_and(|next| self.compiled.quota_after[at] <= next.page);
            let why = told::because(
                &here.at(&quota.id),
                Sort::Quota,
                &quota.id,
                quota.when.as_ref(),
            );
            QuotaTrace {
                name: match quota.title.text(lang) {
                    "" => quota.id.clone(),
                    title => title.to_owned(),
                },
                counts: (is_in || is_known).then_some(is_in),
                taken: self.others.taken.get(at).copied().unwrap_or_default(),
                target: quota.target,
                because: quota.when.is_some().then_some(why).into_iter().collect(),
            }
        };
        survey.quotas.iter().enumerate().map(quota).collect()
    }
}
