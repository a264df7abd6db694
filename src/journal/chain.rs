//! Carries new lines of every file's journal, in order and once, into one
//! chain of hashes in the system database.

use std::sync::{Arc, Mutex, PoisonError};

use super::run::Run;
use super::seal::seal;
use super::sql::{self, Link};
use crate::store::{Db, Error};

/// How many lines are carried in one transaction.
const AT_ONCE: u32 = 1_000;
/// The name the system database goes by in the chain.
pub const SYSTEM: &str = "system";

/// The chain of an instance.
#[derive(Clone)]
pub struct Chain {
    system: Db,
    run: Arc<Mutex<Run>>,
}

impl Chain {
    pub fn new(system: Db) -> Chain {
        Chain {
            system,
            run: Arc::default(),
        }
    }

    /// What this process carried last, without a break.
    pub fn run(&self) -> Run {
        self.run
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
            let Some(last) = lines.last().map(|line| line.line) else {
                return Ok(carried);
            };
            let is_all = u32::try_from(lines.len()).is_ok_and(|count| count < AT_ONCE);
            let (name, run) = (file.to_owned(), Arc::clone(&self.run));
            carried += self
                .system
                .write(move |tx| {
                    // Somebody else, such as the command line, was here first.
                    let so_far = sql::carried(tx, &name)?;
                    let (mut seq, mut hash) = sql::head(tx)?.unwrap_or_default();
                    let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
                    run.goes_on_from(seq, &hash);
                    let (mut before, mut count) = (so_far, 0);
                    for mut past in lines.into_iter().filter(|past| past.line > so_far) {
                        if past.version > 1 && past.workspace.is_empty() && name != SYSTEM {
                            past.workspace.clone_from(&name);
                        }
                        seq += 1;
                        hash = seal(&hash, seq, &name, &past);
                        run.add((&name, before, past.line), seq, &hash);
                        before = past.line;
                        let (file, hash) = (name.clone(), hash.clone());
                        sql::link(
                            tx,
                            &Link {
                                seq,
                                file,
                                past,
                                hash,
                            },
                        )?;
                        count += 1;
                    }
                    sql::set_carried(tx, &name, last.max(so_far))?;
                    Ok::<_, Error>(count)
                })
                .await?;
            if is_all {
                return Ok(carried);
            }
        }
    }
}
