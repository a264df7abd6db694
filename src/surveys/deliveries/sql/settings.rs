//! Deliveries that somebody set up.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params, types,
};
use crate::surveys::deliveries::model::{Delivery, DeliveryId};
use crate::surveys::keeping::Of;

pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> SqlResult<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, types::Type::Text, error.into())
    })
}

/// Every column of those that the rest of the statement means.
macro_rules! deliveries {
    ($which:literal) => {
        concat!(
            "select workspace, survey, id, settings, secret, is_on, stopped, slot, changed,
                    by_user, by_name
             from survey_delivery ",
            $which
        )
    };
}

fn read(row: &Row<'_>) -> SqlResult<Delivery> {
    Ok(Delivery {
        of: Of {
            workspace: row.get("workspace")?,
            survey: row.get("survey")?,
        },
        id: row.get("id")?,
        settings: parsed(&row.get::<_, String>("settings")?)?,
        secret: row.get("secret")?,
        is_on: row.get("is_on")?,
        stopped: row.get("stopped")?,
        slot: row.get::<_, Option<i64>>("slot")?.map(Time),
        changed: Time(row.get("changed")?),
        user: row.get("by_user")?,
        by: row.get("by_name")?,
    })
}

/// Those of a survey, the oldest first.
pub(in crate::surveys) fn all(conn: &Connection, of: &Of) -> Result<Vec<Delivery>, Error> {
    let mut list = conn.prepare_cached(deliveries!(
        "where workspace = :workspace and survey = :survey order by id"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey };
    let found = list.query_map(values, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::surveys) fn one(
    conn: &Connection,
    of: &Of,
    id: DeliveryId,
) -> Result<Option<Delivery>, Error> {
    let mut find = conn.prepare_cached(deliveries!(
        "where workspace = :workspace and survey = :survey and id = :id"
    ))?;
    let values = named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id };
    Ok(find.query_row(values, read).optional()?)
}

/// Those of all surveys whose schedules go on.
pub(in crate::surveys::deliveries) fn scheduled(conn: &Connection) -> Result<Vec<Delivery>, Error> {
    let mut list = conn.prepare_cached(deliveries!("where is_on = 1"))?;
    let found = list.query_map(named_params! {}, read)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Keeps one in the place of what it was.
pub(in crate::surveys::deliveries) fn keep(
    tx: &Transaction<'_>,
    new: &Delivery,
) -> Result<(), Error> {
    let settings = serde_json::to_string(&new.settings).map_err(std::io::Error::other)?;
    tx.execute(
        "insert into survey_delivery (workspace, survey, id, settings, secret, is_on, stopped,
                                      slot, changed, by_user, by_name)
         values (:workspace, :survey, :id, :settings, :secret, :is_on, :stopped, :slot, :changed,
                 :user, :by)
         on conflict (workspace, survey, id) do update
         set settings = excluded.settings, secret = excluded.secret, is_on = excluded.is_on,
             stopped = excluded.stopped, slot = excluded.slot, changed = excluded.changed,
             by_user = excluded.by_user, by_name = excluded.by_name",
        named_params! {
            ":workspace": new.of.workspace,
            ":survey": new.of.survey,
            ":id": new.id,
            ":settings": settings,
            ":secret": new.secret,
            ":is_on": new.is_on,
            ":stopped": new.stopped,
            ":slot": new.slot.map(|slot| slot.0),
            ":changed": new.changed.0,
            ":user": new.user,
            ":by": new.by,
        },
    )?;
    Ok(())
}

/// That moment of its schedule is seen to. Was it not before, and does the schedule go on?
pub(in crate::surveys::deliveries) fn set_slot(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveryId),
    slot: Time,
) -> Result<bool, Error> {
    let set = tx.execute(
        "update survey_delivery set slot = :slot
         where workspace = :workspace and survey = :survey and id = :id and is_on = 1
           and coalesce(slot, 0) < :slot",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":slot": slot.0,
        },
    )?;
    Ok(set == 1)
}

/// Its schedule goes on no more, for that reason. Did it go on before?
pub(in crate::surveys::deliveries) fn stop(
    tx: &Transaction<'_>,
    (of, id): (&Of, DeliveryId),
    why: &str,
) -> Result<bool, Error> {
    let stopped = tx.execute(
        "update survey_delivery set is_on = 0, stopped = :why
         where workspace = :workspace and survey = :survey and id = :id and is_on = 1",
        named_params! {
            ":workspace": of.workspace, ":survey": of.survey, ":id": id, ":why": why,
        },
    )?;
    Ok(stopped == 1)
}

/// Was it there?
pub(in crate::surveys::deliveries) fn remove(
    tx: &Transaction<'_>,
    of: &Of,
    id: DeliveryId,
) -> Result<bool, Error> {
    let gone = tx.execute(
        "delete from survey_delivery
         where workspace = :workspace and survey = :survey and id = :id",
        named_params! { ":workspace": of.workspace, ":survey": of.survey, ":id": id },
    )?;
    Ok(gone == 1)
}
