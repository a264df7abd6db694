//! Where views are kept: in the workspace's own file, since what is filtered by is data.

use super::model::{Desk, Error, New, View, ViewId};
use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, ResultExt, SqlResult, Transaction, named_params,
};

/// Two of these are one too many.
const NAMES: &str = "_view.app, _view.made, _view.page, _view.owner, _view.name";

/// The views of an app that this person may open: their own, then those shared, by name.
pub(super) fn views(conn: &Connection, desk: &Desk) -> Result<Vec<View>, StoreError> {
    let mut list = conn.prepare_cached(
        "select _view.id, _view.page, _view.name, _view.query, _view.is_shared,
                _view.owner = :person as is_own, _view_first.view is not null as is_first
         from _view left join _view_first on _view_first.app = _view.app
                                         and _view_first.made = _view.made
                                         and _view_first.page = _view.page
                                         and _view_first.person = :person
                                         and _view_first.view = _view.id
         where _view.app = :app and _view.made = :made
           and (_view.owner = :person or _view.is_shared = 1)
         order by _view.is_shared, _view.name collate nocase, _view.id",
    )?;
    let values = named_params! { ":app": desk.app, ":made": desk.made.0, ":person": desk.person };
    let found = list.query_map(values, |row| {
        Ok(View {
            id: row.get("id")?,
            page: row.get("page")?,
            name: row.get("name")?,
            query: row.get("query")?,
            is_own: row.get("is_own")?,
            is_shared: row.get("is_shared")?,
            is_first: row.get("is_first")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(super) fn insert(
    tx: &Transaction<'_>,
    desk: &Desk,
    (id, new): (ViewId, &New),
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into _view (id, app, made, page, owner, name, query, is_shared, changed)
         values (:id, :app, :made, :page, :person, :name, :query, :is_shared, :now)",
        named_params! {
            ":id": id,
            ":app": desk.app,
            ":made": desk.made.0,
            ":page": new.page,
            ":person": desk.person,
            ":name": new.called.name,
            ":query": new.query,
            ":is_shared": new.called.is_shared,
            ":now": now.0,
        },
    )
    .on_taken(NAMES, Error::Taken)?;
    Ok(())
}

/// Writes its name, its words and for whom it is.
pub(super) fn update(tx: &Transaction<'_>, view: &View, now: Time) -> Result<(), Error> {
    tx.execute(
        "update _view set name = :name, query = :query, is_shared = :is_shared, changed = :now
         where id = :id",
        named_params! {
            ":id": view.id,
            ":name": view.name,
            ":query": view.query,
            ":is_shared": view.is_shared,
            ":now": now.0,
        },
    )
    .on_taken(NAMES, Error::Taken)?;
    Ok(())
}

pub(super) fn delete(tx: &Transaction<'_>, id: ViewId) -> Result<(), StoreError> {
    tx.execute(
        "delete from _view where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// Nobody's page opens with it any more.
pub(super) fn let_go(tx: &Transaction<'_>, id: ViewId) -> Result<(), StoreError> {
    tx.execute(
        "delete from _view_first where view = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}

/// The page opens with it from now on, for this person.
pub(super) fn set_first(
    tx: &Transaction<'_>,
    desk: &Desk,
    (page, id): (&str, ViewId),
) -> Result<(), StoreError> {
    tx.execute(
        "insert into _view_first (app, made, page, person, view)
         values (:app, :made, :page, :person, :id)
         on conflict (app, made, page, person) do update set view = excluded.view",
        named_params! {
            ":app": desk.app,
            ":made": desk.made.0,
            ":page": page,
            ":person": desk.person,
            ":id": id,
        },
    )?;
    Ok(())
}

/// The page opens as it is, for this person.
pub(super) fn drop_first(tx: &Transaction<'_>, desk: &Desk, page: &str) -> Result<(), StoreError> {
    tx.execute(
        "delete from _view_first
         where app = :app and made = :made and page = :page and person = :person",
        named_params! {
            ":app": desk.app,
            ":made": desk.made.0,
            ":page": page,
            ":person": desk.person,
        },
    )?;
    Ok(())
}
