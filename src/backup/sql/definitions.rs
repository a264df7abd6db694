//! Apps and queries of one workspace, out of one database and into another.

use crate::store::types::Value;
use crate::store::{Connection, Error, ToSql, Transaction, named_params};
use crate::web::WorkspaceId;

/// Rows as they stand: apps, versions, queries, and the databases elsewhere that those ask,
/// without their passwords.
#[derive(Clone, Debug, Default)]
pub(in crate::backup) struct Definitions {
    apps: Vec<Vec<Value>>,
    versions: Vec<Vec<Value>>,
    queries: Vec<Vec<Value>>,
    sources: Vec<Vec<Value>>,
}

pub(in crate::backup) fn definitions(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Definitions, Error> {
    let rows = |sql: &str| {
        let mut list = conn.prepare(sql)?;
        let columns = list.column_count();
        let found = list.query_map(named_params! { ":workspace": workspace }, |row| {
            (0..columns).map(|at| row.get(at)).collect()
        })?;
        found
            .collect::<Result<Vec<Vec<Value>>, _>>()
            .map_err(Error::from)
    };
    Ok(Definitions {
        apps: rows(
            "select workspace, id, title, draft, draft_at, draft_by, version, created
             from app where workspace = :workspace",
        )?,
        versions: rows(
            "select workspace, app, version, text, note, at, by
             from app_version where workspace = :workspace",
        )?,
        queries: rows(
            "select workspace, name, sql, params, changed, changed_by, source
             from query where workspace = :workspace",
        )?,
        sources: rows(
            "select workspace, id, name, kind, settings, revision, changed, changed_by
             from source where workspace = :workspace",
        )?,
    })
}

/// What there is of them goes back to what it was; what came since stays.
pub(in crate::backup) fn put_definitions(
    tx: &Transaction<'_>,
    all: &Definitions,
) -> Result<(), Error> {
    let put = |sql: &str, rows: &[Vec<Value>]| {
        let mut put = tx.prepare(sql)?;
        for row in rows {
            let values: Vec<&dyn ToSql> = row.iter().map(|value| value as &dyn ToSql).collect();
            put.execute(&*values)?;
        }
        Ok::<_, Error>(())
    };
    put(
        "insert into app (workspace, id, title, draft, draft_at, draft_by, version, created)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         on conflict (workspace, id) do update set title = excluded.title, draft = excluded.draft,
             draft_at = excluded.draft_at, draft_by = excluded.draft_by,
             version = excluded.version",
        &all.apps,
    )?;
    put(
        "insert into app_version (workspace, app, version, text, note, at, by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (workspace, app, version) do update set text = excluded.text,
             note = excluded.note, at = excluded.at, by = excluded.by",
        &all.versions,
    )?;
    put(
        "insert into query (workspace, name, sql, params, changed, changed_by, source)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (workspace, name) do update set sql = excluded.sql,
             params = excluded.params, changed = excluded.changed,
             changed_by = excluded.changed_by, source = excluded.source",
        &all.queries,
    )?;
    // One that is there goes on as it is: its password is for the place it has now.
    put(
        "insert into source (workspace, id, name, kind, settings, revision, changed, changed_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         on conflict do nothing",
        &all.sources,
    )
}

/// The line written last gets a number beyond what the chain has carried, and
/// so do all that follow it.
pub(in crate::backup) fn go_on_after(tx: &Transaction<'_>, carried: i64) -> Result<(), Error> {
    tx.execute(
        "update _journal set id = :next
         where id = (select max(id) from _journal) and id <= :carried",
        named_params! { ":next": carried + 1, ":carried": carried },
    )?;
    Ok(())
}
