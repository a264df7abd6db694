//! What waits and what became of messages, in the file they were written to.

use std::collections::BTreeMap;

use serde_json::json;

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Row, SqlResult, named_params};
use crate::surveys::hooks::model::{HookId, Message, MessageId, MessageState};

fn read(row: &Row<'_>) -> SqlResult<Message> {
    let state: String = row.get("state")?;
    Ok(Message {
        id: row.get("id")?,
        hook: row.get("hook")?,
        event: row.get("event")?,
        detail: row.get("detail")?,
        state: MessageState::named(&state),
        tries: row.get("tries")?,
        at: Time(row.get("at")?),
        since: Time(row.get("since")?),
        next: Time(row.get("next")?),
        ended: row.get::<_, Option<i64>>("ended")?.map(Time),
        fault: row.get("fault")?,
    })
}

/// What is due of a webhook, in the order it happened.
pub(in crate::surveys) fn due(
    conn: &Connection,
    (hook, now): (HookId, Time),
    most: u32,
) -> Result<Vec<Message>, Error> {
    let mut list = conn.prepare_cached(
        "select id, hook, event, detail, state, tries, at, since, next, ended, fault
         from hook_message
         where hook = :hook and state = 'waiting' and next <= :now
         order by at, id limit :most",
    )?;
    let values = named_params! { ":hook": hook, ":now": now.0, ":most": most };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Does it wait yet? Its respondent may have gone, or somebody stopped it.
pub(in crate::surveys) fn is_waiting(conn: &Connection, id: MessageId) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from hook_message where id = :id and state = 'waiting')",
    )?;
    Ok(ask.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// When something of a webhook is due next.
pub(in crate::surveys) fn next(conn: &Connection, hook: HookId) -> Result<Option<Time>, Error> {
    let mut find = conn.prepare_cached(
        "select min(next) from hook_message where hook = :hook and state = 'waiting'",
    )?;
    let next = find.query_row(named_params! { ":hook": hook }, |row| {
        row.get::<_, Option<i64>>(0)
    })?;
    Ok(next.map(Time))
}

/// The webhooks of which something is due.
pub(in crate::surveys) fn waiting_hooks(
    conn: &Connection,
    now: Time,
) -> Result<Vec<HookId>, Error> {
    let mut list = conn.prepare_cached(
        "select distinct hook from hook_message where state = 'waiting' and next <= :now",
    )?;
    let found = list.query_map(named_params! { ":now": now.0 }, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Is something of it older than that?
pub(in crate::surveys) fn with_old(
    conn: &Connection,
    hook: HookId,
    before: Time,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from hook_message
                        where hook = :hook and coalesce(ended, since) < :before)",
    )?;
    let values = named_params! { ":hook": hook, ":before": before.0 };
    Ok(ask.query_row(values, |row| row.get(0))?)
}

/// Messages of these webhooks, the newest first.
pub(in crate::surveys) fn log(
    conn: &Connection,
    hooks: &[HookId],
    most: u32,
) -> Result<Vec<Message>, Error> {
    let mut list = conn.prepare_cached(
        "select id, hook, event, detail, state, tries, at, since, next, ended, fault
         from hook_message
         where hook in (select value from json_each(:hooks))
         order by at desc, id desc limit :most",
    )?;
    let values = named_params! { ":hooks": written(hooks), ":most": most };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

fn written(hooks: &[HookId]) -> String {
    let ids: Vec<String> = hooks.iter().map(ToString::to_string).collect();
    json!(ids).to_string()
}

/// How it stands with the messages of a webhook.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::surveys) struct Counts {
    pub(in crate::surveys) waiting: u64,
    pub(in crate::surveys) given_up: u64,
    pub(in crate::surveys) last: Option<Time>,
}

impl Counts {
    /// Both files together.
    pub(in crate::surveys) fn with(self, other: Counts) -> Counts {
        Counts {
            waiting: self.waiting + other.waiting,
            given_up: self.given_up + other.given_up,
            last: self.last.max(other.last),
        }
    }
}

pub(in crate::surveys) fn counts(
    conn: &Connection,
    hooks: &[HookId],
) -> Result<BTreeMap<HookId, Counts>, Error> {
    let mut list = conn.prepare_cached(
        "select hook, sum(state = 'waiting') as waiting,
                sum(state in ('failed', 'stopped')) as given_up,
                max(case when state = 'sent' then ended end) as last
         from hook_message where hook in (select value from json_each(:hooks)) group by hook",
    )?;
    let found = list.query_map(named_params! { ":hooks": written(hooks) }, |row| {
        let counts = Counts {
            waiting: row.get("waiting")?,
            given_up: row.get("given_up")?,
            last: row.get::<_, Option<i64>>("last")?.map(Time),
        };
        Ok((row.get("hook")?, counts))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// What is said of a respondent besides what they answered.
pub(in crate::surveys) struct Facts {
    pub(in crate::surveys) outcome: String,
    pub(in crate::surveys) version: i64,
    pub(in crate::surveys) lang: String,
    pub(in crate::surveys) started: Time,
    pub(in crate::surveys) ended: Option<Time>,
}

pub(in crate::surveys) fn facts(
    conn: &Connection,
    respondent: i64,
) -> Result<Option<Facts>, Error> {
    let mut find = conn.prepare_cached(
        "select outcome, version, lang, started, ended from respondent
         where id = :id and outcome is not null",
    )?;
    let found = find.query_row(named_params! { ":id": respondent }, |row| {
        Ok(Facts {
            outcome: row.get("outcome")?,
            version: row.get("version")?,
            lang: row.get("lang")?,
            started: Time(row.get("started")?),
            ended: row.get::<_, Option<i64>>("ended")?.map(Time),
        })
    });
    Ok(found.optional()?)
}
