//! Records as a filter asks for them, and what is kept about the trail itself.

use super::filter::{Filter, Scope};
use crate::journal::{Link, as_link};
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// A record with the hash it builds upon.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) link: Link,
    pub(super) before: Vec<u8>,
}

/// An instance's records are those of no workspace, and how people come into
/// any: nothing about a workspace's data.
const INSTANCE: &str = ":workspace is null and file = 'system' and (workspace = ''
    or kind in ('session', 'member', 'password', 'grant', 'workspace'))";

/// The records before `before`, newest first.
pub(super) fn older(
    conn: &Connection,
    asked: (Scope, &Filter),
    before: i64,
    most: u32,
) -> Result<Vec<Found>, Error> {
    found(conn, "seq < :edge order by seq desc", asked, (before, most))
}

/// The records after `after`, oldest first.
pub(super) fn newer(
    conn: &Connection,
    asked: (Scope, &Filter),
    after: i64,
    most: u32,
) -> Result<Vec<Found>, Error> {
    found(conn, "seq > :edge order by seq", asked, (after, most))
}

fn found(
    conn: &Connection,
    direction: &'static str,
    (scope, filter): (Scope, &Filter),
    (edge, most): (i64, u32),
) -> Result<Vec<Found>, Error> {
    let (workspace, of) = match scope {
        Scope::Workspace(workspace) => (Some(workspace), "workspace = :workspace"),
        Scope::Instance => (None, INSTANCE),
    };
    let sql = format!(
        "select seq, file, line, chain.hash as hash, at, workspace, action, record, coalesce(
             (select earlier.hash from chain as earlier where earlier.seq = chain.seq - 1),
             (select hash from chain_segment where last = chain.seq - 1),
             x'') as before
         from chain
         where {of}
           and (:from is null or at >= :from) and (:to is null or at < :to)
           and (:actor is null or instr(lower(actor_name), :actor) > 0
                or instr(lower(email), :actor) > 0)
           and (:action is null or substr(action, 1, length(:action)) = :action)
           and (:object is null or instr(lower(object), :object) > 0
                or instr(lower(object_id), :object) > 0)
           and (:address is null or substr(address, 1, length(:address)) = :address)
           and (:result is null or result = :result)
           and {direction} limit :most"
    );
    let low = |word: &Option<String>| word.as_ref().map(|word| word.to_lowercase());
    let mut list = conn.prepare_cached(&sql)?;
    let found = list.query_map(
        named_params! {
            ":workspace": workspace,
            ":from": filter.from.map(|from| from.0),
            ":to": filter.to.map(|to| to.0),
            ":actor": low(&filter.actor),
            ":action": filter.action,
            ":object": low(&filter.object),
            ":address": filter.address,
            ":result": filter.result,
            ":edge": edge,
            ":most": most,
        },
        |row| {
            Ok(Found {
                link: as_link(row)?,
                before: row.get("before")?,
            })
        },
    )?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The record with that number, if the scope holds it.
pub(super) fn one(conn: &Connection, scope: Scope, seq: i64) -> Result<Option<Found>, Error> {
    let found = newer(conn, (scope, &Filter::default()), seq - 1, 1)?.pop();
    Ok(found.filter(|found| found.link.seq == seq))
}

/// The first checkpoint at or after that record: when, and up to which record.
pub(super) fn covered(conn: &Connection, seq: i64) -> Result<Option<(i64, i64)>, Error> {
    let mut find = conn.prepare_cached(
        "select seq, at from chain_checkpoint where seq >= :seq order by seq limit 1",
    )?;
    let found = find.query_row(named_params! { ":seq": seq }, |row| {
        Ok((row.get("seq")?, row.get("at")?))
    });
    Ok(found.optional()?)
}

/// Somebody's saved views: name and filter.
pub(super) fn views(
    conn: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<(String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select name, query from audit_view
         where workspace = :workspace and user = :user order by name",
    )?;
    let views = list.query_map(
        named_params! { ":workspace": workspace, ":user": user },
        |row| Ok((row.get("name")?, row.get("query")?)),
    )?;
    Ok(views.collect::<Result<_, _>>()?)
}

pub(super) fn keep_view(
    tx: &Transaction<'_>,
    (workspace, user): (WorkspaceId, UserId),
    (name, query): (&str, &str),
) -> Result<(), Error> {
    tx.execute(
        "insert into audit_view (workspace, user, name, query)
         values (:workspace, :user, :name, :query)
         on conflict (workspace, user, name) do update set query = excluded.query",
        named_params! { ":workspace": workspace, ":user": user, ":name": name, ":query": query },
    )?;
    Ok(())
}

pub(super) fn drop_view(
    tx: &Transaction<'_>,
    (workspace, user): (WorkspaceId, UserId),
    name: &str,
) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from audit_view
         where workspace = :workspace and user = :user and name = :name",
        named_params! { ":workspace": workspace, ":user": user, ":name": name },
    )?)
}

pub(super) fn setting(conn: &Connection, name: &str) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached("select value from audit_setting where name = :name")?;
    let value = find.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(value.optional()?)
}

pub(super) fn set(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), Error> {
    tx.execute(
        "insert into audit_setting (name, value) values (:name, :value)
         on conflict (name) do update set value = excluded.value",
        named_params! { ":name": name, ":value": value },
    )?;
    Ok(())
}
