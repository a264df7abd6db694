//! The log of who got what: a line is made when somebody or a schedule asks, and stays.

use super::settings::parsed;
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::surveys::deliveries::model::{Delivered, DeliveredId, DeliveryId, State};
use crate::surveys::keeping::Of;
use crate::web::WorkspaceId;

/// Every column of the lines that the rest of the statement means.
macro_rules! lines {
    ($which:literal) => {
        concat!(
            "select workspace, survey, id, delivery, said, asked, by_user, by_name, slot, state,
                    why, tries, next, file, responses, bytes, digest, file_key, ended, expires,
                    taken, taken_from
             from survey_delivered ",
            $which
        )
    };
}

fn read(row: &Row<'_>) -> SqlResult<Delivered> {
    let time = |column: &str| -> SqlResult<Option<Time>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Time))
    };
    Ok(Delivered {
        of: Of {
            workspace: row.get("workspace")?,
            survey: row.get("survey")?,
        },
        id: row.get("id")?,
        delivery: row.get("delivery")?,
        said: parsed(&row.get::<_, String>("said")?)?,
        asked: Time(row.get("asked")?),
        user: row.get("by_user")?,
        by: row.get("by_name")?,
        slot: time("slot")?,
        state: State::named(&row.get::<_, String>("state")?),
        why: row.get("why")?,
        tries: row.get("tries")?,
        next: time("next")?,
        file: row.get("file")?,
        responses: row.get("responses")?,
        bytes: row.get("bytes")?,
        digest: row.get("digest")?,
        file_key: row.get("file_key")?,
        ended: time("ended")?,
        expires: time("expires")?,
        taken: time("taken")?,
        taken_from: row.get("taken_from")?,
    })
}

pub(in crate::surveys::deliveries) fn insert(
    tx: &Transaction<'_>,
    new: &Delivered,
) -> Result<(), Error> {
    let said = serde_json::to_string(&new.said).map_err(std::io::Error::other)?;
    tx.execute(
        "insert into survey_delivered (workspace, survey, id, delivery, said, asked, by_user,
                                       by_name, slot, state, next)
         values (:workspace, :survey, :id, :delivery, :said, :asked, :user, :by, :slot, :state,
                 :next)",
        named_params! {
            ":workspace": new.of.workspace,
            ":survey": new.of.survey,
            ":id": new.id,
            ":delivery": new.delivery,
            ":said": said,
            ":asked": new.asked.0,
            ":user": new.user,
            ":by": new.by,
            ":slot": new.slot.map(|slot| slot.0),
            ":state": new.state.name(),
            ":next": new.next.map(|next| next.0),
        },
    )?;
    Ok(())
}

/// The lines of a survey, newest first.
pub(in crate::surveys) fn list(
    conn: &Connection,
    of: &Of,
    most: u32,
) -> Result<Vec<Delivered>, Error> {
    let mut list = conn.prepare_cached(lines!(
        "where workspace = :workspace and survey = :survey
              order by id desc limit :most"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":most": most };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys) fn one(
    conn: &Connection,
    of: &Of,
    id: DeliveredId,
) -> Result<Option<Delivered>, Error> {
    let mut find = conn.prepare_cached(lines!(
        "where workspace = :workspace and survey = :survey and id = :id"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id };
    Ok(find.query_row(values, read).optional()?)
}

/// Those that are to be made or brought now, and those whose links' time is over.
pub(in crate::surveys::deliveries) fn due(
    conn: &Connection,
    now: Time,
) -> Result<Vec<Delivered>, Error> {
    let mut list = conn.prepare_cached(lines!(
        "where state in ('waiting', 'made', 'there') and next <= :now
              order by next, id limit 100"
    ))?;
    let found = list.query_map(named_params! { ":now": now.0 }, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Those of a workspace, or of all, that somebody or something can still get.
pub(in crate::surveys::deliveries) fn open(
    conn: &Connection,
    workspace: Option<WorkspaceId>,
) -> Result<Vec<Delivered>, Error> {
    let mut list = conn.prepare_cached(lines!(
        "where state in ('waiting', 'made', 'there')
                and (:workspace is null or workspace = :workspace)"
    ))?;
    let found = list.query_map(named_params! { ":workspace": workspace }, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Is one of that delivery still to be made or brought?
pub(in crate::surveys::deliveries) fn has_open(
    conn: &Connection,
    of: &Of,
    delivery: DeliveryId,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from survey_delivered
                        where workspace = :workspace and survey = :survey
                          and delivery = :delivery and state in ('waiting', 'made'))",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":delivery": delivery,
    };
    Ok(ask.query_row(values, |row| row.get(0))?)
}

/// What was there when the newest of that delivery was made that did not come to nothing.
pub(in crate::surveys::deliveries) fn newest_mark(
    conn: &Connection,
    of: &Of,
    delivery: DeliveryId,
) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached(
        "select mark from survey_delivered
         where workspace = :workspace and survey = :survey and delivery = :delivery
           and state in ('made', 'there', 'delivered', 'over')
         order by id desc limit 1",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":delivery": delivery,
    };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Was a file called that before?
pub(in crate::surveys::deliveries) fn is_named(
    conn: &Connection,
    of: &Of,
    file: &str,
) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from survey_delivered
                        where workspace = :workspace and survey = :survey and file = :file)",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":file": file };
    Ok(ask.query_row(values, |row| row.get(0))?)
}

/// A file that was made.
pub(in crate::surveys::deliveries) struct Making<'a> {
    pub(in crate::surveys::deliveries) file: &'a str,
    pub(in crate::surveys::deliveries) responses: u64,
    pub(in crate::surveys::deliveries) mark: &'a str,
    pub(in crate::surveys::deliveries) bytes: u64,
    pub(in crate::surveys::deliveries) digest: &'a [u8],
    pub(in crate::surveys::deliveries) key: &'a [u8],
    /// `made` or `there`.
    pub(in crate::surveys::deliveries) state: State,
    /// When it is brought, or its time is over.
    pub(in crate::surveys::deliveries) next: Time,
    pub(in crate::surveys::deliveries) expires: Option<Time>,
}

/// Its file is made, if it waited for that after as many tries.
pub(in crate::surveys::deliveries) fn made(
    tx: &Transaction<'_>,
    (of, id, tries): (&Of, DeliveredId, i64),
    new: &Making<'_>,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update survey_delivered
         set state = :state, file = :file, responses = :responses, mark = :mark, bytes = :bytes,
             digest = :digest, file_key = :key, next = :next, expires = :expires, tries = 0,
             why = ''
         where workspace = :workspace and survey = :survey and id = :id and state = 'waiting'
           and tries = :tries",
        named_params! {
            ":workspace": of.workspace,
            ":survey": of.survey,
            ":id": id,
            ":tries": tries,
            ":state": new.state.name(),
            ":file": new.file,
            ":responses": new.responses,
            ":mark": new.mark,
            ":bytes": new.bytes,
            ":digest": new.digest,
            ":key": new.key,
            ":next": new.next.0,
            ":expires": new.expires.map(|at| at.0),
        },
    )?;
    Ok(changed == 1)
}

/// Those of a survey that are being made have to be made once more.
pub(in crate::surveys::deliveries) fn make_anew(
    tx: &Transaction<'_>,
    of: &Of,
) -> Result<(), Error> {
    tx.execute(
        "update survey_delivered set tries = tries + 1
         where workspace = :workspace and survey = :survey and state = 'waiting'",
        named_params! { ":workspace": of.workspace, ":survey": of.survey },
    )?;
    Ok(())
}

/// It did not work this time.
pub(in crate::surveys::deliveries) fn later(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveredId),
    (tries, next): (i64, Time),
    why: &str,
) -> Result<(), Error> {
    tx.execute(
        "update survey_delivered set tries = :tries, next = :next, why = :why
         where workspace = :workspace and survey = :survey and id = :id
           and state in ('waiting', 'made')",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":tries": tries,
            ":next": next.0, ":why": why,
        },
    )?;
    Ok(())
}

/// It is over, if it was that far before: what opens its file goes with that. Was it?
pub(in crate::surveys::deliveries) fn end(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveredId),
    (from, to): (State, State),
    (why, now): (&str, Time),
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update survey_delivered
         set state = :to, why = :why, ended = :now, next = null, file_key = null, link = null
         where workspace = :workspace and survey = :survey and id = :id and state = :from",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":from": from.name(),
            ":to": to.name(), ":why": why, ":now": now.0,
        },
    )?;
    Ok(changed == 1)
}

/// Another link in place of the one there was. Does its file lie here?
pub(in crate::surveys::deliveries) fn set_link(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveredId),
    (hash, now): (&[u8], Time),
) -> Result<bool, Error> {
    let set = tx.execute(
        "update survey_delivered set link = :hash
         where workspace = :workspace and survey = :survey and id = :id and state = 'there'
           and expires > :now",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":hash": hash,
            ":now": now.0,
        },
    )?;
    Ok(set == 1)
}

/// What a link opens now.
pub(in crate::surveys::deliveries) fn by_link(
    conn: &Connection,
    hash: &[u8],
    now: Time,
) -> Result<Option<Delivered>, Error> {
    let mut find = conn.prepare_cached(lines!(
        "where link = :hash and state = 'there' and expires > :now"
    ))?;
    let values = named_params! { ":hash": hash, ":now": now.0 };
    Ok(find.query_row(values, read).optional()?)
}

/// Uses a link up. Who took it first stays noted.
pub(in crate::surveys::deliveries) fn use_link(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveredId),
    (now, from): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "update survey_delivered
         set link = null, taken_from = case when taken is null then :from else taken_from end,
             taken = coalesce(taken, :now)
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":now": now.0,
            ":from": from,
        },
    )?;
    Ok(())
}

/// Is there such a line whose file is to be kept, here or with a survey that can be had back?
pub(in crate::surveys::deliveries) fn is_known(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from survey_delivered
                        where id = :id and state in ('waiting', 'made', 'there'))
             or exists (select 1 from ending_kept
                        where place = 'survey_delivered' and row ->> '$.id' = :id
                          and row ->> '$.state' in ('waiting', 'made', 'there'))",
    )?;
    Ok(ask.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}
