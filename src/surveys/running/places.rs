//! Places in quotas: held for who is on their way, given back when nothing is heard.

use super::keeping::{Case, Field};
use super::sql;
use super::walk::Walk;
use crate::base::Time;
use crate::store::{Error, Transaction};

/// How long a place in a quota is held for somebody who is not heard of.
const HELD: i64 = 30 * Time::MINUTE;
/// It is held anew when less than this is left: not with every page.
const STILL_LONG: i64 = 29 * Time::MINUTE;

/// Holds a place in every quota that counts them, or none: the id of the first
/// that is full. A test takes nobody's place.
pub(super) fn reserve(
    tx: &Transaction<'_>,
    field: Field<'_>,
    case: &Case,
    whole: &Walk,
) -> Result<Option<String>, Error> {
    if case.respondent.is_test {
        return Ok(None);
    }
    let id = case.respondent.id;
    let quotas = &field.compiled.survey.quotas;
    let wanted = || whole.quotas.iter().map(|at| &quotas[*at]);
    let mut places = sql::places_of(tx, id)?;
    if wanted().any(|quota| own(&places, &quota.id).is_none()) {
        sql::forget_late(tx, field.now)?;
        places = sql::places_of(tx, id)?;
    }
    let own = |quota: &str| own(&places, quota);
    for quota in wanted() {
        // Whoever has a place keeps it.
        if own(&quota.id).is_none() && sql::taken(tx, &quota.id)? >= quota.target {
            return Ok(Some(quota.id.clone()));
        }
    }
    for (held, _) in &places {
        if wanted().all(|quota| quota.id != *held) {
            sql::release(tx, held, id)?;
        }
    }
    for quota in wanted() {
        if own(&quota.id).is_none_or(|until| until < field.now.plus(STILL_LONG)) {
            sql::hold(tx, &quota.id, id, field.now.plus(HELD))?;
        }
    }
    Ok(None)
}

/// Until when they have a place in that quota.
fn own(places: &[(String, Option<Time>)], quota: &str) -> Option<Time> {
    let own = places.iter().find(|(known, _)| known == quota);
    own.map(|(_, until)| until.unwrap_or(Time(i64::MAX)))
}
