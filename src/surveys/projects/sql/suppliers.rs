//! Suppliers of a workspace, and what became of their respondents at the door and after.

use std::collections::BTreeMap;

use crate::base::Time;
use crate::store::{Connection, Error as StoreError, SqlResult, Transaction, named_params};
use crate::surveys::panels::Sealed;
use crate::web::WorkspaceId;

/// A supplier as the list has it.
pub(in crate::surveys::projects) struct Listed {
    pub(in crate::surveys::projects) name: String,
    pub(in crate::surveys::projects) kind: String,
    pub(in crate::surveys::projects) set: Time,
    pub(in crate::surveys::projects) by: String,
}

pub(in crate::surveys::projects) fn suppliers(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Listed>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name, kind, created, created_by from survey_supplier
         where workspace = :workspace order by name",
    )?;
    let rows = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Listed {
            name: row.get("name")?,
            kind: row.get("kind")?,
            set: Time(row.get("created")?),
            by: row.get("created_by")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a supplier in the place of one of that name.
pub(in crate::surveys::projects) fn keep_supplier(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    new: &Sealed,
    (at, by): (Time, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "insert into survey_supplier (workspace, name, kind, secret, way, entry_name, exit_name,
                                      ca, created, created_by)
         values (:workspace, :name, :kind, :secret, :way, :entry, :exit, :ca, :at, :by)
         on conflict (workspace, name) do update
         set kind = excluded.kind, secret = excluded.secret, way = excluded.way,
             entry_name = excluded.entry_name, exit_name = excluded.exit_name,
             ca = excluded.ca, created = excluded.created, created_by = excluded.created_by",
        named_params! {
            ":workspace": workspace,
            ":name": new.name,
            ":kind": new.kind,
            ":secret": new.secret,
            ":way": new.way,
            ":entry": new.entry,
            ":exit": new.exit,
            ":ca": new.ca,
            ":at": at.0,
            ":by": by,
        },
    )?;
    Ok(())
}

/// Was there one of that name?
pub(in crate::surveys::projects) fn forget_supplier(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    name: &str,
) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "delete from survey_supplier where workspace = :workspace and name = :name",
        named_params! { ":workspace": workspace, ":name": name },
    )?;
    Ok(gone == 1)
}

/// Some who were turned away alike.
pub(in crate::surveys::projects) struct TurnedAway {
    pub(in crate::surveys::projects) link: String,
    pub(in crate::surveys::projects) source: String,
    pub(in crate::surveys::projects) reason: String,
    pub(in crate::surveys::projects) times: u64,
    pub(in crate::surveys::projects) last: Time,
}

/// Who was turned away, by link, supplier and reason.
pub(in crate::surveys::projects) fn turned_away(
    conn: &Connection,
) -> Result<Vec<TurnedAway>, StoreError> {
    let mut list = conn.prepare_cached(
        "select link, source, reason, times, last from refusal order by times desc, last desc",
    )?;
    let rows = list.query_map(named_params! {}, |row| {
        Ok(TurnedAway {
            link: row.get("link")?,
            source: row.get("source")?,
            reason: row.get("reason")?,
            times: row.get("times")?,
            last: Time(row.get("last")?),
        })
    })?;
    Ok(rows.collect::<SqlResult<_>>()?)
}

/// How many postbacks of each link wait, arrived and were given up, in this order.
pub(in crate::surveys::projects) fn postback_counts(
    conn: &Connection,
) -> Result<BTreeMap<String, [u64; 3]>, StoreError> {
    let mut list = conn.prepare_cached(
        "select link, sum(state = 'waiting'), sum(state = 'sent'), sum(state = 'failed')
         from postback group by link",
    )?;
    let rows = list.query_map(named_params! {}, |row| {
        Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]))
    })?;
    Ok(rows.collect::<SqlResult<_>>()?)
}

/// A postback that did not arrive.
pub(in crate::surveys::projects) struct Unheard {
    pub(in crate::surveys::projects) respondent: i64,
    pub(in crate::surveys::projects) outcome: String,
    pub(in crate::surveys::projects) is_over: bool,
    pub(in crate::surveys::projects) tries: i64,
    pub(in crate::surveys::projects) next: Time,
    pub(in crate::surveys::projects) fault: String,
}

/// Those that were tried in vain, the newest first.
pub(in crate::surveys::projects) fn unheard(
    conn: &Connection,
    most: u32,
) -> Result<Vec<Unheard>, StoreError> {
    let mut list = conn.prepare_cached(
        "select respondent, outcome, state, tries, next, fault from postback
         where state = 'failed' or (state = 'waiting' and tries > 0)
         order by id desc limit :most",
    )?;
    let rows = list.query_map(named_params! { ":most": most }, |row| {
        let state: String = row.get("state")?;
        Ok(Unheard {
            respondent: row.get("respondent")?,
            outcome: row.get("outcome")?,
            is_over: state == "failed",
            tries: row.get("tries")?,
            next: Time(row.get("next")?),
            fault: row.get("fault")?,
        })
    })?;
    Ok(rows.collect::<SqlResult<_>>()?)
}
