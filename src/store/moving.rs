//! A file goes on in a copy of itself under another key, while it is read and written.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tokio::sync::{mpsc, oneshot};

use super::log::Log;
use super::writer::{self, Order};
use super::{Error, Key, connect, mutation};

/// Pages copied before writers have their turn: about a megabyte.
const PAGES: i32 = 256;

/// The copy to go on in.
pub(super) struct Copy {
    pub(super) path: PathBuf,
    pub(super) key: Key,
    /// Called when the copy is whole and on disk, before anybody uses it. What
    /// it does is the one step that counts: if it fails, nothing has changed.
    pub(super) take_over: Box<dyn FnOnce() -> Result<(), Error> + Send>,
}

pub(super) struct Move {
    pub(super) to: Copy,
    pub(super) answer: oneshot::Sender<Result<(), Error>>,
}

/// Copies the file and gives the connection to the copy; the old one when
/// that fails.
pub(super) fn follow(
    (conn, mut log): (Connection, Log),
    order: Move,
    orders: &mut mpsc::Receiver<Order>,
) -> (Connection, Log) {
    let Move { to, answer } = order;
    let path = to.path.clone();
    let done = copied((&conn, &mut log), &to, orders).and_then(|copy| {
        (to.take_over)()?;
        Ok(copy)
    });
    let (stays, done) = match done {
        Ok(copy) => (copy, Ok(())),
        Err(error) => {
            super::remove_copy(&path);
            ((conn, log), Err(error))
        }
    };
    // Whoever asked may have gone: the file says what became of it.
    let _ = answer.send(done);
    stays
}

/// A connection to the whole copy, and its log. Writes go on between two pieces: the engine
/// carries what this connection writes into the copy.
fn copied(
    (conn, log): (&Connection, &mut Log),
    to: &Copy,
    orders: &mut mpsc::Receiver<Order>,
) -> Result<(Connection, Log), Error> {
    super::remove_copy(&to.path);
    let mut copy = connect::to_copy(&to.path, &to.key)?;
    let copying = Backup::new(conn, &mut copy)?;
    loop {
        match copying.step(PAGES)? {
            StepResult::Done => break,
            StepResult::More => {}
            _ => return Err(Error::Busy),
        }
        writer::let_write((conn, &mut *log), orders);
    }
    drop(copying);
    drop(copy);
    fs::File::open(&to.path)?.sync_all()?;
    if let Some(folder) = to.path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    let mut conn = connect::to_write(&to.path, &to.key)?;
    let next = log.of(&conn)?;
    mutation::watch(&mut conn)?;
    Ok((conn, next))
}
