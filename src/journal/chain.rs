//! Carries new lines of every file's journal, in order and once, into one
//! chain of hashes in the system database.

use aws_lc_rs::digest;

use super::entry::Past;
use super::sql;
use crate::store::{Connection, Db, Error};

/// How many lines are carried in one transaction.
const AT_ONCE: u32 = 1_000;

/// The chain of an instance.
pub struct Chain {
    system: Db,
}

/// The first link that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    pub seq: i64,
}

impl Chain {
    pub fn new(system: Db) -> Chain {
        Chain { system }
    }

    /// Carries what is new in one file. Safe to repeat: a line that is in the
    /// chain already is not looked at again. Gives the number of lines carried.
    pub async fn carry(&self, file: &str, from: &Db) -> Result<usize, Error> {
        let mut carried = 0;
        loop {
            let name = file.to_owned();
            let so_far = self
                .system
                .read(move |conn| sql::carried(conn, &name))
                .await?;
            let lines = from
                .read(move |conn| sql::after(conn, so_far, AT_ONCE))
                .await?;
            if lines.is_empty() {
                return Ok(carried);
            }
            carried += lines.len();
            let name = file.to_owned();
            self.system
                .write(move |tx| {
                    let mut hash = sql::head(tx)?.unwrap_or_default();
                    for line in &lines {
                        hash = seal(&hash, &name, line);
                        sql::link(tx, &name, line, &hash)?;
                    }
                    Ok::<_, Error>(())
                })
                .await?;
        }
    }

    /// Reads the whole chain again. Gives the number of links, or the first
    /// that does not fit.
    pub fn verify(conn: &Connection) -> Result<Result<u64, Broken>, Error> {
        let (mut hash, mut count, mut broken) = (Vec::new(), 0, None);
        sql::each_link(conn, |seq, file, line, written| {
            hash = seal(&hash, file, line);
            count += 1;
            if hash != written {
                broken = Some(Broken { seq });
            }
            broken.is_none()
        })?;
        Ok(broken.map_or(Ok(count), Err))
    }
}

/// SHA-256 over a mark, the hash before, and every field with its length in
/// front, so that no two different lines give the same bytes.
fn seal(before: &[u8], file: &str, line: &Past) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[0]);
    let (number, at) = (line.line.to_be_bytes(), line.at.0.to_be_bytes());
    let fields: [&[u8]; 11] = [
        before,
        file.as_bytes(),
        &number,
        &at,
        line.actor.as_deref().unwrap_or_default().as_bytes(),
        line.actor_name.as_bytes(),
        line.via.as_bytes(),
        line.address.as_bytes(),
        line.action.as_bytes(),
        line.object.as_bytes(),
        line.detail.as_bytes(),
    ];
    for field in fields {
        context.update(&(field.len() as u64).to_be_bytes());
        context.update(field);
    }
    context.finish().as_ref().to_vec()
}
