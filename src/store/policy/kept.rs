//! Where the policies of tables are kept: in the file of the rows they govern.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Row, named_params, types};

use super::{Layer, Policy};
use crate::base::Time;
use crate::store::{Error, Transaction, changes};

/// The policies of a file, kept until one changes.
#[derive(Default)]
pub(in crate::store) struct Kept(Mutex<(u64, Option<Arc<[Policy]>>)>);

impl Kept {
    /// What is known, and the number to come back with when it is not.
    pub(in crate::store) fn known(&self) -> (u64, Option<Arc<[Policy]>>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps what was read, unless something changed since.
    pub(in crate::store) fn keep(&self, number: u64, policies: &Arc<[Policy]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 == number {
            kept.1 = Some(Arc::clone(policies));
        }
    }

    pub(in crate::store) fn forget(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        kept.1 = None;
    }
}

/// The policies of the tables of a file, by table.
pub fn policies(conn: &Connection) -> Result<Vec<Policy>, Error> {
    let mut list = conn
        .prepare_cached("select \"table\", \"rows\", mask, free from _policy order by \"table\"")?;
    let policies = list.query_map([], policy)?;
    Ok(policies.collect::<Result<_, _>>()?)
}

fn policy(row: &Row<'_>) -> rusqlite::Result<Policy> {
    Ok(Policy {
        table: row.get("table")?,
        layer: Layer {
            rows: row.get("rows")?,
            mask: list(row, "mask")?,
        },
        free: list(row, "free")?,
    })
}

/// A list that does not read as one is an error: no policy is not a policy.
fn list<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, types::Type::Text, Box::new(error))
    })
}

/// Puts a policy in place of the one the table had. [`crate::store::Db::policies_changed`]
/// is to be called once it is on disk.
pub fn keep_policy(tx: &Transaction<'_>, policy: &Policy, now: Time) -> Result<(), Error> {
    let broken = |error: serde_json::Error| Error::Io(std::io::Error::other(error));
    tx.execute(
        "insert into _policy (\"table\", \"rows\", mask, free, changed)
         values (:table, :rows, :mask, :free, :now)
         on conflict (\"table\") do update set
           \"rows\" = excluded.\"rows\", mask = excluded.mask, free = excluded.free,
           changed = excluded.changed",
        named_params! {
            ":table": policy.table,
            ":rows": policy.layer.rows,
            ":mask": serde_json::to_string(&policy.layer.mask).map_err(broken)?,
            ":free": serde_json::to_string(&policy.free).map_err(broken)?,
            ":now": now.0,
        },
    )?;
    changes::all();
    Ok(())
}

/// Takes the policy of a table away; `false` when it had none.
pub fn forget_policy(tx: &Transaction<'_>, table: &str) -> Result<bool, Error> {
    let gone = tx.execute(
        "delete from _policy where \"table\" = :table",
        named_params! { ":table": table },
    )?;
    changes::all();
    Ok(gone == 1)
}
