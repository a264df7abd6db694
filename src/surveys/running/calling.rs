//! Calls on somebody's way: what is to be asked, and what came of it, kept once. Like
//! answers, this is data: it leaves no line in the journal.

use serde_json::{Map, json};

use super::compiled::Compiled;
use super::keeping::{Case, Field, settle};
use super::scope::Here;
use super::sights::json as as_json;
use super::sql::{self, Respondent};
use super::walk::{Step, Walk};
use crate::base::Time;
use crate::base::text::shorten;
use crate::expr::{Expr, Scope};
use crate::store::{Error, Transaction};
use crate::surveys::blocks::Kept;
use crate::surveys::calls::{self, Plan, Went};
use crate::surveys::format::Block;
use crate::surveys::map::Datum;

/// Letters of an address that is told.
const LETTERS: usize = 200;

/// A call that stands between somebody and their next page.
pub(super) struct Call<'a> {
    pub(super) step: Step,
    pub(super) block: &'a Block,
    pub(super) plan: Plan,
    /// `None`: what they answered makes no address.
    pub(super) url: Option<String>,
    /// What is sent by POST.
    pub(super) json: Option<String>,
}

impl Case {
    /// The call at which that way stops, if it stops at one.
    pub(super) fn call<'a>(
        &self,
        compiled: &'a Compiled,
        whole: &Walk,
        now: Time,
    ) -> Option<Call<'a>> {
        let (step, index) = whole.asks_outside?;
        let block = compiled.block(step.page, index);
        let plan = block.kind.call(block)?;
        let here = Here::on(self.who(compiled, now), &whole.answers, step).at(&block.id);
        Some(Call {
            step,
            block,
            url: address(&plan, &here),
            json: plan.is_post.then(|| body(&plan.send, &here)),
            plan,
        })
    }

    /// Keeps what a call came to.
    pub(super) fn put_call(
        &mut self,
        tx: &Transaction<'_>,
        field: Field<'_>,
        step: Step,
        kept: &Kept,
    ) -> Result<(), Error> {
        for (key, datum) in kept {
            self.put(tx, field, (key, step.turn, datum), step.page)?;
        }
        Ok(())
    }
}

impl Call<'_> {
    /// What is kept of it: how it went, and its values or what stands in for them.
    pub(super) fn kept(&self, came: &Result<Vec<Datum>, Went>) -> Kept {
        match came {
            Ok(values) => kept(self.block, &self.plan, (Went::Answered, values.clone())),
            Err(went) => kept(self.block, &self.plan, (*went, otherwise(&self.plan))),
        }
    }

    /// The same where nobody is asked.
    pub(super) fn stand_in(&self) -> Kept {
        self.kept(&Err(Went::Skipped))
    }
}

fn otherwise(plan: &Plan) -> Vec<Datum> {
    let takes = plan.takes.iter();
    takes.map(|take| take.otherwise.clone()).collect()
}

pub(super) fn kept(block: &Block, plan: &Plan, (went, values): (Went, Vec<Datum>)) -> Kept {
    let how = (block.id.clone(), Datum::Text(went.name().to_owned()));
    let names = plan.takes.iter();
    let keys = names.map(|take| format!("{}_{}", block.id, take.name));
    std::iter::once(how).chain(keys.zip(values)).collect()
}

fn address(plan: &Plan, here: &Here<'_>) -> Option<String> {
    plan.address.with(|name| here.value(name).text())
}

/// JSON with each value at its place.
fn body(send: &[(String, Expr)], here: &Here<'_>) -> String {
    let mut whole = json!({});
    for (name, expr) in send {
        let mut at = &mut whole;
        for part in name.split('/') {
            if !at.is_object() {
                *at = Map::new().into();
            }
            at = &mut at[part];
        }
        *at = as_json(&expr.eval(here));
    }
    whole.to_string()
}

/// Keeps what came of a call, if nobody was first, and goes on from there. What keeps people
/// waiting is counted and not kept: they are asked to try again.
pub(super) fn keep_call(
    tx: &Transaction<'_>,
    field: Field<'_>,
    of: Respondent,
    (step, block): (Step, &str),
    answer: &Result<Vec<Datum>, Went>,
) -> Result<(), Error> {
    let went = answer.as_ref().err().copied().unwrap_or(Went::Answered);
    if !of.is_test {
        calls::sql::count(tx, (block, went), field.now)?;
    }
    if of.outcome.is_some() {
        return Ok(());
    }
    let mut case = Case::load(tx, field.compiled, of)?;
    let whole = case.walk(field.compiled, field.now);
    let call = case.call(field.compiled, &whole, field.now);
    let call = call.filter(|call| call.step == step && call.block.id == block);
    let Some(call) = call.filter(|call| !(went.is_failure() && call.plan.stops)) else {
        return Ok(());
    };
    case.put_call(tx, field, step, &call.kept(answer))?;
    settle(tx, field, &mut case, None)
}

/// Goes past every call that is next, as if each had answered what stands in. For tests, and
/// for people who are made up.
pub fn stand_in(tx: &Transaction<'_>, field: Field<'_>, hash: &[u8]) -> Result<(), Error> {
    let of = sql::by_token(tx, hash)?.filter(|of| of.outcome.is_none());
    let Some(of) = of.filter(|_| field.compiled.asks_outside) else {
        return Ok(());
    };
    let mut case = Case::load(tx, field.compiled, of)?;
    let mut is_changed = false;
    loop {
        let whole = case.walk(field.compiled, field.now);
        let Some(call) = case.call(field.compiled, &whole, field.now) else {
            break;
        };
        case.put_call(tx, field, call.step, &call.stand_in())?;
        is_changed = true;
    }
    if is_changed {
        settle(tx, field, &mut case, None)?;
    }
    Ok(())
}

/// The call that is next: its block, and who is asked.
pub fn next_call(case: &Case, compiled: &Compiled, now: Time) -> Option<String> {
    let whole = case.walk(compiled, now);
    let call = case.call(compiled, &whole, now)?;
    let url = call.url.as_deref();
    let url = url.unwrap_or_else(|| call.plan.address.machine());
    let (id, method) = (&call.block.id, call.plan.method());
    Some(format!("{id} {method} {}", shorten(url, LETTERS)))
}

/// A call as the test runner tells it: who is asked, how it went, and what came.
pub(super) fn told(here: &Here<'_>, block: &Block) -> String {
    let Some(plan) = block.kind.call(block) else {
        return String::new();
    };
    let url = address(&plan, here);
    let url = url.unwrap_or_else(|| format!("{} (no address)", plan.address.machine()));
    let mut told = format!("{} {}", plan.method(), shorten(&url, LETTERS));
    if let Datum::Text(went) = here.answers.get(&block.id, here.turn)
        && let Some(went) = Went::named(&went)
    {
        told = format!("{told} – {}", went.words());
    }
    for take in &plan.takes {
        let key = format!("{}_{}", block.id, take.name);
        let value = match here.answers.get(&key, here.turn) {
            Datum::Number(number) => number.to_string(),
            Datum::Text(text) => text,
            Datum::NotAnswered => "empty".to_owned(),
            Datum::NotAsked => continue,
        };
        told = format!("{told}; {} is {}", take.name, shorten(&value, LETTERS));
    }
    told
}
