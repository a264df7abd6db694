//! Where databases elsewhere are kept.

use super::form::NewSource;
use super::model::{Error, Settings, Source, SourceId};
use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Row, SqlResult, Transaction,
    named_params, types,
};
use crate::web::WorkspaceId;

pub(in crate::data) fn list(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Source>, StoreError> {
    let mut list = conn.prepare_cached(
        "select workspace, id, name, kind, settings, password, writer, revision, changed,
                changed_by
         from source where workspace = :workspace order by name",
    )?;
    let found = list.query_map(named_params! { ":workspace": workspace }, source)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(in crate::data) fn find(
    conn: &Connection,
    workspace: WorkspaceId,
    id: SourceId,
) -> Result<Option<Source>, StoreError> {
    let mut find = conn.prepare_cached(
        "select workspace, id, name, kind, settings, password, writer, revision, changed,
                changed_by
         from source where workspace = :workspace and id = :id",
    )?;
    let found = find.query_row(named_params! { ":workspace": workspace, ":id": id }, source);
    Ok(found.optional()?)
}

fn source(row: &Row<'_>) -> SqlResult<Source> {
    let settings: String = row.get("settings")?;
    let settings: Settings = serde_json::from_str(&settings).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(4, types::Type::Text, error.into())
    })?;
    Ok(Source {
        workspace: row.get("workspace")?,
        id: row.get("id")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        settings,
        sealed: row.get("password")?,
        sealed_writer: row.get("writer")?,
        revision: row.get("revision")?,
        changed: Time(row.get("changed")?),
        changed_by: row.get("changed_by")?,
    })
}

/// A new one, or what is kept under that id from now on.
pub(super) fn keep(
    tx: &Transaction<'_>,
    (workspace, id): (WorkspaceId, SourceId),
    (new, sealed): (&NewSource, [Option<&[u8]>; 2]),
    (now, by): (Time, &str),
) -> Result<(), Error> {
    let settings = serde_json::to_string(&new.settings).map_err(std::io::Error::other);
    tx.execute(
        "insert into source
             (workspace, id, name, kind, settings, password, writer, revision, changed,
              changed_by)
         values (:workspace, :id, :name, :kind, :settings, :password, :writer, 1, :now, :by)
         on conflict (workspace, id) do update
         set name = excluded.name, kind = excluded.kind, settings = excluded.settings,
             password = excluded.password, writer = excluded.writer,
             revision = source.revision + 1,
             changed = excluded.changed, changed_by = excluded.changed_by",
        named_params! {
            ":workspace": workspace,
            ":id": id,
            ":name": new.name,
            ":kind": new.kind,
            ":settings": settings.map_err(StoreError::from)?,
            ":password": sealed[0],
            ":writer": sealed[1],
            ":now": now.0,
            ":by": by,
        },
    )
    .on_taken(
        "source.workspace, source.name",
        Error::Exists(new.name.clone()),
    )?;
    Ok(())
}

pub(super) fn delete(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: SourceId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from source where workspace = :workspace and id = :id",
        named_params! { ":workspace": workspace, ":id": id },
    )?;
    Ok(())
}

/// The names of the saved queries that ask it.
pub(super) fn queries(
    conn: &Connection,
    workspace: WorkspaceId,
    id: SourceId,
) -> Result<Vec<String>, StoreError> {
    let mut list = conn.prepare_cached(
        "select name from query where workspace = :workspace and source = :source order by name",
    )?;
    let of = named_params! { ":workspace": workspace, ":source": id };
    let names = list.query_map(of, |row| row.get(0))?;
    Ok(names.collect::<SqlResult<_>>()?)
}
