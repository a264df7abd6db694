//! Files in the file of a survey: whose they are, and their pieces.

use super::{Sort, Upload};
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
    types::ValueRef,
};
use crate::surveys::map::Datum;
use crate::surveys::personal::{Spot, Vault};
use crate::surveys::running::token;

/// A file and its respondent.
#[derive(Clone, Debug)]
pub struct Owned {
    pub respondent: i64,
    pub of: Upload,
}

impl Owned {
    /// Where it lies among the files of all: `17/receipt/Photo.jpg`.
    pub fn path(&self) -> String {
        let turn = match self.of.turn {
            0 => String::new(),
            turn => format!("-{turn}"),
        };
        format!(
            "{}/{}{turn}/{}",
            self.respondent, self.of.block, self.of.name
        )
    }
}

/// What stands in a row. Without a vault a file with a sealed name is not there, and its
/// name says nothing where its key was destroyed.
fn upload(row: &Row<'_>, vault: Option<&Vault>) -> SqlResult<Option<Owned>> {
    let (sort, sealed): (String, Option<Vec<u8>>) = (row.get("sort")?, row.get("sealed")?);
    let mut of = Upload {
        id: row.get("id")?,
        block: row.get("block")?,
        turn: row.get("turn")?,
        name: row.get("name")?,
        sort: Sort::named(&sort),
        bytes: row.get("bytes")?,
    };
    let respondent = row.get("respondent")?;
    if let Some(sealed) = sealed {
        let Some(vault) = vault else {
            return Ok(None);
        };
        let spot = Spot::Name(respondent, &of.block, of.turn);
        let name = vault.open_text(spot, &sealed);
        of.name = name.unwrap_or(of.name);
    }
    Ok(Some(Owned { respondent, of }))
}

/// The files of a respondent that came whole, in the order they came.
pub fn of_respondent(
    conn: &Connection,
    respondent: i64,
    vault: Option<&Vault>,
) -> Result<Vec<Upload>, Error> {
    let mut list = conn.prepare_cached(
        "select id, respondent, block, turn, name, sealed, sort, bytes from upload
         where respondent = :respondent and is_whole = 1 order by id",
    )?;
    let found = list.query_map(named_params! { ":respondent": respondent }, |row| {
        upload(row, vault)
    })?;
    let found = found.collect::<SqlResult<Vec<_>>>()?;
    Ok(found.into_iter().flatten().map(|one| one.of).collect())
}

/// A new file of a respondent. The name gets a number where there is one of that name.
pub(super) fn begin(
    tx: &Transaction<'_>,
    respondent: i64,
    (block, turn, name): (&str, u32, &str),
    vault: Option<&Vault>,
    now: Time,
) -> Result<(i64, String), Error> {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) => (stem, format!(".{ending}")),
        None => (name, String::new()),
    };
    let taken = names(tx, respondent, (block, turn), vault)?;
    let mut free = name.to_owned();
    let mut number = 2;
    while taken.contains(&free) {
        free = format!("{stem} ({number}){ending}");
        number += 1;
    }
    let spot = Spot::Name(respondent, block, turn);
    let sealed = vault.map(|vault| vault.seal(spot, free.as_bytes()));
    let shown = match vault {
        Some(_) => token::fresh()?,
        None => free.clone(),
    };
    tx.execute(
        "insert into upload (respondent, block, turn, name, sealed, sort, bytes, at)
         values (:respondent, :block, :turn, :name, :sealed, 'other', 0, :at)",
        named_params! {
            ":respondent": respondent, ":block": block, ":turn": turn, ":name": shown,
            ":sealed": sealed.transpose()?, ":at": now.0,
        },
    )?;
    Ok((tx.last_insert_rowid(), free))
}

/// What the files of a respondent are called that were sent for that question.
fn names(
    conn: &Connection,
    respondent: i64,
    (block, turn): (&str, u32),
    vault: Option<&Vault>,
) -> Result<Vec<String>, Error> {
    let mut list = conn.prepare_cached(
        "select id, respondent, block, turn, name, sealed, sort, bytes from upload
         where respondent = :respondent and block = :block and turn = :turn",
    )?;
    let values = named_params! { ":respondent": respondent, ":block": block, ":turn": turn };
    let found = list.query_map(values, |row| upload(row, vault))?;
    let found = found.collect::<SqlResult<Vec<_>>>()?;
    Ok(found.into_iter().flatten().map(|one| one.of.name).collect())
}

/// How many files of a respondent no answer names.
pub(super) fn waiting(conn: &Connection, respondent: i64) -> Result<u32, Error> {
    let mut count = conn.prepare_cached(
        "select count(*) from upload where respondent = :respondent and is_kept = 0",
    )?;
    Ok(
        count.query_row(named_params! { ":respondent": respondent }, |row| {
            row.get(0)
        })?,
    )
}

/// A piece of a file that is still coming, sealed where there is a vault for it.
pub(super) fn add_piece(
    tx: &Transaction<'_>,
    (respondent, upload, piece): (i64, i64, u32),
    body: Vec<u8>,
    vault: Option<&Vault>,
) -> Result<(), Error> {
    let body = match vault {
        Some(vault) => vault.seal(Spot::Piece(respondent, upload, piece), &body)?,
        None => body,
    };
    tx.execute(
        "insert into upload_piece (upload, piece, body) values (:upload, :piece, :body)",
        named_params! { ":upload": upload, ":piece": piece, ":body": body },
    )?;
    Ok(())
}

/// All of it came. Of what was too much, nothing is kept but how much it was.
pub(super) fn end(
    tx: &Transaction<'_>,
    upload: i64,
    (sort, bytes, is_too_much): (Sort, u64, bool),
) -> Result<(), Error> {
    if is_too_much {
        tx.execute(
            "delete from upload_piece where upload = :upload",
            named_params! { ":upload": upload },
        )?;
    }
    tx.execute(
        "update upload set sort = :sort, bytes = :bytes, is_whole = 1 where id = :upload",
        named_params! { ":upload": upload, ":sort": sort.name(), ":bytes": bytes },
    )?;
    Ok(())
}

/// Lets go of files that came before that moment and that no answer named since.
pub(super) fn drop_stale(tx: &Transaction<'_>, before: Time) -> Result<(), Error> {
    tx.execute(
        "delete from upload where is_kept = 0 and at < :before",
        named_params! { ":before": before.0 },
    )?;
    Ok(())
}

/// What the answers of a respondent name is kept; what they named and do not any more goes,
/// and when they ended everything that no answer names.
pub fn settle(tx: &Transaction<'_>, respondent: i64, vault: Option<&Vault>) -> Result<(), Error> {
    let named = match vault {
        Some(vault) => named(tx, respondent, vault)?,
        None => Vec::new(),
    };
    let values = named_params! {
        ":respondent": respondent, ":named": serde_json::json!(named).to_string(),
    };
    tx.execute(
        "update upload set is_kept = 1
         where respondent = :respondent and is_kept = 0
           and (id in (select value from json_each(:named)) or exists
             (select 1 from answer
              where answer.respondent = upload.respondent and answer.turn = upload.turn
                and answer.value = upload.name
                and (answer.variable = upload.block
                     or answer.variable glob upload.block || '_[0-9]*')))",
        values,
    )?;
    tx.execute(
        "delete from upload
         where respondent = :respondent
           and (is_kept = 1 or exists (select 1 from respondent
                                       where respondent.id = upload.respondent
                                         and respondent.outcome is not null))
           and id not in (select value from json_each(:named))
           and not exists
           (select 1 from answer
            where answer.respondent = upload.respondent and answer.turn = upload.turn
              and answer.value = upload.name
              and (answer.variable = upload.block
                   or answer.variable glob upload.block || '_[0-9]*'))",
        values,
    )?;
    Ok(())
}

/// The files with a sealed name that a sealed answer names.
fn named(tx: &Transaction<'_>, respondent: i64, vault: &Vault) -> Result<Vec<i64>, Error> {
    let mut list = tx.prepare_cached(
        "select upload.id, upload.block, upload.turn, upload.sealed, answer.variable, answer.value
         from upload join answer on answer.respondent = upload.respondent
              and answer.turn = upload.turn
              and (answer.variable = upload.block
                   or answer.variable glob upload.block || '_[0-9]*')
         where upload.respondent = :respondent and upload.sealed is not null
           and typeof(answer.value) = 'blob'",
    )?;
    let mut rows = list.query(named_params! { ":respondent": respondent })?;
    let mut named = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, block, turn): (i64, String, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (name, variable): (Vec<u8>, String) = (row.get(3)?, row.get(4)?);
        let ValueRef::Blob(answer) = row.get_ref(5)? else {
            continue;
        };
        let name = vault.open_text(Spot::Name(respondent, &block, turn), &name);
        let answer = vault.open_answer((respondent, &variable, turn), answer);
        if name.is_some_and(|name| answer == Datum::Text(name)) {
            named.push(id);
        }
    }
    Ok(named)
}

/// Lets go of those that no answer names.
pub fn drop_unused(tx: &Transaction<'_>, ids: &[i64]) -> Result<(), Error> {
    tx.execute(
        "delete from upload where is_kept = 0 and id in (select value from json_each(:ids))",
        named_params! { ":ids": serde_json::json!(ids).to_string() },
    )?;
    Ok(())
}

/// A kept file of that respondent. Without a vault a sealed one is not there.
pub fn one(
    conn: &Connection,
    (respondent, id): (i64, i64),
    vault: Option<&Vault>,
) -> Result<Option<Upload>, Error> {
    let mut find = conn.prepare_cached(
        "select id, respondent, block, turn, name, sealed, sort, bytes from upload
         where id = :id and respondent = :respondent and is_kept = 1",
    )?;
    let values = named_params! { ":id": id, ":respondent": respondent };
    let found = find
        .query_row(values, |row| upload(row, vault))
        .optional()?;
    Ok(found.flatten().map(|one| one.of))
}

/// A piece of a file; nothing behind its end, and nothing of one that does not open.
pub fn piece(
    conn: &Connection,
    (upload, piece): (i64, u32),
    vault: Option<&Vault>,
) -> Result<Option<Vec<u8>>, Error> {
    let mut find = conn.prepare_cached(
        "select upload_piece.body, upload.respondent, upload.sealed is not null
         from upload_piece join upload on upload.id = upload_piece.upload
         where upload_piece.upload = :upload and upload_piece.piece = :piece",
    )?;
    let values = named_params! { ":upload": upload, ":piece": piece };
    let found = find.query_row(values, |row| {
        Ok((
            row.get::<_, Vec<u8>>(0)?,
            row.get(1)?,
            row.get::<_, bool>(2)?,
        ))
    });
    let Some((body, respondent, is_sealed)) = found.optional()? else {
        return Ok(None);
    };
    if !is_sealed {
        return Ok(Some(body));
    }
    let spot = Spot::Piece(respondent, upload, piece);
    let opened = vault.and_then(|vault| vault.open(spot, &body));
    Ok(opened.map(|body| body.to_vec()))
}

/// Kept files in the order they came, of tests, or of all but tests; and the number of the
/// last that was looked at. Without a vault those with sealed names are left out.
pub fn owned(
    conn: &Connection,
    (after, most): (i64, u32),
    is_test: bool,
    vault: Option<&Vault>,
) -> Result<(Vec<Owned>, Option<i64>), Error> {
    let mut list = conn.prepare_cached(
        "select upload.id, upload.block, upload.turn, upload.name, upload.sealed, upload.sort,
                upload.bytes, upload.respondent
         from upload join respondent on respondent.id = upload.respondent
         where upload.id > :after and upload.is_kept = 1 and respondent.is_test = :is_test
         order by upload.id limit :most",
    )?;
    let values = named_params! { ":after": after, ":most": most, ":is_test": is_test };
    let found = list.query_map(values, |row| {
        Ok((row.get::<_, i64>("id")?, upload(row, vault)?))
    })?;
    let found = found.collect::<SqlResult<Vec<_>>>()?;
    let end = found.last().map(|(id, _)| *id);
    let files = found.into_iter().filter_map(|(_, file)| file);
    Ok((files.collect(), end))
}

/// How many files are kept, and how much they weigh.
pub fn count(conn: &Connection) -> Result<(u64, u64), Error> {
    let mut count = conn
        .prepare_cached("select count(*), coalesce(sum(bytes), 0) from upload where is_kept = 1")?;
    Ok(count.query_row(named_params! {}, |row| Ok((row.get(0)?, row.get(1)?)))?)
}
