//! The methods themselves.

use crate::base::Time;
use crate::people::federation::Error;
use crate::people::federation::model::{Method, MethodId};
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Row, Transaction, named_params,
    types,
};

pub(in crate::people::federation) fn methods(conn: &Connection) -> Result<Vec<Method>, StoreError> {
    let mut list = conn.prepare_cached(
        "select id, name, is_on, makes_accounts, links_by_email, settings, secret
         from sign_in_method order by name",
    )?;
    let methods = list.query_map([], read)?;
    Ok(methods.collect::<Result<_, _>>()?)
}

pub(in crate::people::federation) fn method(
    conn: &Connection,
    id: MethodId,
) -> Result<Method, StoreError> {
    let mut find = conn.prepare_cached(
        "select id, name, is_on, makes_accounts, links_by_email, settings, secret
         from sign_in_method where id = :id",
    )?;
    let found = find
        .query_row(named_params! { ":id": id }, read)
        .optional()?;
    found.ok_or(StoreError::NotFound)
}

fn read(row: &Row<'_>) -> crate::store::SqlResult<Method> {
    let settings: String = row.get("settings")?;
    let settings = serde_json::from_str(&settings).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, types::Type::Text, error.into())
    })?;
    Ok(Method {
        id: row.get("id")?,
        name: row.get("name")?,
        is_on: row.get("is_on")?,
        makes_accounts: row.get("makes_accounts")?,
        links_by_email: row.get("links_by_email")?,
        settings,
        sealed: row.get("secret")?,
    })
}

pub(in crate::people::federation) fn add(
    tx: &Transaction<'_>,
    method: &Method,
    settings: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "insert into sign_in_method
             (id, name, makes_accounts, links_by_email, settings, secret, created, changed)
         values (:id, :name, :makes, :links, :settings, :secret, :now, :now)",
        named_params! {
            ":id": method.id,
            ":name": method.name,
            ":makes": method.makes_accounts,
            ":links": method.links_by_email,
            ":settings": settings,
            ":secret": method.sealed,
            ":now": now.0,
        },
    )
    .on_taken("sign_in_method.name", Error::NameTaken)?;
    Ok(())
}

pub(in crate::people::federation) fn save(
    tx: &Transaction<'_>,
    method: &Method,
    settings: &str,
    now: Time,
) -> Result<(), Error> {
    tx.execute(
        "update sign_in_method
         set name = :name, is_on = :is_on, makes_accounts = :makes, links_by_email = :links,
             settings = :settings, secret = :secret, changed = :now
         where id = :id",
        named_params! {
            ":id": method.id,
            ":name": method.name,
            ":is_on": method.is_on,
            ":makes": method.makes_accounts,
            ":links": method.links_by_email,
            ":settings": settings,
            ":secret": method.sealed,
            ":now": now.0,
        },
    )
    .on_taken("sign_in_method.name", Error::NameTaken)?;
    Ok(())
}

pub(in crate::people::federation) fn switch(
    tx: &Transaction<'_>,
    id: MethodId,
    is_on: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "update sign_in_method set is_on = :is_on where id = :id",
        named_params! { ":id": id, ":is_on": is_on },
    )?;
    Ok(())
}

/// With it goes who came by it; what it gave them stays.
pub(in crate::people::federation) fn drop(
    tx: &Transaction<'_>,
    id: MethodId,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from sign_in_method where id = :id",
        named_params! { ":id": id },
    )?;
    Ok(())
}
