//! What a survey says in its letters, and the rounds somebody confirmed.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params, types,
};
use crate::surveys::keeping::Of;
use crate::surveys::letters::model::{Kind, Round, RoundId, Settings, State};

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> SqlResult<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, types::Type::Text, error.into())
    })
}

pub(in crate::surveys) fn settings(conn: &Connection, of: &Of) -> Result<Option<Settings>, Error> {
    let mut find = conn.prepare_cached(
        "select settings from survey_letters where workspace = :workspace and survey = :survey",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = find.query_row(values, |row| parsed(&row.get::<_, String>(0)?));
    Ok(found.optional()?)
}

pub(in crate::surveys) fn keep_settings(
    tx: &Transaction<'_>,
    of: &Of,
    settings: &Settings,
    (now, by): (Time, &str),
) -> Result<(), Error> {
    let settings = serde_json::to_string(settings).map_err(std::io::Error::other)?;
    tx.execute(
        "insert into survey_letters (workspace, survey, settings, changed, changed_by)
         values (:workspace, :survey, :settings, :now, :by)
         on conflict (workspace, survey) do update
         set settings = excluded.settings, changed = excluded.changed,
             changed_by = excluded.changed_by",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":settings": settings,
            ":now": now.0, ":by": by,
        },
    )?;
    Ok(())
}

pub(in crate::surveys) fn insert_round(tx: &Transaction<'_>, new: &Round) -> Result<(), Error> {
    let said = serde_json::to_string(&new.said).map_err(std::io::Error::other)?;
    tx.execute(
        "insert into survey_round (workspace, survey, id, kind, said, due, made, made_by)
         values (:workspace, :survey, :id, :kind, :said, :due, :made, :by)",
        named_params! {
            ":workspace": new.of.workspace, ":survey": new.of.survey, ":id": new.id,
            ":kind": new.kind.name(), ":said": said, ":due": new.due.0, ":made": new.made.0,
            ":by": new.by,
        },
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> SqlResult<Round> {
    let kind: String = row.get("kind")?;
    Ok(Round {
        of: Of {
            workspace: row.get("workspace")?,
            survey: row.get("survey")?,
        },
        id: row.get("id")?,
        kind: Kind::named(&kind).unwrap_or(Kind::Reminder),
        said: parsed(&row.get::<_, String>("said")?)?,
        due: Time(row.get("due")?),
        state: State::named(&row.get::<_, String>("state")?),
        letters: row.get("letters")?,
        why: row.get("why")?,
        made: Time(row.get("made")?),
        by: row.get("made_by")?,
    })
}

/// The rounds of a survey, newest first.
pub(in crate::surveys) fn rounds(
    conn: &Connection,
    of: &Of,
    most: u32,
) -> Result<Vec<Round>, Error> {
    let mut list = conn.prepare_cached(
        "select workspace, survey, id, kind, said, due, state, letters, why, made, made_by
         from survey_round where workspace = :workspace and survey = :survey
         order by id desc limit :most",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":most": most };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys) fn round(
    conn: &Connection,
    of: &Of,
    id: RoundId,
) -> Result<Option<Round>, Error> {
    let mut find = conn.prepare_cached(
        "select workspace, survey, id, kind, said, due, state, letters, why, made, made_by
         from survey_round where workspace = :workspace and survey = :survey and id = :id",
    )?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id };
    Ok(find.query_row(values, read).optional()?)
}

/// Is a round of that kind on its way, or does it wait for its day?
pub(in crate::surveys) fn has_open(conn: &Connection, of: &Of, kind: Kind) -> Result<bool, Error> {
    let mut ask = conn.prepare_cached(
        "select exists (select 1 from survey_round
                        where workspace = :workspace and survey = :survey and kind = :kind
                          and state in ('waiting', 'begun'))",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":kind": kind.name(),
    };
    Ok(ask.query_row(values, |row| row.get(0))?)
}

/// The rounds of all surveys that are not over, with the word in respondents' addresses.
pub(in crate::surveys) fn open_rounds(conn: &Connection) -> Result<Vec<(Round, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select survey_round.workspace, survey_round.survey, survey_round.id,
                survey_round.kind, survey_round.said, survey_round.due, survey_round.state,
                survey_round.letters, survey_round.why, survey_round.made,
                survey_round.made_by, survey.slug
         from survey_round
         join survey on survey.workspace = survey_round.workspace
              and survey.id = survey_round.survey
         where survey_round.state in ('waiting', 'begun')
         order by survey_round.due, survey_round.id",
    )?;
    let found = list.query_map(named_params! {}, |row| Ok((read(row)?, row.get("slug")?)))?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// How far a round is now, if it was that far before. Was it?
pub(in crate::surveys) fn set_round(
    tx: &Transaction<'_>,
    (of, id): (&Of, RoundId),
    (from, to): (State, State),
    (letters, why): (u64, &str),
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update survey_round set state = :to, letters = :letters, why = :why
         where workspace = :workspace and survey = :survey and id = :id and state = :from",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":from": from.name(),
            ":to": to.name(), ":letters": letters, ":why": why,
        },
    )?;
    Ok(changed == 1)
}
