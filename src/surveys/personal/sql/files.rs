//! Files of personal questions that lie in a survey's file as they were sent.

use serde_json::json;

use crate::store::{Error, SqlResult, Transaction, named_params};
use crate::surveys::personal::{Names, Spot, Vault};
use crate::surveys::running::token;

/// A file that is not sealed.
struct Bare {
    id: i64,
    respondent: i64,
    block: String,
    turn: u32,
    name: String,
}

/// Seals the next of them. Gives its number; `None`: there is none.
pub(in crate::surveys::personal) fn seal_files(
    tx: &Transaction<'_>,
    (names, vault): (&Names, &Vault),
    after: i64,
) -> Result<Option<i64>, Error> {
    // One at a time: a file can be large.
    let mut list = tx.prepare_cached(
        "select id, respondent, block, turn, name from upload
         where id > :after and block in (select value from json_each(:names))
           and sealed is null and is_whole = 1
         order by id limit 1",
    )?;
    let values = named_params! { ":after": after, ":names": json!(names.files).to_string() };
    let found = list.query_map(values, |row| {
        Ok(Bare {
            id: row.get("id")?,
            respondent: row.get("respondent")?,
            block: row.get("block")?,
            turn: row.get("turn")?,
            name: row.get("name")?,
        })
    })?;
    let Some(file) = found.collect::<SqlResult<Vec<_>>>()?.pop() else {
        return Ok(None);
    };
    let spot = Spot::Name(file.respondent, &file.block, file.turn);
    let sealed = vault.seal(spot, file.name.as_bytes())?;
    tx.execute(
        "update upload set name = :nothing, sealed = :sealed where id = :id",
        named_params! { ":nothing": token::fresh()?, ":sealed": sealed, ":id": file.id },
    )?;
    seal_pieces(tx, vault, &file)?;
    Ok(Some(file.id))
}

fn seal_pieces(tx: &Transaction<'_>, vault: &Vault, file: &Bare) -> Result<(), Error> {
    let mut list = tx.prepare_cached("select piece from upload_piece where upload = :upload")?;
    let pieces = list.query_map(named_params! { ":upload": file.id }, |row| {
        row.get::<_, u32>(0)
    })?;
    for piece in pieces.collect::<SqlResult<Vec<_>>>()? {
        let which = named_params! { ":upload": file.id, ":piece": piece };
        let body: Vec<u8> = tx.query_row(
            "select body from upload_piece where upload = :upload and piece = :piece",
            which,
            |row| row.get(0),
        )?;
        let sealed = vault.seal(Spot::Piece(file.respondent, file.id, piece), &body)?;
        tx.execute(
            "update upload_piece set body = :body where upload = :upload and piece = :piece",
            named_params! { ":body": sealed, ":upload": file.id, ":piece": piece },
        )?;
    }
    Ok(())
}
