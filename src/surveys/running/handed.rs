//! The answer of a call given by hand, in a test. A test counts for nothing: it leaves no
//! line in the journal.

use std::sync::Arc;

use super::calling::kept;
use super::compiled::Compiled;
use super::exits::Exits;
use super::keeping::{Case, settle};
use super::library::{Error, Fieldwork, Surveys};
use super::trials::{Changed, Run, field, one};
use super::walk::Step;
use crate::store::{self, Transaction};
use crate::surveys::blocks::{Decision, Fault, Phrase, Role};
use crate::surveys::calls::Went;
use crate::surveys::map::Datum;

pub(super) fn is_call(compiled: &Compiled, block: &str) -> bool {
    let block = compiled.survey.block(block);
    block.is_some_and(|block| block.kind.role() == Role::Decided(Decision::Called))
}

/// Puts those values in the place of what a machine answered, or would be asked for, and
/// goes on from there.
pub(super) async fn give(
    surveys: &Surveys,
    of: &Fieldwork,
    run: &Run,
    ((step, block), values): ((Step, &str), Vec<(String, Datum)>),
) -> Result<Changed, Error> {
    let (compiled, now) = (Arc::clone(&run.compiled), run.now);
    let whole = run.case.walk(&compiled, now);
    let call = run.case.call(&compiled, &whole, now);
    let is_next = call.is_some_and(|call| call.step == step && call.block.id == block);
    if run.case.respondent.id == 0 || !(is_next || whole.answers.has(block, step.turn)) {
        return Ok(Changed::Elsewhere);
    }
    let Some(known) = compiled.survey.block(block) else {
        return Ok(Changed::Elsewhere);
    };
    let Some(plan) = known.kind.call(known) else {
        return Ok(Changed::Elsewhere);
    };
    let mut given = Vec::new();
    for take in &plan.takes {
        let key = format!("{block}_{}", take.name);
        let value = values.iter().find(|(name, _)| *name == key);
        let value = value.map_or(&Datum::NotAnswered, |(_, datum)| datum);
        let Some(datum) = take.given(value) else {
            let fault = Fault::at(&key, Phrase::new("not-met"));
            return Ok(Changed::Faults(vec![(key, fault)]));
        };
        given.push(datum);
    }
    let kept = kept(known, &plan, (Went::ByHand, given));
    let hash = run.hash.clone();
    let work = move |tx: &Transaction<'_>| {
        let exits = Exits::default();
        let field = field(&compiled, &exits, now);
        let mut case = Case::load(tx, &compiled, one(tx, &hash)?)?;
        case.put_call(tx, field, step, &kept)?;
        settle(tx, field, &mut case, None)?;
        Ok::<_, store::Error>(Changed::Done)
    };
    Ok(surveys.file(of)?.write(work).await?)
}
