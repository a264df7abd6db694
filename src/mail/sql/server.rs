//! The server that takes mail.

use crate::base::Time;
use crate::mail::server::{Kept, Server};
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params, types};

pub(in crate::mail) fn server(conn: &Connection) -> Result<Option<Kept>, Error> {
    let mut find = conn
        .prepare_cached("select settings, password, sent, fault from mail_server where one = 1")?;
    let kept = find.query_row([], |row| {
        let settings: String = row.get("settings")?;
        let server = serde_json::from_str(&settings).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, types::Type::Text, error.into())
        })?;
        Ok(Kept {
            server,
            sealed: row.get("password")?,
            sent: row.get::<_, Option<i64>>("sent")?.map(Time),
            fault: row.get("fault")?,
        })
    });
    Ok(kept.optional()?)
}

pub(in crate::mail) fn keep_server(
    tx: &Transaction<'_>,
    server: &Server,
    sealed: Option<&[u8]>,
    now: Time,
) -> Result<(), Error> {
    let settings = serde_json::to_string(server).map_err(std::io::Error::other)?;
    tx.execute(
        "insert into mail_server (one, settings, password, changed)
         values (1, :settings, :password, :now)
         on conflict (one) do update
         set settings = excluded.settings, password = excluded.password,
             changed = excluded.changed, fault = null",
        named_params! { ":settings": settings, ":password": sealed, ":now": now.0 },
    )?;
    Ok(())
}

pub(in crate::mail) fn drop_server(tx: &Transaction<'_>) -> Result<usize, Error> {
    Ok(tx.execute("delete from mail_server", [])?)
}

/// How it went lately: a fault, or none.
pub(in crate::mail) fn note(
    tx: &Transaction<'_>,
    fault: Option<&str>,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update mail_server
         set fault = :fault, sent = case when :fault is null then :now else sent end",
        named_params! { ":fault": fault, ":now": now.0 },
    )?;
    Ok(())
}
