//! Messages on their way, in the file they were written to.

use serde_json::Value;

use crate::base::Time;
use crate::store::{Error, Transaction, named_params};
use crate::surveys::hooks::model::{Event, HookId, MessageId};
use crate::surveys::keeping::Of;

/// A message that was not tried yet.
pub(in crate::surveys) struct NewMessage<'a> {
    pub(in crate::surveys) id: MessageId,
    pub(in crate::surveys) hook: HookId,
    pub(in crate::surveys) event: Event,
    pub(in crate::surveys) detail: &'a Value,
    pub(in crate::surveys) at: Time,
}

/// About the survey, in the accounts database.
pub(in crate::surveys) fn queue(
    tx: &Transaction<'_>,
    of: &Of,
    new: &NewMessage<'_>,
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into hook_message (id, workspace, survey, hook, event, detail, at, since, next)
         values (:id, :workspace, :survey, :hook, :event, :detail, :at, :at, :at)",
    )?;
    add.execute(named_params! {
        ":id": new.id, ":workspace": of.workspace, ":survey": of.survey, ":hook": new.hook,
        ":event": new.event.name(), ":detail": new.detail.to_string(), ":at": new.at.0,
    })?;
    Ok(())
}

/// About a respondent, beside what they answered.
pub(in crate::surveys) fn queue_of_respondent(
    tx: &Transaction<'_>,
    respondent: i64,
    new: &NewMessage<'_>,
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into hook_message (id, respondent, hook, event, detail, at, since, next)
         values (:id, :respondent, :hook, :event, :detail, :at, :at, :at)",
    )?;
    add.execute(named_params! {
        ":id": new.id, ":respondent": respondent, ":hook": new.hook,
        ":event": new.event.name(), ":detail": new.detail.to_string(), ":at": new.at.0,
    })?;
    Ok(())
}

/// It was tried in vain and is tried again.
pub(in crate::surveys) fn later(
    tx: &Transaction<'_>,
    id: MessageId,
    (tries, next): (i64, Time),
    fault: &str,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update hook_message set tries = :tries, next = :next, fault = :fault
         where id = :id and state = 'waiting'",
    )?
    .execute(named_params! { ":id": id, ":tries": tries, ":next": next.0, ":fault": fault })?;
    Ok(())
}

/// It is over with it: it was taken, or given up. Who was erased is forgotten when it was
/// taken; what was given up can be sent again by hand.
pub(in crate::surveys) fn over(
    tx: &Transaction<'_>,
    id: MessageId,
    (tries, fault): (i64, Option<&str>),
    now: Time,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update hook_message
         set state = case when :fault is null then 'sent' else 'failed' end, tries = :tries,
             ended = :now, fault = coalesce(:fault, ''),
             detail = case when :fault is null and event = 'response.erased' then '{}'
                           else detail end
         where id = :id and state = 'waiting'",
    )?
    .execute(named_params! { ":id": id, ":tries": tries, ":fault": fault, ":now": now.0 })?;
    Ok(())
}

/// Those that were given up or stopped wait again. Gives how many.
pub(in crate::surveys) fn again(
    tx: &Transaction<'_>,
    hook: HookId,
    now: Time,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update hook_message
         set state = 'waiting', tries = 0, since = :now, next = :now, ended = null, fault = ''
         where hook = :hook and state in ('failed', 'stopped')",
        named_params! { ":hook": hook, ":now": now.0 },
    )?)
}

/// The same for one, also if it was taken. Gives whether there is such a one here.
pub(in crate::surveys) fn again_one(
    tx: &Transaction<'_>,
    (hook, id): (HookId, MessageId),
    now: Time,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update hook_message
         set state = 'waiting', tries = 0, since = :now, next = :now, ended = null, fault = ''
         where hook = :hook and id = :id and state <> 'waiting'
           and (state <> 'sent' or event <> 'response.erased')",
        named_params! { ":hook": hook, ":id": id, ":now": now.0 },
    )?)
}

/// What waits of a webhook does not leave, for that reason.
pub(in crate::surveys) fn stop(
    tx: &Transaction<'_>,
    hook: HookId,
    (why, now): (&str, Time),
) -> Result<usize, Error> {
    Ok(tx.execute(
        "update hook_message set state = 'stopped', ended = :now, fault = :why
         where hook = :hook and state = 'waiting'",
        named_params! { ":hook": hook, ":why": why, ":now": now.0 },
    )?)
}

/// What is older than that is forgotten.
pub(in crate::surveys) fn purge(
    tx: &Transaction<'_>,
    hook: HookId,
    before: Time,
) -> Result<(), Error> {
    tx.execute(
        "delete from hook_message where hook = :hook and coalesce(ended, since) < :before",
        named_params! { ":hook": hook, ":before": before.0 },
    )?;
    Ok(())
}

/// Everything of a webhook goes.
pub(in crate::surveys) fn drop_of(tx: &Transaction<'_>, hook: HookId) -> Result<(), Error> {
    tx.execute(
        "delete from hook_message where hook = :hook",
        named_params! { ":hook": hook },
    )?;
    Ok(())
}
