//! Answers on their way into the file: one page, one transaction. A respondent's
//! own answers are data, not administration: they leave no line in the journal.

use super::answers::Answers;
use super::compiled::Compiled;
use super::exits::Exits;
use super::finishing::finish;
use super::forced::steps;
use super::others::fewest;
use super::places::reserve;
use super::scope::Who;
use super::sights::{Heard, Stand};
use super::sql::{self, FORCED, OffPath, Respondent};
use super::walk::{Past, Step, Walk, walk};
use crate::base::Time;
use crate::store::{Connection, Error, Transaction};
use crate::surveys::blocks::Fault;
use crate::surveys::format::Outcome;
use crate::surveys::hooks::Wanted;
use crate::surveys::map::Datum;
use crate::surveys::uploads::{self, Upload};
use crate::web::Fields;

/// What is known of a respondent when a request comes in.
#[derive(Clone, Debug)]
pub struct Case {
    pub respondent: Respondent,
    pub entries: Vec<(String, String)>,
    /// Of a test: the pages it was led to whatever stood against it.
    pub forced: Vec<Step>,
    /// Everything kept, on the way or not.
    pub kept: Answers,
    pub(super) off_path: OffPath,
    pub sent: Vec<Step>,
    /// What each page that was sent came with: the same once more is no other page.
    pub(super) nonces: Vec<String>,
    /// The files they sent.
    pub uploads: Vec<Upload>,
}

/// A page as a form sends it.
pub struct Sending<'a> {
    pub step: Step,
    pub nonce: &'a str,
    pub fields: &'a Fields,
    /// As the browser says, in milliseconds.
    pub spent: Option<i64>,
    /// To the page before, whatever is missing on this one.
    pub is_back: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum After {
    /// It is kept, or was before: there is another page, or the end.
    Onward,
    /// Nothing is kept: these blocks have to be put right.
    Faults(Vec<(String, Fault)>),
    /// The page is not on their way; nothing is kept.
    Stale,
}

/// What stands around every step: the definition, the link's exits, the time.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub compiled: &'a Compiled,
    /// What the link says about the end.
    pub exits: &'a Exits,
    /// Who is told when it ends.
    pub hooks: &'a [Wanted],
    pub now: Time,
}

impl Field<'_> {
    /// The moment that is kept.
    pub(super) fn stamp(&self) -> Time {
        self.compiled.stamp(self.now)
    }
}

impl Case {
    pub fn load(conn: &Connection, compiled: &Compiled, of: Respondent) -> Result<Case, Error> {
        let (mut sent, mut nonces) = (Vec::new(), Vec::new());
        for (page, turn, nonce) in sql::visits(conn, of.id)? {
            nonces.push(nonce);
            let step = compiled.page_at(&page).map(|page| Step { page, turn });
            sent.extend(step.filter(|step| !sent.contains(step)));
        }
        let vault = compiled.vault()?;
        let vault = vault.as_ref();
        let (kept, off_path) = sql::answers(conn, of.id, vault)?;
        let uploads = if compiled.takes_files {
            uploads::of_respondent(conn, of.id, vault)?
        } else {
            Vec::new()
        };
        let mut of = of;
        if let (Some(vault), Some(_), None) = (vault, of.outcome, &of.exit_to) {
            of.exit_to = sql::sealed_exit(conn, of.id, vault)?;
        }
        let mut entries = sql::entries(conn, of.id, vault)?;
        let forced = entries.extract_if(.., |(name, _)| name == FORCED);
        let forced = forced
            .flat_map(|(_, pages)| steps(&pages, compiled))
            .collect();
        Ok(Case {
            entries,
            forced,
            kept,
            off_path,
            uploads,
            sent,
            nonces,
            respondent: of,
        })
    }

    pub fn who<'a>(&'a self, compiled: &'a Compiled, now: Time) -> Who<'a> {
        Who {
            compiled,
            entries: &self.entries,
            seed: self.respondent.seed,
            lang: &self.respondent.lang,
            now: compiled.stamp(now),
        }
    }

    /// The whole way as far as it is known.
    pub fn walk(&self, compiled: &Compiled, now: Time) -> Walk {
        let past = Past {
            answers: &self.kept,
            sent: &self.sent,
            forced: &self.forced,
        };
        walk(self.who(compiled, now), &past)
    }

    /// The way up to that step and no further: what conditions on its page may see.
    pub fn walk_to(&self, compiled: &Compiled, whole: &Walk, step: Step, now: Time) -> Walk {
        let steps = whole.steps.iter();
        let before: Vec<Step> = steps.take_while(|known| **known != step).copied().collect();
        let past = Past {
            answers: &self.kept,
            sent: &before,
            forced: &self.forced,
        };
        walk(self.who(compiled, now), &past)
    }

    /// That page before them, as the way to it leaves them.
    pub fn stand<'a>(
        &'a self,
        compiled: &'a Compiled,
        (way, step, now): (&'a Walk, Step, Time),
    ) -> Stand<'a> {
        Stand {
            who: self.who(compiled, now),
            step,
            answers: &way.answers,
            kept: &self.kept,
            typed: None,
            at: "",
            uploads: &self.uploads,
        }
    }

    /// The page to show: where they are, or else the first that was not sent.
    pub fn place(&self, compiled: &Compiled, whole: &Walk) -> Option<Step> {
        let of = &self.respondent;
        let there = compiled.page_at(&of.page).map(|page| Step {
            page,
            turn: of.turn,
        });
        there
            .filter(|step| whole.steps.contains(step))
            .or(whole.next)
    }
}

/// Takes in a page. Sending it again does nothing again. Files go with what named them.
pub fn submit(
    tx: &Transaction<'_>,
    field: Field<'_>,
    respondent: Respondent,
    sending: &Sending<'_>,
) -> Result<After, Error> {
    let id = respondent.id;
    let after = take_in(tx, field, respondent, sending)?;
    if field.compiled.takes_files && matches!(after, After::Onward) {
        uploads::settle(tx, id, field.compiled.vault()?.as_ref())?;
    }
    Ok(after)
}

fn take_in(
    tx: &Transaction<'_>,
    field: Field<'_>,
    respondent: Respondent,
    sending: &Sending<'_>,
) -> Result<After, Error> {
    let id = respondent.id;
    if respondent.outcome.is_some() {
        return Ok(After::Onward);
    }
    let mut case = Case::load(tx, field.compiled, respondent)?;
    if case.nonces.iter().any(|known| known == sending.nonce) {
        return Ok(After::Onward);
    }
    let whole = case.walk(field.compiled, field.now);
    let Some(at) = whole.steps.iter().position(|step| *step == sending.step) else {
        return Ok(After::Stale);
    };
    // The way to the first page that was not sent is the way there is.
    let before = if case.sent.contains(&sending.step) {
        &case.walk_to(field.compiled, &whole, sending.step, field.now)
    } else {
        &whole
    };
    let stand = case.stand(field.compiled, (before, sending.step, field.now));
    let (heard, shown) = (stand.hear(sending.fields), stand.shown().to_string());
    if sending.is_back {
        let to = whole.steps[at.saturating_sub(1)];
        keep(tx, field, &mut case, sending.step, &heard)?;
        go_to(tx, field, id, to)?;
        return Ok(After::Onward);
    }
    if !heard.faults.is_empty() {
        return Ok(After::Faults(heard.faults));
    }
    keep(tx, field, &mut case, sending.step, &heard)?;
    let page = &field.compiled.page(sending.step.page).id;
    let is_anonymous = field.compiled.survey.is_anonymous;
    let spent = sending.spent.filter(|_| !is_anonymous);
    let visit = (sending.nonce, spent, &*shown);
    sql::add_visit(tx, id, (page, sending.step.turn), visit, field.stamp())?;
    if !case.sent.contains(&sending.step) {
        case.sent.push(sending.step);
    }
    settle(tx, field, &mut case, Some(sending.step))?;
    Ok(After::Onward)
}

/// The answers of one page, in the place of what was there.
fn keep(
    tx: &Transaction<'_>,
    field: Field<'_>,
    case: &mut Case,
    step: Step,
    heard: &Heard,
) -> Result<(), Error> {
    let id = case.respondent.id;
    let at_fault = |key: &String| {
        let blocks = heard.faults.iter().map(|(block, _)| block);
        let mut found = blocks.filter_map(|block| field.compiled.survey.block(block));
        found.any(|block| field.compiled.keys(block).contains(key))
    };
    for key in &heard.asked {
        let is_kept = heard.kept.iter().any(|(known, _)| known == key);
        if !is_kept && case.kept.has(key, step.turn) && !at_fault(key) {
            sql::delete_answer(tx, id, (key, step.turn))?;
            case.kept.take(key, step.turn);
            case.off_path.remove(&(key.clone(), step.turn));
        }
    }
    for (key, datum) in heard.kept.iter().filter(|(key, _)| !at_fault(key)) {
        if case.kept.get(key, step.turn) != *datum {
            case.put(tx, field, (key, step.turn, datum), step.page)?;
        }
    }
    Ok(())
}

fn go_to(tx: &Transaction<'_>, field: Field<'_>, id: i64, step: Step) -> Result<(), Error> {
    let page = &field.compiled.page(step.page).id;
    sql::move_to(tx, id, (page, step.turn), field.stamp())
}

/// Decides what follows: what is worked out unseen, the places in quotas, the
/// next page or the end.
pub(super) fn settle(
    tx: &Transaction<'_>,
    field: Field<'_>,
    case: &mut Case,
    after: Option<Step>,
) -> Result<(), Error> {
    let whole = allotted(tx, field, case)?;
    let id = case.respondent.id;
    for (key, turn, datum, page) in &whole.decided {
        if case.kept.get(key, *turn) != *datum {
            case.put(tx, field, (key, *turn, datum), *page)?;
        }
    }
    for (key, turn, _) in case.kept.iter() {
        let is_off = !whole.answers.has(key, turn);
        if is_off != case.off_path.contains(&(key.to_owned(), turn)) {
            sql::mark_off_path(tx, id, (key, turn), is_off)?;
        }
    }
    let is_early = whole
        .end
        .as_ref()
        .is_some_and(|(outcome, _)| *outcome != Outcome::Complete);
    if !is_early && let Some(full) = reserve(tx, field, case, &whole)? {
        return finish(tx, field, case, (Outcome::QuotaFull, &full));
    }
    let at = whole.steps.iter().position(|step| Some(*step) == after);
    let following = match at {
        Some(at) => whole.steps.get(at + 1).copied(),
        None => whole.next,
    };
    // Who waits for another machine stands at the page that needs its answer.
    let outside = whole.asks_outside.map(|(step, _)| step);
    match (following.or(outside), whole.end) {
        (Some(step), _) => go_to(tx, field, id, step),
        (None, Some((outcome, way_out))) => finish(tx, field, case, (outcome, &way_out)),
        (None, None) => Ok(()),
    }
}

/// The way, with the blocks decided that depend on what others were given.
fn allotted(tx: &Transaction<'_>, field: Field<'_>, case: &mut Case) -> Result<Walk, Error> {
    loop {
        let whole = case.walk(field.compiled, field.now);
        let Some((step, index)) = whole.asks_others else {
            return Ok(whole);
        };
        let block = field.compiled.block(step.page, index);
        let codes = case.items_there(field, &whole, step, index);
        let given = sql::allotments(tx, &block.id)?;
        let datum = match fewest(codes, &given) {
            Some(code) => {
                sql::add_allotment(tx, &block.id, case.respondent.id, code)?;
                #[expect(clippy::cast_precision_loss, reason = "codes are short")]
                Datum::Number(code as f64)
            }
            None => Datum::NotAnswered,
        };
        case.put(tx, field, (&block.id, step.turn, &datum), step.page)?;
    }
}

impl Case {
    /// An answer of that page, in the place of what was there.
    pub(super) fn put(
        &mut self,
        tx: &Transaction<'_>,
        field: Field<'_>,
        (key, turn, datum): (&str, u32, &Datum),
        page: usize,
    ) -> Result<(), Error> {
        let (id, page) = (self.respondent.id, &field.compiled.page(page).id);
        let vault = field.compiled.vault_of(key)?;
        let answer = (key, turn, datum);
        sql::put_answer(tx, id, answer, vault.as_ref(), (page, field.stamp()))?;
        self.kept.put(key, turn, datum.clone());
        self.off_path.remove(&(key.to_owned(), turn));
        Ok(())
    }

    /// The codes a block can give here; equal ones in an order of the respondent's own.
    pub(super) fn items_there(
        &self,
        field: Field<'_>,
        whole: &Walk,
        step: Step,
        index: usize,
    ) -> Vec<i64> {
        let block = field.compiled.block(step.page, index);
        let who = self.who(field.compiled, field.now);
        let codes = super::walk::codes(who, whole, step, block);
        let place = format!("{}:{}", block.id, step.turn);
        let order = super::chance::Chance::of(self.respondent.seed, &place)
            .places(codes.len(), crate::surveys::format::Order::Random);
        order.into_iter().map(|at| codes[at]).collect()
    }
}
