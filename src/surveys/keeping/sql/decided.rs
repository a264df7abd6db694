//! What was decided about a survey's answers, and who was erased.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::surveys::format::Survey;
use crate::surveys::keeping::erasures::Erasure;
use crate::surveys::keeping::model::{Done, Hold, Of, Standing};
use crate::web::WorkspaceId;

/// The published surveys of all workspaces.
pub(in crate::surveys::keeping) fn all(conn: &Connection) -> Result<Vec<Of>, Error> {
    let mut list = conn.prepare_cached(
        "select workspace, id from survey where version is not null order by workspace, id",
    )?;
    let found = list.query_map(named_params! {}, of)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The surveys of a workspace, published or not.
pub(in crate::surveys::keeping) fn surveys_of(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Of>, Error> {
    let mut list = conn.prepare_cached(
        "select workspace, id from survey where workspace = :workspace order by id",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, of)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

fn of(row: &Row<'_>) -> SqlResult<Of> {
    Ok(Of {
        workspace: row.get("workspace")?,
        survey: row.get("id")?,
    })
}

/// How a survey stands at that moment.
pub(in crate::surveys::keeping) fn standing(
    conn: &Connection,
    of: &Of,
    now: Time,
) -> Result<Option<Standing>, Error> {
    let mut find = conn.prepare_cached(
        "select survey.title, survey.state, survey.closed_at, survey.ends, survey_version.text,
                survey_keeping.hold, survey_keeping.held_at, survey_keeping.held_by,
                survey_keeping.done, survey_keeping.done_at, survey_keeping.reminded,
                survey_keeping.wiping
         from survey
         left join survey_version on survey_version.workspace = survey.workspace
               and survey_version.survey = survey.id and survey_version.version = survey.version
         left join survey_keeping on survey_keeping.workspace = survey.workspace
               and survey_keeping.survey = survey.id
         where survey.workspace = :workspace and survey.id = :survey",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = find.query_row(values, |row| {
        let text: Option<String> = row.get("text")?;
        // What was published was whole when it was.
        let survey = text.and_then(|text| Survey::read(&text).ok());
        let state: String = row.get("state")?;
        let time = |name: &str| -> SqlResult<Option<Time>> {
            Ok(row.get::<_, Option<i64>>(name)?.map(Time))
        };
        let (closed, ends) = (time("closed_at")?, time("ends")?);
        let reason: Option<String> = row.get("hold")?;
        let (held, by) = (time("held_at")?, row.get::<_, Option<String>>("held_by")?);
        let done: Option<String> = row.get("done")?;
        Ok(Standing {
            of: of.clone(),
            title: row.get("title")?,
            rule: survey.and_then(|survey| survey.retention),
            closed: match state.as_str() {
                "closed" => closed,
                _ => ends.filter(|ends| *ends <= now),
            },
            hold: reason.map(|reason| Hold {
                reason,
                at: held.unwrap_or(now),
                by: by.unwrap_or_default(),
            }),
            done: Done::named(&done.unwrap_or_default()),
            done_at: time("done_at")?,
            is_wiping: row.get::<_, Option<bool>>("wiping")?.unwrap_or_default(),
            reminded: row.get::<_, Option<i64>>("reminded")?.unwrap_or_default(),
        })
    });
    Ok(found.optional()?)
}

/// Every text of a survey: its draft, and what was published.
pub(in crate::surveys::keeping) fn texts(conn: &Connection, of: &Of) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select draft from survey where workspace = :workspace and id = :survey
         union all
         select text from survey_version where workspace = :workspace and survey = :survey",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = list.query_map(values, |row| row.get(0))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys::keeping) fn set_hold(
    tx: &Transaction<'_>,
    of: &Of,
    hold: &Hold,
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_keeping (workspace, survey, hold, held_at, held_by)
         values (:workspace, :survey, :hold, :at, :by)
         on conflict (workspace, survey) do update
         set hold = excluded.hold, held_at = excluded.held_at, held_by = excluded.held_by",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":hold": hold.reason,
            ":at": hold.at.0, ":by": hold.by,
        },
    )?;
    Ok(())
}

pub(in crate::surveys::keeping) fn release(tx: &Transaction<'_>, of: &Of) -> Result<(), Error> {
    tx.execute(
        "update survey_keeping set hold = null, held_at = null, held_by = ''
         where workspace = :workspace and survey = :survey",
        named_params! { ":workspace": of.workspace, ":survey": of.survey },
    )?;
    Ok(())
}

/// What the rule does now, or did.
pub(in crate::surveys::keeping) fn set_done(
    tx: &Transaction<'_>,
    of: &Of,
    (done, at): (Done, Time),
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_keeping (workspace, survey, done, done_at)
         values (:workspace, :survey, :done, :at)
         on conflict (workspace, survey) do update
         set done = excluded.done, done_at = excluded.done_at",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":done": done.name(), ":at": at.0,
        },
    )?;
    Ok(())
}

/// Is something not overwritten yet of answers that went one by one?
pub(in crate::surveys::keeping) fn set_wiping(
    tx: &Transaction<'_>,
    of: &Of,
    is_wiping: bool,
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_keeping (workspace, survey, wiping)
         values (:workspace, :survey, :wiping)
         on conflict (workspace, survey) do update set wiping = excluded.wiping",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":wiping": is_wiping },
    )?;
    Ok(())
}

/// How urgently somebody was reminded.
pub(in crate::surveys::keeping) fn remind(
    tx: &Transaction<'_>,
    of: &Of,
    level: i64,
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_keeping (workspace, survey, reminded)
         values (:workspace, :survey, :level)
         on conflict (workspace, survey) do update set reminded = excluded.reminded",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":level": level },
    )?;
    Ok(())
}

/// Keeps what is left of a respondent. With a number: something of them is here yet.
pub(in crate::surveys::keeping) fn add_erasure(
    tx: &Transaction<'_>,
    one: &Erasure,
    open: Option<(&str, i64)>,
) -> Result<(), Error> {
    tx.execute(
        "insert into survey_erasure (id, workspace, survey, respondent, hash, at, done)
         values (:id, :workspace, :survey, :respondent, :hash, :at, :done)
         on conflict (id) do update
         set survey = excluded.survey, respondent = excluded.respondent, done = excluded.done",
        named_params! {
            ":id": one.id, ":workspace": one.workspace, ":hash": one.hash, ":at": one.at.0,
            ":survey": open.map_or("", |(survey, _)| survey),
            ":respondent": open.map(|(_, respondent)| respondent),
            ":done": open.is_none().then_some(one.at.0),
        },
    )?;
    Ok(())
}

pub(in crate::surveys::keeping) fn has_erasure(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut find =
        conn.prepare_cached("select exists (select 1 from survey_erasure where id = :id)")?;
    Ok(find.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

pub(in crate::surveys::keeping) fn erasures(conn: &Connection) -> Result<Vec<Erasure>, Error> {
    let mut list =
        conn.prepare_cached("select id, workspace, at, hash from survey_erasure order by at, id")?;
    let found = list.query_map(named_params! {}, |row| {
        Ok(Erasure {
            id: row.get("id")?,
            workspace: row.get("workspace")?,
            at: Time(row.get("at")?),
            hash: row.get("hash")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Those of whom something is here yet: the erasure, the survey, the number.
pub(in crate::surveys::keeping) fn open_erasures(
    conn: &Connection,
) -> Result<Vec<(String, Of, i64)>, Error> {
    let mut list = conn.prepare_cached(
        "select id, workspace, survey, respondent from survey_erasure
         where done is null order by at, id",
    )?;
    let found = list.query_map(named_params! {}, |row| {
        let of = Of {
            workspace: row.get("workspace")?,
            survey: row.get("survey")?,
        };
        Ok((row.get("id")?, of, row.get("respondent")?))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Nothing of them is left; the number is forgotten.
pub(in crate::surveys::keeping) fn close_erasure(
    tx: &Transaction<'_>,
    id: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update survey_erasure set survey = '', respondent = null, done = :now where id = :id",
        named_params! { ":id": id, ":now": now.0 },
    )?;
    Ok(())
}
