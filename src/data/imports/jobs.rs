//! What is being done with uploads right now: how far it is, and how to stop it.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::model::{Error, UploadId};
use crate::data::Data;
use crate::data::readers::Progress;
use crate::site::Site;
use crate::store::Cancel;
use crate::web::WorkspaceId;

/// Files of one workspace read at once; more wait for their turn.
const OWN: usize = 2;
/// Files of all workspaces read at once.
const AT_ONCE: usize = 4;

/// What bringing data leans on. Make one per process: the first job in a
/// workspace clears away what an earlier process left unfinished.
#[derive(Clone)]
pub struct Imports {
    pub(super) data: Data,
    pub(super) seats: Arc<Semaphore>,
    own: Arc<Mutex<HashMap<WorkspaceId, Arc<Semaphore>>>>,
    jobs: Arc<Mutex<HashMap<UploadId, Arc<Job>>>>,
    pub(super) swept: Arc<tokio::sync::Mutex<HashSet<WorkspaceId>>>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Look,
    Check,
    Import,
}

/// One job.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) cancel: Cancel,
    begun: Instant,
    rows: AtomicU64,
    done: AtomicU64,
    bytes: AtomicU64,
    waiting: AtomicBool,
    finishing: AtomicBool,
    /// Closed when it ends.
    over: Semaphore,
}

/// How far a job is, for a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) rows: u64,
    pub(super) done: u64,
    pub(super) bytes: u64,
    pub(super) left: Option<Duration>,
    pub(super) waiting: bool,
    pub(super) finishing: bool,
}

/// A job that is on the list until this is dropped.
pub(super) struct Running {
    pub(super) job: Arc<Job>,
    imports: Imports,
    upload: UploadId,
}

impl Imports {
    pub fn new(data: Data) -> Imports {
        Imports {
            data,
            seats: Arc::new(Semaphore::new(AT_ONCE)),
            own: Arc::default(),
            jobs: Arc::default(),
            swept: Arc::default(),
        }
    }

    pub(super) fn site(&self) -> &Site {
        &self.data.site
    }

    pub(super) fn seats_of(&self, workspace: WorkspaceId) -> Arc<Semaphore> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let seats = own
            .entry(workspace)
            .or_insert_with(|| Arc::new(Semaphore::new(OWN)));
        Arc::clone(seats)
    }

    /// Puts a job on the list, unless there is one for that upload.
    pub(super) fn begin(&self, upload: UploadId, work: Work) -> Result<Running, Error> {
        let mut jobs = self.lock();
        if jobs.contains_key(&upload) {
            return Err(Error::Running);
        }
        let job = Arc::new(Job::new(work));
        jobs.insert(upload, Arc::clone(&job));
        Ok(Running {
            job,
            imports: self.clone(),
            upload,
        })
    }

    /// What is being done with that upload.
    pub(super) fn job(&self, upload: UploadId) -> Option<Arc<Job>> {
        self.lock().get(&upload).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.imports.lock().remove(&self.upload);
        self.job.over.close();
    }
}

impl Job {
    pub(super) fn new(work: Work) -> Job {
        Job {
            work,
            cancel: Cancel::default(),
            begun: Instant::now(),
            rows: AtomicU64::new(0),
            done: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            waiting: AtomicBool::new(true),
            finishing: AtomicBool::new(false),
            over: Semaphore::new(0),
        }
    }

    /// Its turn has come.
    pub(super) fn starts(&self) {
        self.waiting.store(false, Ordering::Relaxed);
    }

    /// From here on it can no longer be stopped. `false`: somebody just did.
    pub(super) fn finishes(&self) -> bool {
        self.finishing.store(true, Ordering::Relaxed);
        !self.cancel.is_cancelled()
    }

    /// Takes down how far it is, and says whether to go on.
    pub(super) fn note(&self, progress: Progress) -> ControlFlow<()> {
        self.rows.store(progress.rows, Ordering::Relaxed);
        self.done.store(progress.bytes_done, Ordering::Relaxed);
        self.bytes.store(progress.bytes, Ordering::Relaxed);
        if self.cancel.is_cancelled() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Waits until it is off the list.
    pub(super) async fn ended(&self) {
        // There is nothing to acquire: the answer comes when it is closed.
        let _ = self.over.acquire().await;
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn seen(&self) -> Seen {
        let (done, bytes) = (
            self.done.load(Ordering::Relaxed),
            self.bytes.load(Ordering::Relaxed),
        );
        let elapsed = self.begun.elapsed();
        let is_telling = elapsed > Duration::from_secs(1) && done > 0 && bytes > done;
        Seen {
            rows: self.rows.load(Ordering::Relaxed),
            done,
            bytes,
            left: is_telling.then(|| rest(elapsed, done, bytes)),
            waiting: self.waiting.load(Ordering::Relaxed),
            finishing: self.finishing.load(Ordering::Relaxed),
        }
    }
}

/// If the rest goes as what was.
fn rest(elapsed: Duration, done: u64, bytes: u64) -> Duration {
    let milliseconds = elapsed.as_millis() * u128::from(bytes - done) / u128::from(done);
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}
