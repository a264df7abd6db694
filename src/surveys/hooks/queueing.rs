//! Messages written down, by the transaction that does what they tell of.

use serde_json::{Value, json};

use super::model::{Event, HookId, MessageId, Wanted};
use super::sql;
use crate::base::Time;
use crate::store::{Error, Transaction};
use crate::surveys::format::Outcome;
use crate::surveys::keeping::Of;

/// Respondents whom one message names at the most.
const NAMED: usize = 500;

/// It ended for a respondent: in the file of the answers.
pub(in crate::surveys) fn ended(
    tx: &Transaction<'_>,
    hooks: &[Wanted],
    (respondent, outcome): (i64, Outcome),
    now: Time,
) -> Result<(), Error> {
    let event = Event::Ended(outcome);
    for wanted in hooks.iter().filter(|one| one.events.contains(&event)) {
        let Some(hook) = HookId::parse(&wanted.hook) else {
            continue;
        };
        let message = sql::NewMessage {
            id: MessageId::new(now),
            hook,
            event,
            detail: &json!({ "respondent": respondent }),
            at: now,
        };
        sql::queue_of_respondent(tx, respondent, &message)?;
    }
    Ok(())
}

/// Something happened to the survey, or to a respondent who is on the way out: in the
/// accounts database.
pub(in crate::surveys) fn happened(
    tx: &Transaction<'_>,
    of: &Of,
    event: Event,
    detail: &Value,
    now: Time,
) -> Result<(), Error> {
    for hook in sql::hooks(tx, of)? {
        if !hook.is_on || !hook.wants(event) {
            continue;
        }
        let message = sql::NewMessage {
            id: MessageId::new(now),
            hook: hook.id,
            event,
            detail,
            at: now,
        };
        sql::queue(tx, of, &message)?;
    }
    Ok(())
}

/// Respondents are erased, for that reason. In the accounts database, where it is recorded:
/// what waits about them goes with them.
pub(in crate::surveys) fn erased(
    tx: &Transaction<'_>,
    of: &Of,
    (respondents, how): (&[i64], &str),
    now: Time,
) -> Result<(), Error> {
    for some in respondents.chunks(NAMED) {
        let detail = json!({ "respondents": some, "how": how });
        happened(tx, of, Event::Erased, &detail, now)?;
    }
    Ok(())
}

/// All respondents of a survey are, and their file with them.
pub(in crate::surveys) fn erased_all(
    tx: &Transaction<'_>,
    of: &Of,
    how: &str,
    now: Time,
) -> Result<(), Error> {
    let detail = json!({ "respondents": [], "all": true, "how": how });
    happened(tx, of, Event::Erased, &detail, now)
}
