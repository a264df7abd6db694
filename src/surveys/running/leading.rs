//! The way to a page: what stands before it filled in so that it is reached, as far as that
//! is found by trying. Nothing is written here.

use super::filling::{Hints, How, With, fill};
use super::keeping::{Case, Field};
use super::others::{Others, fewest};
use super::walk::{Step, Walk};
use crate::surveys::blocks::Fault;
use crate::surveys::map::Datum;
use crate::surveys::uploads::{Upload, sample};
use crate::web::Fields;

/// Ways tried with what was given before, and ways tried all by chance.
const KEEPING: usize = 40;
const FREE: usize = 80;
/// Pages filled in for one search: a long survey is tried less often.
const PAGES: usize = 6_000;
/// Pages of one way.
const LONGEST: usize = 600;

/// How a page is reached.
#[derive(Debug)]
pub struct Lead {
    /// The page it leads to: of a loop the turn that was found.
    pub to: Step,
    /// The pages to send, in order.
    pub pages: Vec<Filled>,
    /// No way was found on which its condition holds.
    pub is_forced: bool,
    /// What had been given is given up on this way.
    pub is_anew: bool,
}

/// A page before it, as it is sent.
#[derive(Debug)]
pub struct Filled {
    pub step: Step,
    /// `None`: no answers were found that it takes. It is passed over.
    pub fields: Option<Fields>,
    /// Files that have to be there first: for which question, and under which name.
    pub files: Vec<(String, &'static str)>,
    /// The question that took none, and why.
    pub fault: Option<(String, Fault)>,
}

/// Looks for a way to that page; turn 0 of a page in a loop is any of its turns.
pub fn lead(start: &Case, field: Field<'_>, others: &Others, to: Step) -> Lead {
    let search = Search {
        field,
        others,
        hints: Hints::of(field.compiled),
        to,
    };
    let mut filled = 0;
    let tries = (0..KEEPING).map(|_| With::Given);
    let tries = tries.chain((0..FREE).map(|_| With::Chance)).enumerate();
    for (turn, with) in tries {
        if filled > PAGES {
            break;
        }
        let (pages, come) = search.attempt(start, (with, turn), false);
        filled += pages.len() + 1;
        if let Some(to) = come {
            return Lead {
                to,
                pages,
                is_forced: false,
                is_anew: with == With::Chance && !start.sent.is_empty(),
            };
        }
    }
    let mut forced = start.clone();
    let is_loop = field.compiled.loops[to.page].is_some();
    let to = Step {
        turn: if is_loop { to.turn.max(1) } else { 0 },
        ..to
    };
    forced.forced.retain(|step| *step != to);
    forced.forced.push(to);
    let search = Search { to, ..search };
    let (pages, _) = search.attempt(&forced, (With::Given, 0), true);
    Lead {
        to,
        pages,
        is_forced: true,
        is_anew: false,
    }
}

struct Search<'a> {
    field: Field<'a>,
    others: &'a Others,
    hints: Hints,
    to: Step,
}

impl Search<'_> {
    /// One way: the pages filled in, and what was come to. `is_forced`: a page that takes
    /// no answers is passed over.
    fn attempt(
        &self,
        start: &Case,
        (with, turn): (With, usize),
        is_forced: bool,
    ) -> (Vec<Filled>, Option<Step>) {
        let mut case = start.clone();
        if with == With::Chance {
            case.sent.clear();
        }
        let mut pages: Vec<Filled> = Vec::new();
        while pages.len() < LONGEST {
            let whole = decided(&mut case, self.field, self.others);
            let come = whole.steps.iter().find(|step| self.is_it(**step));
            if let Some(come) = come {
                return (pages, Some(*come));
            }
            let Some(next) = whole.next.filter(|next| next.page <= self.last_page()) else {
                break;
            };
            let page = self.filled(&mut case, &whole, next, (with, turn));
            let is_stuck = page.fields.is_none();
            if is_stuck && !is_forced {
                break;
            }
            send(&mut case, self.field, &whole, &page);
            pages.push(page);
        }
        (pages, None)
    }

    fn is_it(&self, step: Step) -> bool {
        let is_any = self.to.turn == 0;
        step.page == self.to.page && (is_any || step.turn == self.to.turn)
    }

    /// The last page of the loop it is in, or the page itself: nothing behind leads there.
    fn last_page(&self) -> usize {
        let loops = &self.field.compiled.loops;
        let own = loops.get(self.to.page).copied().flatten();
        own.and_then(|first| loops.iter().rposition(|of| *of == Some(first)))
            .unwrap_or(self.to.page)
    }

    fn filled(
        &self,
        case: &mut Case,
        whole: &Walk,
        step: Step,
        (with, turn): (With, usize),
    ) -> Filled {
        let field = self.field;
        let files = files(case, field, step);
        let before = case.walk_to(field.compiled, whole, step, field.now);
        let stand = case.stand(field.compiled, (&before, step, field.now));
        let how = How {
            with,
            place: &turn.to_string(),
            is_eager: turn % 2 == 1,
        };
        let found = fill(&stand, &self.hints, how);
        let (fields, fault) = match found {
            Ok(fields) => (Some(fields), None),
            Err(fault) => (None, Some(fault)),
        };
        let is_sent = |(block, name): &(String, &'static str)| {
            let mut sent = fields.iter().flat_map(|fields| fields.all(block));
            sent.any(|sent| sent == *name)
        };
        Filled {
            step,
            files: files.into_iter().filter(is_sent).collect(),
            fields,
            fault,
        }
    }
}

/// Puts a file beside the others for each question of the page that takes some and has none.
fn files(case: &mut Case, field: Field<'_>, step: Step) -> Vec<(String, &'static str)> {
    let mut added = Vec::new();
    for block in &field.compiled.page(step.page).blocks {
        let Some(limits) = block.kind.takes_files(block) else {
            continue;
        };
        let mut own = case.uploads.iter();
        if own.any(|file| file.block == block.id && file.turn == step.turn) {
            continue;
        }
        let (name, sort, bytes) = sample(limits.accept);
        case.uploads.push(Upload {
            id: 0,
            block: block.id.clone(),
            turn: step.turn,
            name: name.to_owned(),
            sort,
            bytes: bytes.len() as u64,
        });
        added.push((block.id.clone(), name));
    }
    added
}

/// What sending that page does to a case.
fn send(case: &mut Case, field: Field<'_>, whole: &Walk, page: &Filled) {
    if let Some(fields) = &page.fields {
        let before = case.walk_to(field.compiled, whole, page.step, field.now);
        let stand = case.stand(field.compiled, (&before, page.step, field.now));
        let heard = stand.hear(fields);
        for key in &heard.asked {
            case.kept.take(key, page.step.turn);
        }
        for (key, datum) in heard.kept {
            case.kept.put(&key, page.step.turn, datum);
        }
    }
    if !case.sent.contains(&page.step) {
        case.sent.push(page.step);
    }
}

/// The way with everything decided that nobody sees, as it is decided for a respondent.
pub(super) fn decided(case: &mut Case, field: Field<'_>, others: &Others) -> Walk {
    loop {
        let whole = case.walk(field.compiled, field.now);
        // Nobody is asked for an answer that is made up.
        if let Some(call) = case.call(field.compiled, &whole, field.now) {
            for (key, datum) in call.stand_in() {
                case.kept.put(&key, call.step.turn, datum);
            }
            continue;
        }
        let Some((step, index)) = whole.asks_others else {
            for (key, turn, datum, _) in &whole.decided {
                case.kept.put(key, *turn, datum.clone());
            }
            return whole;
        };
        let block = field.compiled.block(step.page, index);
        let codes = case.items_there(field, &whole, step, index);
        #[expect(clippy::cast_precision_loss, reason = "codes are short")]
        let datum = fewest(codes, others.given(&block.id))
            .map_or(Datum::NotAnswered, |code| Datum::Number(code as f64));
        case.kept.put(&block.id, step.turn, datum);
    }
}

#[cfg(test)]
#[path = "leading_tests.rs"]
mod tests;
