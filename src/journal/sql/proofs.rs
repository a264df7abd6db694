//! Checkpoints, and segments that were sealed.

use rusqlite::named_params;

use crate::base::Time;
use crate::journal::checkpoint::Checkpoint;
use crate::journal::segment::Segment;
use crate::store::{Connection, Error, OptionalExtension, Row, Transaction};

pub(in crate::journal) fn newest_checkpoint(conn: &Connection) -> Result<Option<i64>, Error> {
    Ok(
        conn.query_row("select max(seq) from chain_checkpoint", [], |row| {
            row.get(0)
        })?,
    )
}

pub(in crate::journal) fn add_checkpoint(
    tx: &Transaction<'_>,
    checkpoint: &Checkpoint,
) -> Result<(), Error> {
    tx.execute(
        "insert into chain_checkpoint (seq, at, hash, signature)
         values (:seq, :at, :hash, :signature)",
        named_params! {
            ":seq": checkpoint.seq,
            ":at": checkpoint.at.0,
            ":hash": checkpoint.hash,
            ":signature": checkpoint.signature,
        },
    )?;
    Ok(())
}

pub(in crate::journal) fn checkpoints(conn: &Connection) -> Result<Vec<Checkpoint>, Error> {
    let mut list =
        conn.prepare_cached("select seq, at, hash, signature from chain_checkpoint order by seq")?;
    let found = list.query_map([], |row| {
        Ok(Checkpoint {
            seq: row.get("seq")?,
            at: Time(row.get("at")?),
            hash: row.get("hash")?,
            signature: row.get("signature")?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The first link there is and the last of the run from it that is older than
/// `until`, at most `most` long and never the newest.
pub(in crate::journal) fn old_links(
    conn: &Connection,
    until: Time,
    most: i64,
) -> Result<Option<(i64, i64)>, Error> {
    let (first, newest): (Option<i64>, Option<i64>) =
        conn.query_row("select min(seq), max(seq) from _chain", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let (Some(first), Some(newest)) = (first, newest) else {
        return Ok(None);
    };
    let young: Option<i64> = conn.query_row(
        "select min(seq) from _chain where seq < :end and at >= :until",
        named_params! { ":end": first + most, ":until": until.0 },
        |row| row.get(0),
    )?;
    let last = young.unwrap_or(first + most).min(newest) - 1;
    Ok((last >= first).then_some((first, last)))
}

/// The hash that the link with that number builds upon; empty for the first of all.
pub(in crate::journal) fn hash_before(conn: &Connection, seq: i64) -> Result<Vec<u8>, Error> {
    let hash = conn.query_row(
        "select hash from _chain where seq = :before
         union all select hash from chain_segment where last = :before",
        named_params! { ":before": seq - 1 },
        |row| row.get(0),
    );
    Ok(hash.optional()?.unwrap_or_default())
}

pub fn segments(conn: &Connection) -> Result<Vec<Segment>, Error> {
    let mut list = conn.prepare_cached(
        "select first, last, first_at, last_at, before, hash, file, bytes, digest, sealed
         from chain_segment order by first",
    )?;
    let found = list.query_map([], segment)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn segment(row: &Row<'_>) -> rusqlite::Result<Segment> {
    Ok(Segment {
        first: row.get("first")?,
        last: row.get("last")?,
        first_at: Time(row.get("first_at")?),
        last_at: Time(row.get("last_at")?),
        before: row.get("before")?,
        hash: row.get("hash")?,
        file: row.get("file")?,
        bytes: row.get("bytes")?,
        digest: row.get("digest")?,
        sealed: Time(row.get("sealed")?),
    })
}

/// Notes the segment and takes its links out of the chain.
pub fn take_out(tx: &Transaction<'_>, segment: &Segment) -> Result<(), Error> {
    tx.execute(
        "insert into chain_segment (first, last, first_at, last_at, before, hash, file, bytes,
                                    digest, sealed)
         values (:first, :last, :first_at, :last_at, :before, :hash, :file, :bytes, :digest,
                 :sealed)",
        named_params! {
            ":first": segment.first,
            ":last": segment.last,
            ":first_at": segment.first_at.0,
            ":last_at": segment.last_at.0,
            ":before": segment.before,
            ":hash": segment.hash,
            ":file": segment.file,
            ":bytes": segment.bytes,
            ":digest": segment.digest,
            ":sealed": segment.sealed.0,
        },
    )?;
    tx.execute(
        "delete from _chain where seq between :first and :last",
        named_params! { ":first": segment.first, ":last": segment.last },
    )?;
    Ok(())
}

/// Takes lines that the chain has carried out of a file's own journal: those up
/// to `line` that are older than `until`. The newest stays, so that numbers go on.
pub fn prune(tx: &Transaction<'_>, line: i64, until: Time) -> Result<usize, Error> {
    Ok(tx.execute(
        "delete from _journal
         where id <= :line and at < :until and id < (select max(id) from _journal)",
        named_params! { ":line": line, ":until": until.0 },
    )?)
}
