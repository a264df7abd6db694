//! Showings of a page, and up to which number what each noted is kept.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};

/// A respondent, as far as events care.
pub(in crate::surveys::live) struct Standing {
    pub(in crate::surveys::live) id: i64,
    pub(in crate::surveys::live) version: i64,
    pub(in crate::surveys::live) ended: Option<Time>,
}

pub(in crate::surveys::live) fn standing(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<Standing>, Error> {
    let mut find =
        conn.prepare_cached("select id, version, ended from respondent where token_hash = :hash")?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| {
        Ok(Standing {
            id: row.get("id")?,
            version: row.get("version")?,
            ended: row.get::<_, Option<i64>>("ended")?.map(Time),
        })
    });
    Ok(found.optional()?)
}

/// Page, turn, and the last number that is kept.
pub(in crate::surveys::live) fn visit(
    conn: &Connection,
    respondent: i64,
    visit: &str,
) -> Result<Option<(String, u32, u32)>, Error> {
    let mut find = conn.prepare_cached(
        "select page, turn, acked from event_visit
         where respondent = :respondent and visit = :visit",
    )?;
    let values = named_params! { ":respondent": respondent, ":visit": visit };
    let found = find.query_row(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    Ok(found.optional()?)
}

/// How many showings and how many events there are of one respondent.
pub(in crate::surveys::live) fn noted(
    conn: &Connection,
    respondent: i64,
) -> Result<(u32, u32), Error> {
    let mut count = conn.prepare_cached(
        "select count(*) as visits, coalesce(sum(acked), 0) as events from event_visit
         where respondent = :respondent",
    )?;
    let values = named_params! { ":respondent": respondent };
    Ok(count.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

pub(in crate::surveys::live) fn put_visit(
    tx: &Transaction<'_>,
    (respondent, visit): (i64, &str),
    (page, turn): (&str, u32),
    acked: u32,
) -> Result<(), Error> {
    let mut put = tx.prepare_cached(
        "insert into event_visit (respondent, visit, page, turn, acked)
         values (:respondent, :visit, :page, :turn, :acked)
         on conflict (respondent, visit) do update set acked = excluded.acked",
    )?;
    put.execute(named_params! {
        ":respondent": respondent, ":visit": visit, ":page": page, ":turn": turn,
        ":acked": acked,
    })?;
    Ok(())
}
