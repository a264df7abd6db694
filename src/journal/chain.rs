//! Carries new lines of every file's journal, in order and once, into one
//! chain of hashes in the system database.

use std::sync::{Arc, Mutex, PoisonError};

use super::run::Run;
use super::seal::{seal, seal_text};
use super::sql::{self, Carried, Glance, pack, unpack};
use crate::store::{Db, Error, Transaction};

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
            if lines.is_empty() {
                return Ok(carried);
            }
            let is_all = u32::try_from(lines.len()).is_ok_and(|count| count < AT_ONCE);
            let (name, run) = (file.to_owned(), Arc::clone(&self.run));
            carried += self
                .system
                .write(move |tx| {
                    let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
                    append(tx, &mut run, &name, &lines)
                })
                .await?;
            if is_all {
                return Ok(carried);
            }
        }
    }
}

/// Adds lines of a file to the end of the chain. Gives how many were new.
fn append(
    tx: &Transaction<'_>,
    run: &mut Run,
    file: &str,
    lines: &[(i64, String)],
) -> Result<usize, Error> {
    // Somebody else, such as the command line, was here first.
    let so_far = sql::carried(tx, file)?;
    let (mut seq, mut hash) = sql::head(tx)?.unwrap_or_default();
    run.goes_on_from(seq, &hash);
    let mut adding = sql::Adding::to(tx)?;
    let (mut before, mut count) = (so_far, 0);
    for (line, text) in lines.iter().filter(|(line, _)| *line > so_far) {
        seq += 1;
        let record = Glance::at(text)?;
        let home = at_home((*line, text), &record, file)?;
        let (text, record) = match &home {
            Some(text) => (text, Glance::at(text)?),
            None => (text, record),
        };
        hash = match record.version {
            3 => seal_text(&hash, (seq, file, *line), text),
            _ => seal(&hash, seq, file, &unpack(*line, text)?),
        };
        if *line != before + 1 {
            run.breaks_at(seq);
        }
        run.tells(seq, &record.action);
        before = *line;
        let link = Carried {
            seq,
            file,
            line: *line,
            record: text,
            hash: &hash,
        };
        adding.link(&link, &record)?;
        count += 1;
    }
    sql::set_carried(tx, file, before)?;
    run.ends((seq, hash), (file.to_owned(), before));
    Ok(count)
}

/// The text of a line that is to say which workspace it is of. Those of a workspace's own
/// file that say none are of that one, but for those of form 1, which knew none.
fn at_home(
    (line, text): (i64, &str),
    record: &Glance<'_>,
    file: &str,
) -> Result<Option<String>, Error> {
    if file == SYSTEM || record.version == 1 || !record.workspace.is_empty() {
        return Ok(None);
    }
    let mut past = unpack(line, text)?;
    file.clone_into(&mut past.workspace);
    Ok(Some(pack(&(&past).into())?))
}
