//! The end of somebody's way: decided once, in the transaction of what led to it.

use super::exits::{exit_to, postback_to};
use super::keeping::{Case, Field};
use super::sql;
use crate::store::{Error, Transaction};
use crate::surveys::format::Outcome;
use crate::surveys::hooks;
use crate::surveys::personal::Spot;

/// The end, decided once: places are kept or given back, what was not on the way goes.
pub(super) fn finish(
    tx: &Transaction<'_>,
    field: Field<'_>,
    case: &Case,
    (outcome, way_out): (Outcome, &str),
) -> Result<(), Error> {
    let id = case.respondent.id;
    if outcome == Outcome::Complete {
        sql::keep_places(tx, id)?;
    } else {
        sql::release_all(tx, id)?;
    }
    let survey = &field.compiled.survey;
    if !survey.keeps_off_path {
        sql::clear_off_path(tx, id)?;
    }
    let to = exit_to(survey, field.exits, outcome, &case.entries);
    let exit = { field.compiled }.address(Spot::Exit(id), &case.entries, to)?;
    sql::finish(tx, id, (outcome, way_out), &exit, field.stamp())?;
    if survey.is_anonymous {
        // A postback would join the answers to whom it names, and a message of this moment
        // to whoever is seen to end now.
        return sql::part(tx, id);
    }
    if !case.respondent.is_test && !field.hooks.is_empty() {
        hooks::ended(tx, field.hooks, (id, outcome), field.now)?;
    }
    tell(tx, field, case, outcome)
}

/// The supplier's server is told later: nobody who answers waits for it. Of a test
/// it is told nothing.
fn tell(
    tx: &Transaction<'_>,
    field: Field<'_>,
    case: &Case,
    outcome: Outcome,
) -> Result<(), Error> {
    let of = &case.respondent;
    match postback_to(field.exits, outcome, &case.entries) {
        Some(to) if !of.is_test => {
            let spot = Spot::Postback(of.id);
            let address = { field.compiled }.address(spot, &case.entries, Some(to))?;
            let said = (outcome.name(), &address);
            sql::queue(tx, (of.id, &of.link), said, field.now)
        }
        _ => Ok(()),
    }
}
