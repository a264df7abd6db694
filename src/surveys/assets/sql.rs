//! Pictures in the file of a survey, and what versions of it keep of them.

use super::clean::Form;
use super::{Asset, Assets, Listed};
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::web::WorkspaceId;

fn asset(row: &Row<'_>) -> SqlResult<Asset> {
    let form: String = row.get("form")?;
    Ok(Asset {
        hash: row.get("hash")?,
        // The file holds one of them.
        form: Form::named(&form).unwrap_or(Form::Png),
        width: row.get("width")?,
        height: row.get("height")?,
        bytes: row.get("bytes")?,
    })
}

/// The pictures of a survey, by name.
pub fn list(conn: &Connection) -> Result<Vec<Listed>, Error> {
    let mut list = conn.prepare_cached(
        "select asset.name, asset.at, asset.by, asset.hash, asset_content.form,
                asset_content.width, asset_content.height, asset_content.bytes
         from asset join asset_content on asset_content.hash = asset.hash
         order by asset.name",
    )?;
    let found = list.query_map(named_params! {}, |row| {
        Ok(Listed {
            name: row.get("name")?,
            asset: asset(row)?,
            at: Time(row.get("at")?),
            by: row.get("by")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// The bytes of that hash, and how they are written.
pub fn body(conn: &Connection, hash: &str) -> Result<Option<(Form, Vec<u8>)>, Error> {
    let mut find =
        conn.prepare_cached("select form, body from asset_content where hash = :hash")?;
    let found = find.query_row(named_params! { ":hash": hash }, |row| {
        let form: String = row.get("form")?;
        Ok((Form::named(&form).unwrap_or(Form::Png), row.get("body")?))
    });
    Ok(found.optional()?)
}

/// All bytes there are, whoever names them: their hashes, and how they are written.
pub fn all(conn: &Connection) -> Result<Vec<(String, Form)>, Error> {
    let mut list = conn.prepare_cached("select hash, form from asset_content order by hash")?;
    let found = list.query_map(named_params! {}, |row| {
        let form: String = row.get("form")?;
        Ok((row.get("hash")?, Form::named(&form).unwrap_or(Form::Png)))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// Puts a picture under that name.
pub fn put(
    tx: &Transaction<'_>,
    name: &str,
    (asset, body): (&Asset, &[u8]),
    (at, by): (Time, &str),
) -> Result<(), Error> {
    tx.execute(
        "insert into asset_content (hash, form, width, height, bytes, body)
         values (:hash, :form, :width, :height, :bytes, :body)
         on conflict (hash) do nothing",
        named_params! {
            ":hash": asset.hash, ":form": asset.form.name(), ":width": asset.width,
            ":height": asset.height, ":bytes": asset.bytes, ":body": body,
        },
    )?;
    tx.execute(
        "insert into asset (name, hash, at, by) values (:name, :hash, :at, :by)
         on conflict (name) do update set hash = excluded.hash, at = excluded.at, by = excluded.by",
        named_params! { ":name": name, ":hash": asset.hash, ":at": at.0, ":by": by },
    )?;
    Ok(())
}

pub fn remove(tx: &Transaction<'_>, name: &str) -> Result<(), Error> {
    tx.execute(
        "delete from asset where name = :name",
        named_params! { ":name": name },
    )?;
    Ok(())
}

/// Lets go of bytes that nothing names any more: no picture, and none of these.
pub fn forget_unused(tx: &Transaction<'_>, kept: &[String]) -> Result<(), Error> {
    tx.execute(
        "delete from asset_content
         where hash not in (select hash from asset)
           and hash not in (select value from json_each(:kept))",
        named_params! { ":kept": serde_json::json!(kept).to_string() },
    )?;
    Ok(())
}

/// What each version of a survey shows: its number, its text, its pictures.
pub(super) fn kept(
    conn: &Connection,
    (workspace, survey): (WorkspaceId, &str),
) -> Result<Vec<(i64, String, Assets)>, Error> {
    let mut list = conn.prepare_cached(
        "select version, text, assets from survey_version
         where workspace = :workspace and survey = :survey and assets <> '{}'
         order by version",
    )?;
    let values = named_params! { ":workspace": workspace, ":survey": survey };
    let found = list.query_map(values, |row| {
        let assets: String = row.get("assets")?;
        Ok((row.get("version")?, row.get("text")?, Assets::read(&assets)))
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}
