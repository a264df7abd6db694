//! The one thread that writes to a file. It takes whatever waits in its queue,
//! runs it in one transaction and answers everybody after the one sync.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, ffi};
use tokio::sync::{Notify, mpsc, oneshot};

use super::policy::Bound;
use super::{Error, Transaction};

/// How many writes may wait before callers are made to wait themselves.
const QUEUE: usize = 1024;
/// How many writes share one sync at the most.
const BATCH: usize = 512;
/// `EX_IOERR`: what the disk holds is unknown, so nobody may go on.
const EXIT_IO: i32 = 74;

/// Does its work on the connection and says whether it stands; the reply is
/// sent when the batch is on disk, or is not.
type Job = Box<dyn FnOnce(&Connection) -> (bool, Reply) + Send>;
type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// `committed` is told after every batch that reached the disk.
    pub(super) fn start(conn: Connection, committed: Arc<Notify>) -> Result<Writer, Error> {
        let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Some(first) = jobs.blocking_recv() {
                    batch(&conn, first, &mut jobs);
                    committed.notify_one();
                }
            })?;
        Ok(Writer { queue })
    }

    pub(super) async fn run<T, E>(
        &self,
        bound: Option<Bound>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let done = work(&Transaction {
                conn,
                bound: bound.as_ref(),
            });
            let stands = done.is_ok();
            let reply = move |committed: Result<(), Error>| {
                let done = match committed {
                    Ok(()) => done,
                    Err(error) => done.and(Err(error.into())),
                };
                // Nobody waits any more if the request was dropped; the write stands.
                let _ = answer.send(done);
            };
            (stands, Box::new(reply))
        });
        self.queue
            .send(job)
            .await
            .map_err(|_closed| Error::Closed)?;
        wait.await.map_err(|_closed| Error::Closed)?
    }
}

fn batch(conn: &Connection, first: Job, jobs: &mut mpsc::Receiver<Job>) {
    if let Err(error) = conn.execute_batch("begin immediate") {
        let (_, reply) = refuse(first);
        return reply(Err(stop_if_lost(error)));
    }
    let mut replies = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        replies.extend(one(conn, job));
        // A full disk or a failed read ends the transaction under us, and with
        // it everything the batch did so far.
        if conn.is_autocommit() {
            return replies
                .into_iter()
                .for_each(|reply| reply(Err(Error::Full)));
        }
        next = (replies.len() < BATCH)
            .then(|| jobs.try_recv().ok())
            .flatten();
    }
    match conn.execute_batch("commit") {
        Ok(()) => replies.into_iter().for_each(|reply| reply(Ok(()))),
        Err(error) => {
            let full = matches!(stop_if_lost(error), Error::Full);
            // Nothing to undo if the engine already did.
            let _ = conn.execute_batch("rollback");
            for reply in replies {
                reply(Err(if full { Error::Full } else { Error::Busy }));
            }
        }
    }
}

/// Answers a job that never ran. Its work is dropped, so its caller hears `Closed`.
fn refuse(job: Job) -> (bool, Reply) {
    drop(job);
    (false, Box::new(|_| ()))
}

/// One job in a savepoint of its own: what fails or panics undoes only itself.
fn one(conn: &Connection, job: Job) -> Option<Reply> {
    run_cached(conn, "savepoint job");
    let done = catch_unwind(AssertUnwindSafe(|| job(conn)));
    if conn.is_autocommit() {
        return done.ok().map(|(_, reply)| reply);
    }
    match done {
        Ok((true, reply)) => {
            run_cached(conn, "release job");
            Some(reply)
        }
        Ok((false, reply)) => {
            undo(conn);
            Some(reply)
        }
        Err(_panic) => {
            tracing::error!("a write panicked and was undone");
            undo(conn);
            None
        }
    }
}

fn undo(conn: &Connection) {
    run_cached(conn, "rollback to job");
    run_cached(conn, "release job");
}

/// Statements that can fail only by losing the disk, which the next check sees.
fn run_cached(conn: &Connection, sql: &'static str) {
    let done = conn
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]));
    if let Err(error) = done {
        tracing::error!("{sql}: {}", stop_if_lost(error));
    }
}

/// After a failed write or sync what the disk holds is unknown: only a new
/// start, which reads it again, may go on.
fn stop_if_lost(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(
        ffi::Error {
            code: ErrorCode::SystemIoFailure,
            ..
        },
        _,
    ) = &error
    {
        tracing::error!("the disk failed while writing: {error}; stopping");
        std::process::exit(EXIT_IO);
    }
    error.into()
}
