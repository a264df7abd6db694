//! Webhooks of surveys.

use serde_json::json;

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::surveys::hooks::model::{Event, Hook, HookId, NewHook};
use crate::surveys::hooks::sealing::Sealed;
use crate::surveys::keeping::Of;

/// Every column of those that the rest of the statement means.
macro_rules! hooks {
    ($which:literal) => {
        concat!(
            "select hook.workspace, hook.survey, hook.id, hook.name, hook.address, hook.events,
                    hook.has_answers, hook.is_on, hook.why, hook.ca, hook.secret,
                    hook.old_secret, hook.old_until, hook.made, hook.made_by
             from survey_hook as hook ",
            $which
        )
    };
}

fn read(row: &Row<'_>) -> SqlResult<Hook> {
    let events: String = row.get("events")?;
    let events: Vec<String> = serde_json::from_str(&events).unwrap_or_default();
    let before: Option<Vec<u8>> = row.get("old_secret")?;
    let until: Option<i64> = row.get("old_until")?;
    Ok(Hook {
        of: Of {
            workspace: row.get("workspace")?,
            survey: row.get("survey")?,
        },
        id: row.get("id")?,
        name: row.get("name")?,
        address: row.get("address")?,
        events: { events.iter() }
            .filter_map(|name| Event::named(name))
            .collect(),
        has_answers: row.get("has_answers")?,
        is_on: row.get("is_on")?,
        why: row.get("why")?,
        ca: row.get("ca")?,
        sealed: Sealed {
            now: row.get("secret")?,
            before: before.zip(until.map(Time)),
        },
        made: Time(row.get("made")?),
        by: row.get("made_by")?,
    })
}

/// The webhooks of a survey, oldest first.
pub(in crate::surveys) fn hooks(conn: &Connection, of: &Of) -> Result<Vec<Hook>, Error> {
    let mut list = conn.prepare_cached(hooks!(
        "where workspace = :workspace and survey = :survey order by id"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys) fn hook(
    conn: &Connection,
    of: &Of,
    id: HookId,
) -> Result<Option<Hook>, Error> {
    let mut find = conn.prepare_cached(hooks!(
        "where workspace = :workspace and survey = :survey and id = :id"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id };
    Ok(find.query_row(values, read).optional()?)
}

/// Every webhook of workspaces that are not closed.
pub(in crate::surveys) fn all(conn: &Connection) -> Result<Vec<Hook>, Error> {
    let mut list = conn.prepare_cached(hooks!(
        "join workspace on workspace.id = hook.workspace
              where workspace.closed is null order by hook.workspace, hook.survey, hook.id"
    ))?;
    let found = list.query_map(named_params! {}, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// How many a survey has.
pub(in crate::surveys) fn count(conn: &Connection, of: &Of) -> Result<u64, Error> {
    let mut count = conn.prepare_cached(
        "select count(*) from survey_hook where workspace = :workspace and survey = :survey",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    Ok(count.query_row(values, |row| row.get(0))?)
}

/// As the database keeps the events of a webhook.
pub(in crate::surveys) fn names_of(events: &[Event]) -> serde_json::Value {
    let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
    json!(names)
}

pub(in crate::surveys) fn insert(tx: &Transaction<'_>, new: &Hook) -> Result<(), Error> {
    tx.execute(
        "insert into survey_hook (workspace, survey, id, name, address, events, has_answers,
                                  is_on, ca, secret, made, made_by)
         values (:workspace, :survey, :id, :name, :address, :events, :has_answers, :is_on, :ca,
                 :secret, :made, :by)",
        named_params! {
            ":workspace": new.of.workspace, ":survey": new.of.survey, ":id": new.id,
            ":name": new.name, ":address": new.address,
            ":events": names_of(&new.events).to_string(), ":has_answers": new.has_answers,
            ":is_on": new.is_on, ":ca": new.ca, ":secret": new.sealed.now, ":made": new.made.0,
            ":by": new.by,
        },
    )?;
    Ok(())
}

/// What its form says from now on.
pub(in crate::surveys) fn change(
    tx: &Transaction<'_>,
    (of, id): (&Of, HookId),
    new: &NewHook,
) -> Result<(), Error> {
    tx.execute(
        "update survey_hook
         set name = :name, address = :address, events = :events, has_answers = :has_answers,
             why = case when :is_on then '' else why end, is_on = :is_on, ca = :ca
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":name": new.name,
            ":address": new.address, ":events": names_of(&new.events).to_string(),
            ":has_answers": new.has_answers, ":is_on": new.is_on, ":ca": new.ca,
        },
    )?;
    Ok(())
}

/// Another secret; the one before signs beside it until then.
pub(in crate::surveys) fn renew(
    tx: &Transaction<'_>,
    (of, id): (&Of, HookId),
    secret: &[u8],
    until: Time,
) -> Result<(), Error> {
    tx.execute(
        "update survey_hook
         set old_secret = secret, old_until = :until, secret = :secret
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":secret": secret,
            ":until": until.0,
        },
    )?;
    Ok(())
}

/// Forgets secrets whose time is over.
pub(in crate::surveys) fn forget_old(tx: &Transaction<'_>, now: Time) -> Result<(), Error> {
    tx.execute(
        "update survey_hook set old_secret = null, old_until = null where old_until <= :now",
        named_params! { ":now": now.0 },
    )?;
    Ok(())
}

/// Tells it nothing more, for that reason. Was it on?
pub(in crate::surveys) fn turn_off(
    tx: &Transaction<'_>,
    (of, id): (&Of, HookId),
    why: &str,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update survey_hook set is_on = 0, why = :why
         where workspace = :workspace and survey = :survey and id = :id and is_on = 1",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":why": why,
        },
    )?;
    Ok(changed == 1)
}

/// Takes it out, with its messages in this file.
pub(in crate::surveys) fn remove(
    tx: &Transaction<'_>,
    (of, id): (&Of, HookId),
) -> Result<(), Error> {
    tx.execute(
        "delete from survey_hook
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id },
    )?;
    Ok(())
}
