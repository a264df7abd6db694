//! The one thread that writes to a file. It takes whatever waits in its queue,
//! runs it in one transaction and has everybody answered after the one sync.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, ffi};
use tokio::sync::{Notify, mpsc, oneshot};

use super::log::Log;
use super::policy::Bound;
use super::scrub::{self, Scrubbed};
use super::trial::Trial;
use super::{Changes, Error, Transaction, changes, moving};

/// How many writes may wait before callers are made to wait themselves.
const QUEUE: usize = 1024;
/// How many writes share one sync at the most.
const BATCH: usize = 512;
/// `EX_IOERR`: what the disk holds is unknown, so nobody may go on.
pub(super) const EXIT_IO: i32 = 74;

/// Does its work on the connection and says whether it stands; the reply is
/// sent when the batch is on disk, or is not.
pub(super) type Job = Box<dyn FnOnce(&Connection) -> (bool, Reply) + Send>;
pub(super) type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// What the thread is asked to do.
pub(super) enum Order {
    Write(Job),
    /// Go on in a copy of the file.
    Move(moving::Move),
    /// Leave nothing of what was deleted.
    Scrub(oneshot::Sender<Result<Scrubbed, Error>>),
    /// Do something, alone, and undo it.
    Try(Trial),
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Order>,
    /// Writes that stand; goes up before whoever wrote hears of it.
    standing: Arc<AtomicU64>,
}

impl Writer {
    /// `committed` is told after every batch that reached the disk, and `changes` which
    /// tables it touched.
    /// The file grows to the bytes in `room` at the most, unless they are zero.
    pub(super) fn start(
        conn: Connection,
        committed: Arc<Notify>,
        changes: Option<Arc<Changes>>,
        room: Arc<AtomicU64>,
    ) -> Result<Writer, Error> {
        let (queue, mut orders) = mpsc::channel::<Order>(QUEUE);
        let log = Log::take_over(&conn, Arc::clone(&committed))?;
        // `write onsight`, `write data`: which file a thread is busy with.
        let path = conn.path().map(Path::new);
        let stem = path.and_then(Path::file_stem).unwrap_or_default();
        std::thread::Builder::new()
            .name(format!("write {}", stem.to_string_lossy()))
            .spawn(move || {
                changes::tell_to(changes);
                let (mut conn, mut log, mut bounded) = (conn, log, 0);
                let mut next = orders.blocking_recv();
                while let Some(order) = next.take() {
                    match order {
                        Order::Write(first) => {
                            bound(&conn, &mut bounded, room.load(Ordering::Relaxed));
                            next = batch((&conn, &mut log), first, &mut orders);
                        }
                        Order::Move(order) => {
                            (conn, log) = moving::follow((conn, log), order, &mut orders);
                            bounded = 0;
                            committed.notify_one();
                        }
                        // Whoever asked may have gone: the file is clean all the same.
                        Order::Scrub(answer) => {
                            let turn = |conn: &Connection| {
                                let_write((conn, &mut log), &mut orders);
                            };
                            let _ = answer.send(scrub::scrub(&conn, turn));
                            committed.notify_one();
                        }
                        Order::Try(trial) => {
                            bound(&conn, &mut bounded, room.load(Ordering::Relaxed));
                            trial(Ok(&mut conn));
                        }
                    }
                    next = next.or_else(|| orders.blocking_recv());
                }
            })?;
        Ok(Writer {
            queue,
            standing: Arc::default(),
        })
    }

    pub(super) fn standing(&self) -> u64 {
        self.standing.load(Ordering::SeqCst)
    }

    /// How many orders wait for the thread.
    pub(super) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Has the thread go on in a copy of the file.
    pub(super) async fn go_to(&self, to: moving::Copy) -> Result<(), Error> {
        let (answer, wait) = oneshot::channel();
        self.queue
            .send(Order::Move(moving::Move { to, answer }))
            .await
            .map_err(|_closed| Error::Closed)?;
        wait.await.map_err(|_closed| Error::Closed)?
    }

    /// Has the thread leave nothing of what was deleted.
    pub(super) async fn scrub(&self) -> Result<Scrubbed, Error> {
        let (answer, wait) = oneshot::channel();
        self.queue
            .send(Order::Scrub(answer))
            .await
            .map_err(|_closed| Error::Closed)?;
        wait.await.map_err(|_closed| Error::Closed)?
    }

    /// Has the thread do something and undo it.
    pub(super) async fn try_out(&self, trial: Trial) -> Result<(), Error> {
        let sent = self.queue.send(Order::Try(trial)).await;
        sent.map_err(|_closed| Error::Closed)
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
        let standing = Arc::clone(&self.standing);
        let job: Job = Box::new(move |conn| {
            let done = work(&Transaction {
                conn,
                bound: bound.as_ref(),
            });
            let stands = done.is_ok();
            let reply = move |committed: Result<(), Error>| {
                standing.fetch_add(1, Ordering::SeqCst);
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
            .send(Order::Write(job))
            .await
            .map_err(|_closed| Error::Closed)?;
        wait.await.map_err(|_closed| Error::Closed)?
    }
}

/// Has the engine refuse what would make the file larger than that.
fn bound(conn: &Connection, bounded: &mut u64, room: u64) {
    if *bounded == room {
        return;
    }
    let pages = i64::try_from(room >> 12).unwrap_or(i64::MAX);
    match conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())) {
        Ok(()) => *bounded = room,
        Err(error) => tracing::error!("a file's size could not be bounded: {error}"),
    }
}

/// Gives back what came up meanwhile and is no write.
pub(super) fn batch(
    (conn, log): (&Connection, &mut Log),
    first: Job,
    orders: &mut mpsc::Receiver<Order>,
) -> Option<Order> {
    let from = Instant::now();
    if let Err(error) = conn.execute_batch("begin immediate") {
        let (_, reply) = refuse(first);
        reply(Err(stop_if_lost(error)));
        return None;
    }
    changes::begin_batch();
    let (mut replies, mut left) = (Vec::new(), None);
    let mut next = Some(first);
    while let Some(job) = next.take() {
        replies.extend(one(conn, job));
        // A full disk or a failed read ends the transaction under us, and with
        // it everything the batch did so far.
        if conn.is_autocommit() {
            for reply in replies {
                reply(Err(Error::Full));
            }
            return None;
        }
        if replies.len() < BATCH {
            match orders.try_recv() {
                Ok(Order::Write(job)) => next = Some(job),
                Ok(order) => left = Some(order),
                Err(_) => {}
            }
        }
    }
    match conn.execute_batch("commit") {
        Ok(()) => {
            changes::tell();
            log.keep(replies, from.elapsed());
        }
        Err(error) => {
            let full = matches!(stop_if_lost(error), Error::Full);
            // Nothing to undo if the engine already did.
            let _ = conn.execute_batch("rollback");
            for reply in replies {
                reply(Err(if full { Error::Full } else { Error::Busy }));
            }
        }
    }
    left
}

/// Those who wait to write have their turn in the middle of something longer.
pub(super) fn let_write((conn, log): (&Connection, &mut Log), orders: &mut mpsc::Receiver<Order>) {
    match orders.try_recv() {
        Ok(Order::Write(job)) => {
            if let Some(order) = batch((conn, log), job, orders) {
                put_off(order);
            }
        }
        Ok(order) => put_off(order),
        Err(_) => {}
    }
}

/// One thing at a time: what is no write comes back later.
fn put_off(order: Order) {
    match order {
        Order::Move(second) => {
            let _ = second.answer.send(Err(Error::Busy));
        }
        Order::Scrub(answer) => {
            let _ = answer.send(Err(Error::Busy));
        }
        Order::Try(trial) => trial(Err(Error::Busy)),
        Order::Write(_) => {}
    }
}

/// Answers a job that never ran. Its work is dropped, so its caller hears `Closed`.
fn refuse(job: Job) -> (bool, Reply) {
    drop(job);
    (false, Box::new(|_| ()))
}

/// One job in a savepoint of its own: what fails or panics undoes only itself.
fn one(conn: &Connection, job: Job) -> Option<Reply> {
    changes::begin_job();
    run_cached(conn, "savepoint job");
    let done = catch_unwind(AssertUnwindSafe(|| job(conn)));
    if conn.is_autocommit() {
        return done.ok().map(|(_, reply)| reply);
    }
    match done {
        Ok((true, reply)) => {
            run_cached(conn, "release job");
            changes::keep_job();
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
pub(super) fn stop_if_lost(error: rusqlite::Error) -> Error {
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
