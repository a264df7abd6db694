//! Files in the file of a survey: whose they are, and their pieces.

use super::{Sort, Upload};
use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};

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

fn upload(row: &Row<'_>) -> SqlResult<Upload> {
    let sort: String = row.get("sort")?;
    Ok(Upload {
        id: row.get("id")?,
        block: row.get("block")?,
        turn: row.get("turn")?,
        name: row.get("name")?,
        sort: Sort::named(&sort),
        bytes: row.get("bytes")?,
    })
}

/// The files of a respondent that came whole, in the order they came.
pub fn of_respondent(conn: &Connection, respondent: i64) -> Result<Vec<Upload>, Error> {
    let mut list = conn.prepare_cached(
        "select id, block, turn, name, sort, bytes from upload
         where respondent = :respondent and is_whole = 1 order by id",
    )?;
    let found = list.query_map(named_params! { ":respondent": respondent }, upload)?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// A new file of a respondent. The name gets a number where there is one of that name.
pub(super) fn begin(
    tx: &Transaction<'_>,
    respondent: i64,
    (block, turn, name): (&str, u32, &str),
    now: Time,
) -> Result<(i64, String), Error> {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) => (stem, format!(".{ending}")),
        None => (name, String::new()),
    };
    let mut free = name.to_owned();
    let mut number = 2;
    while is_taken(tx, respondent, (block, turn, &free))? {
        free = format!("{stem} ({number}){ending}");
        number += 1;
    }
    tx.execute(
        "insert into upload (respondent, block, turn, name, sort, bytes, at)
         values (:respondent, :block, :turn, :name, 'other', 0, :at)",
        named_params! {
            ":respondent": respondent, ":block": block, ":turn": turn, ":name": free, ":at": now.0,
        },
    )?;
    Ok((tx.last_insert_rowid(), free))
}

fn is_taken(
    conn: &Connection,
    respondent: i64,
    (block, turn, name): (&str, u32, &str),
) -> Result<bool, Error> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from upload where respondent = :respondent and block = :block
                                               and turn = :turn and name = :name)",
    )?;
    let values = named_params! {
        ":respondent": respondent, ":block": block, ":turn": turn, ":name": name,
    };
    Ok(find.query_row(values, |row| row.get(0))?)
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

/// A piece of a file that is still coming.
pub(super) fn add_piece(
    tx: &Transaction<'_>,
    (upload, piece): (i64, u32),
    body: &[u8],
) -> Result<(), Error> {
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
pub fn settle(tx: &Transaction<'_>, respondent: i64) -> Result<(), Error> {
    let values = named_params! { ":respondent": respondent };
    tx.execute(
        "update upload set is_kept = 1
         where respondent = :respondent and is_kept = 0 and exists
           (select 1 from answer
            where answer.respondent = upload.respondent and answer.turn = upload.turn
              and answer.value = upload.name
              and (answer.variable = upload.block
                   or answer.variable glob upload.block || '_[0-9]*'))",
        values,
    )?;
    tx.execute(
        "delete from upload
         where respondent = :respondent
           and (is_kept = 1 or exists (select 1 from respondent
                                       where respondent.id = upload.respondent
                                         and respondent.outcome is not null))
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

/// Lets go of those that no answer names.
pub fn drop_unused(tx: &Transaction<'_>, ids: &[i64]) -> Result<(), Error> {
    tx.execute(
        "delete from upload where is_kept = 0 and id in (select value from json_each(:ids))",
        named_params! { ":ids": serde_json::json!(ids).to_string() },
    )?;
    Ok(())
}

/// A kept file of that respondent.
pub fn one(conn: &Connection, (respondent, id): (i64, i64)) -> Result<Option<Upload>, Error> {
    let mut find = conn.prepare_cached(
        "select id, block, turn, name, sort, bytes from upload
         where id = :id and respondent = :respondent and is_kept = 1",
    )?;
    let values = named_params! { ":id": id, ":respondent": respondent };
    Ok(find.query_row(values, upload).optional()?)
}

/// A piece of a file; nothing behind its end.
pub fn piece(conn: &Connection, (upload, piece): (i64, u32)) -> Result<Option<Vec<u8>>, Error> {
    let mut find = conn.prepare_cached(
        "select body from upload_piece where upload = :upload and piece = :piece",
    )?;
    let values = named_params! { ":upload": upload, ":piece": piece };
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

/// Kept files after that one, in the order they came: of tests, or of all but tests.
pub fn owned(
    conn: &Connection,
    (after, most): (i64, u32),
    is_test: bool,
) -> Result<Vec<Owned>, Error> {
    let mut list = conn.prepare_cached(
        "select upload.id, upload.block, upload.turn, upload.name, upload.sort, upload.bytes,
                upload.respondent
         from upload join respondent on respondent.id = upload.respondent
         where upload.id > :after and upload.is_kept = 1 and respondent.is_test = :is_test
         order by upload.id limit :most",
    )?;
    let values = named_params! { ":after": after, ":most": most, ":is_test": is_test };
    let found = list.query_map(values, |row| {
        Ok(Owned {
            respondent: row.get("respondent")?,
            of: upload(row)?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

/// How many files are kept, and how much they weigh.
pub fn count(conn: &Connection) -> Result<(u64, u64), Error> {
    let mut count = conn
        .prepare_cached("select count(*), coalesce(sum(bytes), 0) from upload where is_kept = 1")?;
    Ok(count.query_row(named_params! {}, |row| Ok((row.get(0)?, row.get(1)?)))?)
}
