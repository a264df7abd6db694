//! What is left when a thing is gone: its tombstone and its certificate.

use crate::ending::model::EndingId;
use crate::ending::tombstone::Tombstone;
use crate::store::{Connection, Error, Row, SqlResult, Transaction, named_params};
use crate::web::WorkspaceId;

/// A certificate as it was signed.
#[derive(Clone, Debug)]
pub(in crate::ending) struct Certified {
    pub(in crate::ending) ending: EndingId,
    pub(in crate::ending) workspace: WorkspaceId,
    /// JSON; what was signed is this text, to the byte.
    pub(in crate::ending) record: String,
    pub(in crate::ending) digest: Vec<u8>,
    pub(in crate::ending) signature: Vec<u8>,
}

pub(in crate::ending) fn tombstones(conn: &Connection) -> Result<Vec<Tombstone>, Error> {
    let mut list =
        conn.prepare_cached("select id, kind, workspace, at, hash from tombstone order by at, id")?;
    let found = list.query_map([], |row| {
        Ok(Tombstone {
            id: row.get("id")?,
            kind: row.get("kind")?,
            workspace: row.get("workspace")?,
            at: row.get("at")?,
            hash: row.get("hash")?,
        })
    })?;
    Ok(found.collect::<SqlResult<_>>()?)
}

pub(in crate::ending) fn has_tombstone(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut find = conn.prepare_cached("select exists (select 1 from tombstone where id = :id)")?;
    Ok(find.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

pub(in crate::ending) fn add_tombstone(tx: &Transaction<'_>, one: &Tombstone) -> Result<(), Error> {
    tx.execute(
        "insert into tombstone (id, kind, workspace, at, hash)
         values (:id, :kind, :workspace, :at, :hash)
         on conflict (id) do nothing",
        named_params! {
            ":id": one.id,
            ":kind": one.kind,
            ":workspace": one.workspace,
            ":at": one.at,
            ":hash": one.hash,
        },
    )?;
    Ok(())
}

pub(in crate::ending) fn add_certificate(
    tx: &Transaction<'_>,
    one: &Certified,
) -> Result<(), Error> {
    tx.execute(
        "insert into certificate (ending, workspace, record, digest, signature)
         values (:ending, :workspace, :record, :digest, :signature)",
        named_params! {
            ":ending": one.ending,
            ":workspace": one.workspace,
            ":record": one.record,
            ":digest": one.digest,
            ":signature": one.signature,
        },
    )?;
    Ok(())
}

pub(in crate::ending) fn certificate(conn: &Connection, id: EndingId) -> Result<Certified, Error> {
    let mut find = conn.prepare_cached(
        "select ending, workspace, record, digest, signature from certificate
         where ending = :id",
    )?;
    Ok(find.query_row(named_params! { ":id": id }, certified)?)
}

fn certified(row: &Row<'_>) -> SqlResult<Certified> {
    Ok(Certified {
        ending: row.get("ending")?,
        workspace: row.get("workspace")?,
        record: row.get("record")?,
        digest: row.get("digest")?,
        signature: row.get("signature")?,
    })
}
