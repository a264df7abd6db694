//! The log beside a file is on the disk before anybody hears that a write stands.
//!
//! Where the disk is quick, the next batch runs while the last one is on its
//! way: the thread that writes never waits. Where it is slow, that would part
//! those who write into two groups, each waiting through the other's sync; so
//! there one sync carries everybody. Which of the two holds is measured as it goes.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::Notify;

use super::writer::{EXIT_IO, Reply};

/// The last so many syncs decide, the newest most.
const REMEMBERED: u32 = 8;

/// Replies that wait for the disk, and how long their batch ran.
struct Handed {
    replies: Vec<Reply>,
    ran: Duration,
}

/// The log beside one file.
pub(super) struct Log {
    disk: Disk,
    /// The thread that syncs while the next batch runs, once there was need of it.
    beside: Option<Sender<Handed>>,
}

/// What both threads use.
#[derive(Clone)]
struct Disk {
    file: Arc<File>,
    tempo: Arc<Mutex<Tempo>>,
    committed: Arc<Notify>,
}

impl Log {
    /// Takes over from the engine: from here on it commits without waiting for the
    /// disk, and [`Log::keep`] waits instead. `committed` is told what is there.
    pub(super) fn take_over(conn: &Connection, committed: Arc<Notify>) -> io::Result<Log> {
        // The first look into the file makes the log, where there is none.
        conn.execute_batch("begin immediate; commit; pragma synchronous = normal")
            .map_err(io::Error::other)?;
        let path = conn.path().map_or(Path::new(""), Path::new);
        let mut beside = OsString::from(path);
        beside.push("-wal");
        let file = File::open(beside)?;
        // Its name has to be there as well after a power cut.
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Log {
            disk: Disk {
                file: Arc::new(file),
                tempo: Arc::default(),
                committed,
            },
            beside: None,
        })
    }

    /// The log of another file, for the same to be told.
    pub(super) fn of(&self, conn: &Connection) -> io::Result<Log> {
        Log::take_over(conn, Arc::clone(&self.disk.committed))
    }

    /// Answers those whose batch is committed, when the disk has it. The batch
    /// ran for `ran`.
    pub(super) fn keep(&mut self, replies: Vec<Reply>, ran: Duration) {
        let handed = Handed { replies, ran };
        let left = if self.disk.tempo().overlaps {
            self.hand_over(handed)
        } else {
            Some(handed)
        };
        if let Some(handed) = left {
            self.disk.sync(handed);
        }
    }

    /// Gives it back where no thread takes it.
    fn hand_over(&mut self, handed: Handed) -> Option<Handed> {
        if self.beside.is_none() {
            let (give, take) = mpsc::channel();
            let disk = self.disk.clone();
            let started = std::thread::Builder::new()
                .name("sync".to_owned())
                .spawn(move || disk.follow(&take));
            match started {
                Ok(_) => self.beside = Some(give),
                Err(error) => tracing::warn!("no thread to sync in: {error}"),
            }
        }
        match &self.beside {
            Some(thread) => thread.send(handed).err().map(|back| back.0),
            None => Some(handed),
        }
    }
}

impl Disk {
    fn tempo(&self) -> MutexGuard<'_, Tempo> {
        self.tempo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One sync carries every batch that was handed over during the last one.
    fn follow(&self, batches: &Receiver<Handed>) {
        while let Ok(mut all) = batches.recv() {
            while let Ok(next) = batches.try_recv() {
                all.ran += next.ran;
                all.replies.extend(next.replies);
            }
            self.sync(all);
        }
    }

    fn sync(&self, handed: Handed) {
        let from = Instant::now();
        if let Err(error) = self.file.sync_data() {
            // What the disk holds is unknown: only a new start may go on.
            tracing::error!("the disk failed while writing: {error}; stopping");
            std::process::exit(EXIT_IO);
        }
        self.tempo().learn(handed.ran, from.elapsed());
        for reply in handed.replies {
            reply(Ok(()));
        }
        self.committed.notify_one();
    }
}

/// How long batches run for each sync, and how long the sync takes.
#[derive(Default)]
struct Tempo {
    ran: Duration,
    synced: Duration,
    /// Does the next batch run while the last one is synced?
    overlaps: bool,
}

impl Tempo {
    /// With everybody in one sync, a round takes as long as all their work and one
    /// sync; with two groups it takes two syncs or all their work, whichever is
    /// longer. The latter is less where a sync is shorter than all their work,
    /// of which a sync carries half when there are two groups.
    fn learn(&mut self, ran: Duration, synced: Duration) {
        let smooth = |old: Duration, new: Duration| (old * (REMEMBERED - 1) + new) / REMEMBERED;
        self.ran = smooth(self.ran, ran);
        self.synced = smooth(self.synced, synced);
        let work = if self.overlaps {
            2 * self.ran
        } else {
            self.ran
        };
        self.overlaps = self.synced < work;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, connect};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_sync_runs_beside_the_work_only_where_it_is_the_shorter() {
        let mut tempo = Tempo::default();
        for _ in 0..20 {
            tempo.learn(MS, 5 * MS);
        }
        assert!(!tempo.overlaps, "a slow disk");
        for _ in 0..40 {
            tempo.learn(2 * MS, MS);
        }
        assert!(tempo.overlaps, "a quick one");
        // Half of the work comes with each sync now; that alone changes nothing.
        for _ in 0..40 {
            tempo.learn(MS, MS + MS / 2);
        }
        assert!(tempo.overlaps);
        for _ in 0..40 {
            tempo.learn(MS, 3 * MS);
        }
        assert!(!tempo.overlaps, "the disk became slow");
    }

    #[test]
    fn everybody_is_answered_in_order_by_either_thread() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("a.db"), Key::random().unwrap());
        let conn = connect::to_write(&path, &key).unwrap();
        let mut log = Log::take_over(&conn, Arc::default()).unwrap();
        let (said, heard) = mpsc::channel();
        for number in 0..60 {
            log.disk.tempo().overlaps = number >= 20;
            let replies = (0..3).map(|part| {
                let said = said.clone();
                let reply: Reply = Box::new(move |done| {
                    done.unwrap();
                    said.send((number, part)).unwrap();
                });
                reply
            });
            log.keep(replies.collect(), MS);
            assert_eq!(number >= 20, log.beside.is_some());
        }
        // What was handed over is answered though nobody hands over more.
        drop((log, said));
        let heard: Vec<_> = heard.iter().collect();
        let expected: Vec<_> = (0..60).flat_map(|n| (0..3).map(move |p| (n, p))).collect();
        assert_eq!(heard, expected);
    }
}
