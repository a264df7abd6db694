//! Every row that is of one workspace.

use crate::base::Time;
use crate::ending::model::{Counts, EndingId, Thing};
use crate::ending::sql::{delete, holding, is_referred_to, quoted, referring, tried};
use crate::store::{Connection, Error, SqlResult, ToSql, Transaction, named_params};
use crate::web::WorkspaceId;

/// These tell what happened, and go by a retention of their own or never: they
/// hold ids and no content.
const STAY: [&str; 4] = ["_chain", "ending", "tombstone", "certificate"];

pub(super) fn workspace(conn: &Connection, id: WorkspaceId) -> Result<Vec<Thing>, Error> {
    let mut list =
        conn.prepare_cached("select id, name, created from workspace where id = :id")?;
    let found = list.query_map(named_params! { ":id": id }, |row| {
        Ok(Thing {
            object: row.get("id")?,
            title: row.get("name")?,
            made: Time(row.get("created")?),
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn parts(
    conn: &Connection,
    id: WorkspaceId,
) -> Result<Vec<(&'static str, u64)>, Error> {
    let mut count = conn.prepare_cached(
        "select (select count(*) from app where workspace = :id),
                (select count(*) from query where workspace = :id),
                (select count(*) from survey where workspace = :id),
                (select count(*) from upload where workspace = :id),
                (select count(*) from membership where workspace = :id),
                (select count(*) from people_group where workspace = :id),
                (select count(*) from api_key where workspace = :id)",
    )?;
    Ok(count.query_row(named_params! { ":id": id }, |row| {
        Ok(vec![
            ("Apps", row.get(0)?),
            ("Saved queries", row.get(1)?),
            ("Surveys", row.get(2)?),
            ("Files", row.get(3)?),
            ("Members", row.get(4)?),
            ("Groups", row.get(5)?),
            ("Keys of programs", row.get(6)?),
        ])
    })?)
}

/// Who was there last, and when.
pub(super) fn used(conn: &Connection, id: WorkspaceId) -> Result<Vec<(String, Time)>, Error> {
    let mut list = conn.prepare_cached(
        "select user.name, membership.seen
         from membership join user on user.id = membership.user
         where membership.workspace = :id and membership.seen is not null
         order by membership.seen desc limit 20",
    )?;
    let found = list.query_map(named_params! { ":id": id }, |row| {
        Ok((row.get(0)?, Time(row.get(1)?)))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn close(tx: &Transaction<'_>, id: WorkspaceId, at: Time) -> Result<(), Error> {
    tx.execute(
        "update workspace set closed = coalesce(closed, :at), purge = null where id = :id",
        named_params! { ":id": id, ":at": at.0 },
    )?;
    Ok(())
}

/// As it was before: open, or closed with the day it was to go.
pub(super) fn reopen(tx: &Transaction<'_>, id: WorkspaceId, of: EndingId) -> Result<(), Error> {
    tx.execute(
        "update workspace set
           closed = (select row ->> 'closed' from ending_kept
                     where ending = :of and place = 'workspace'),
           purge = (select row ->> 'purge' from ending_kept
                    where ending = :of and place = 'workspace')
         where id = :id",
        named_params! { ":id": id, ":of": of },
    )?;
    Ok(())
}

/// The tables with rows of one workspace, but for those that stay.
fn places(conn: &Connection) -> Result<Vec<String>, Error> {
    let mut places = holding(conn, &["workspace"])?;
    places.retain(|place| !STAY.contains(&place.as_str()));
    Ok(places)
}

/// The tables that still have rows of a workspace.
pub(super) fn left(conn: &Connection, id: WorkspaceId) -> Result<Vec<String>, Error> {
    let mut left = Vec::new();
    for place in places(conn)? {
        let sql = format!("select exists (select 1 from {} where workspace = ?1)", quoted(&place));
        if conn.query_row(&sql, [id], |row| row.get(0))? {
            left.push(place);
        }
    }
    Ok(left)
}

/// Takes everything of the workspace out of this file. Gives what went.
pub(super) fn destroy(tx: &Transaction<'_>, id: WorkspaceId) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    // Whoever is signed in there stays signed in, and is nowhere.
    tx.execute(
        "update session set workspace = null where workspace = :id",
        named_params! { ":id": id },
    )?;
    let file = id.to_string();
    tx.execute(
        "delete from file_limit where file = :file",
        named_params! { ":file": file },
    )?;
    tx.execute(
        "delete from key_change where what = :file",
        named_params! { ":file": file },
    )?;
    let members = members(tx, id)?;
    let places = places(tx)?;
    for place in &places {
        forget_what_refers(tx, place, id)?;
    }
    let values: &[(&str, &dyn ToSql)] = &[(":id", &id)];
    let gone = tried(places, |place| delete(tx, place, ("workspace = :id", values)))?;
    for (place, rows) in gone.into_iter().filter(|(_, rows)| *rows > 0) {
        counts.insert(place.replace('_', " "), rows);
    }
    let workspaces = tx.execute(
        "delete from workspace where id = :id",
        named_params! { ":id": id },
    )?;
    counts.insert("workspaces".to_owned(), workspaces as u64);
    let people = forget_strangers(tx, members)?;
    if people > 0 {
        counts.insert("accounts of nobody else's".to_owned(), people);
    }
    Ok(counts)
}

/// Rows of tables that do not say whose they are, and refer to a row that does.
fn forget_what_refers(tx: &Transaction<'_>, place: &str, id: WorkspaceId) -> Result<(), Error> {
    for (table, from, to) in referring(tx, place)? {
        let is_said = holding(tx, &["workspace"])?.contains(&table);
        if is_said {
            continue;
        }
        let which = format!(
            "{} in (select {} from {} where workspace = :id)",
            quoted(&from),
            quoted(&to),
            quoted(place)
        );
        delete(tx, &table, (&which, &[(":id", &id)]))?;
    }
    Ok(())
}

fn members(conn: &Connection, id: WorkspaceId) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare("select user from membership where workspace = :id")?;
    let ids = list.query_map(named_params! { ":id": id }, |row| row.get(0))?;
    Ok(ids.collect::<SqlResult<_>>()?)
}

/// Belongs to no workspace any more, and runs nothing.
fn is_stranger(conn: &Connection, user: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from user where id = :user and operator = 0)
                and not exists (select 1 from membership where user = :user)",
    )?;
    Ok(find.query_row(named_params! { ":user": user }, |row| row.get(0))?)
}

/// The accounts of those who were in this workspace and are in no other. Where
/// other workspaces remember one, as who made a key there, it stays.
fn forget_strangers(tx: &Transaction<'_>, members: Vec<String>) -> Result<u64, Error> {
    let mut places = holding(tx, &["user"])?;
    places.retain(|place| !STAY.contains(&place.as_str()));
    let mut gone = 0;
    for id in members {
        if !is_stranger(tx, &id)? {
            continue;
        }
        tx.execute_batch("savepoint person")?;
        let values: &[(&str, &dyn ToSql)] = &[(":id", &id)];
        let done = tried(places.clone(), |place| delete(tx, place, ("user = :id", values)))
            .and_then(|_| delete(tx, "user", ("id = :id", values)));
        match done {
            Ok(_) => {
                gone += 1;
                tx.execute_batch("release person")?;
            }
            Err(error) if is_referred_to(&error) => {
                tx.execute_batch("rollback to person; release person")?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}
