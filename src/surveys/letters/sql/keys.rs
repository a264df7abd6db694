//! Keys that letters bring, and how many letters left lately.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};
use crate::surveys::keeping::Of;

/// What comes with a link that lets somebody in, as JSON; none: it is shut, or gone.
pub(in crate::surveys) fn link_stands(
    conn: &Connection,
    of: &Of,
    link: &str,
) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached(
        "select entry from survey_link
         where workspace = :workspace and survey = :survey and id = :link and opened = 1",
    )?;
    let values = named_params! {
        ":workspace": of.workspace, ":survey": of.survey, ":link": link,
    };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// One more key opens the link. Doing it twice is doing it once.
pub(in crate::surveys) fn add_key(
    tx: &Transaction<'_>,
    of: &Of,
    (link, hash): (&str, &[u8]),
) -> Result<(), Error> {
    let mut add = tx.prepare_cached(
        "insert into survey_link_key (key_hash, workspace, survey, link)
         values (:hash, :workspace, :survey, :link)
         on conflict (key_hash) do nothing",
    )?;
    add.execute(named_params! {
        ":hash": hash, ":workspace": of.workspace, ":survey": of.survey, ":link": link,
    })?;
    Ok(())
}

fn minute(at: Time) -> i64 {
    at.0.div_euclid(Time::MINUTE)
}

/// How many letters of surveys were handed over in the last hour, and in this minute.
pub(in crate::surveys) fn handed_over(conn: &Connection, now: Time) -> Result<(u32, u32), Error> {
    let mut count = conn.prepare_cached(
        "select coalesce(sum(letters), 0), coalesce(sum(letters) filter (where minute = :now), 0)
         from letter_minute where minute > :now - 60 and minute <= :now",
    )?;
    let values = named_params! { ":now": minute(now) };
    Ok(count.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// So many more are handed over now. What was an hour ago is forgotten.
pub(in crate::surveys) fn count_minute(
    tx: &Transaction<'_>,
    now: Time,
    letters: u32,
) -> Result<(), Error> {
    tx.execute(
        "delete from letter_minute where minute <= :now - 60",
        named_params! { ":now": minute(now) },
    )?;
    tx.execute(
        "insert into letter_minute (minute, letters) values (:now, :letters)
         on conflict (minute) do update set letters = letters + excluded.letters",
        named_params! { ":now": minute(now), ":letters": letters },
    )?;
    Ok(())
}
