//! The three things done with a file while somebody waits: looking at it,
//! checking a draft against it, bringing its rows in.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc as plain;

use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::batch::Batch;
use super::draft::Draft;
use super::jobs::{Imports, Job, Running};
use super::model::{Bringer, Error, Outcome, Seen, Stage, Upload, UploadId};
use super::order::Order;
use super::staging::{self, Contents, File};
use super::{actions, keep, sql};
use crate::data::readers::{self, Options, Problems, Progress, Refusal, Report, Stop};
use crate::data::tables::sql::drop_table;
use crate::store::{Error as StoreError, Transaction};
use crate::web::WorkspaceId;

/// Batches between the reader and the writer.
const AHEAD: usize = 2;

/// Which part of the file to look at, and how: `None` finds out.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub(super) part: Option<String>,
    pub(super) options: Option<Options>,
}

/// The file of an upload.
pub(super) fn file(imports: &Imports, upload: &Upload) -> Result<File, Error> {
    let folder = imports
        .site()
        .files
        .staging(&upload.workspace.to_string())?;
    Ok(File {
        name: upload.name.clone(),
        len: upload.bytes,
        bytes: Contents::Sealed(staging::path(&folder, upload.id), upload.key.clone()),
    })
}

/// Looks at the file and keeps what it found.
pub(super) async fn look(imports: Imports, running: Running, upload: Upload, wish: Wish) {
    let id = upload.id;
    let done = look_at(&imports, &running.job, &upload, wish).await;
    let system = &imports.site().system;
    let kept = match done {
        Ok(seen) => {
            let draft = upload.draft.and_then(|draft| draft.again(&seen));
            let keep = move |tx: &Transaction<'_>| sql::keep_seen(tx, id, &seen, draft.as_ref());
            system.write(keep).await
        }
        Err(error) => {
            let (stage, fault) = match (&error, upload.seen) {
                // What an earlier look has shown still holds.
                (_, Some(_)) => (Stage::Seen, Some(error.tell(id))),
                (Error::File(Refusal::Stopped) | Error::Cancelled, None) => (Stage::Received, None),
                (_, None) => (Stage::Refused, Some(error.tell(id))),
            };
            keep::stage(&imports, id, stage, fault).await
        }
    };
    keep::or_log(id, kept);
    drop(running);
}

async fn look_at(
    imports: &Imports,
    job: &Arc<Job>,
    upload: &Upload,
    wish: Wish,
) -> Result<Seen, Error> {
    let _seat = seat(imports, upload.workspace, job).await?;
    let job = Arc::clone(job);
    let read = move |upload: &readers::Upload<'_>| seen(upload, &wish, &mut |p| job.note(p));
    file(imports, upload)?.read(read).await
}

/// What is in the file.
pub(super) fn seen(
    upload: &readers::Upload<'_>,
    wish: &Wish,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Seen, Refusal> {
    let kind = readers::recognise(upload)?.title().to_owned();
    let parts = readers::parts(upload)?;
    let wanted = parts
        .iter()
        .find(|part| wish.part.as_ref() == Some(&part.name));
    let part = wanted.or(parts.first()).map(|part| part.name.clone());
    let Some(part) = part else {
        let text = "the file holds no table: send another file";
        return Err(Refusal::File(text.to_owned()));
    };
    let options = match &wish.options {
        Some(options) => options.clone(),
        None => readers::options(upload, &part)?,
    };
    let findings = readers::scan(upload, &part, &options, progress)?;
    Ok(Seen {
        kind,
        parts,
        part,
        findings,
    })
}

/// Finds the rows the draft would stumble over and keeps them.
pub(super) async fn check(imports: Imports, running: Running, upload: Upload, draft: Draft) {
    let id = upload.id;
    let done = problems(&imports, &running.job, &upload, draft).await;
    let system = &imports.site().system;
    let kept = match done {
        Ok(problems) => {
            let keep = move |tx: &Transaction<'_>| sql::keep_problems(tx, id, &problems);
            system.write(keep).await
        }
        Err(Error::File(Refusal::Stopped) | Error::Cancelled) => Ok(()),
        Err(error) => {
            let fault = error.tell(id);
            keep::stage(&imports, id, Stage::Seen, Some(fault)).await
        }
    };
    keep::or_log(id, kept);
    drop(running);
}

async fn problems(
    imports: &Imports,
    job: &Arc<Job>,
    upload: &Upload,
    draft: Draft,
) -> Result<Problems, Error> {
    let _seat = seat(imports, upload.workspace, job).await?;
    let job = Arc::clone(job);
    let read = move |upload: &readers::Upload<'_>| {
        readers::problems(upload, &draft.part, &draft.plan, &mut |p| job.note(p))
    };
    file(imports, upload)?.read(read).await
}

/// Brings the rows in and keeps what became of them.
pub(super) async fn import(
    imports: Imports,
    running: Running,
    bringer: Bringer,
    upload: Upload,
    order: Order,
) {
    let id = upload.id;
    let done = brought(&imports, &running.job, &bringer, &upload, order).await;
    let (stage, fault) = match &done {
        Ok(_) => (Stage::Imported, None),
        Err(error) => (Stage::Seen, Some(error.tell(id))),
    };
    if matches!(done, Err(Error::Cancelled)) {
        keep::or_log(id, actions::cancelled(&bringer, &imports, &upload).await);
    }
    keep::or_log(id, keep::stage(&imports, id, stage, fault).await);
    let is_used_up = upload.seen.is_none_or(|seen| seen.parts.len() < 2);
    if done.is_ok() && is_used_up {
        actions::drop_file(&imports, upload.workspace, id).await;
    }
    drop(running);
}

async fn brought(
    imports: &Imports,
    job: &Arc<Job>,
    bringer: &Bringer,
    upload: &Upload,
    order: Order,
) -> Result<Outcome, Error> {
    let _seat = seat(imports, upload.workspace, job).await?;
    keep::sweep(imports, bringer.workspace, &bringer.db).await?;
    let file = file(imports, upload)?;
    let bringing = Bringing {
        imports,
        job,
        bringer,
        order: Arc::new(order),
        staging: staging::table(upload.id),
        upload: Some(upload.id),
    };
    bringing.all(file).await
}

/// A seat of the workspace's own, then one of all: whoever brings ten files
/// waits for themselves before they wait for others.
async fn seat(
    imports: &Imports,
    workspace: WorkspaceId,
    job: &Job,
) -> Result<[OwnedSemaphorePermit; 2], Error> {
    let (own, all) = (imports.seats_of(workspace), Arc::clone(&imports.seats));
    let own = own.acquire_owned().await;
    let all = all.acquire_owned().await;
    job.starts();
    if job.cancel.is_cancelled() {
        return Err(Error::Cancelled);
    }
    match (own, all) {
        (Ok(own), Ok(all)) => Ok([own, all]),
        _ => Err(Error::Store(StoreError::Closed)),
    }
}

/// One import under way. Rows are collected in a table nobody sees; one
/// transaction at the end makes them real, so that nothing half-done shows.
pub(super) struct Bringing<'a> {
    pub(super) imports: &'a Imports,
    pub(super) job: &'a Arc<Job>,
    pub(super) bringer: &'a Bringer,
    pub(super) order: Arc<Order>,
    pub(super) staging: String,
    /// `None` when the bytes never were an upload.
    pub(super) upload: Option<UploadId>,
}

impl Bringing<'_> {
    pub(super) async fn all(self, file: File) -> Result<Outcome, Error> {
        let name = file.name.clone();
        let done = match self.collect(file).await {
            Ok(report) if self.job.finishes() => actions::settle(&self, &name, report).await,
            Ok(_) => Err(Error::Cancelled),
            Err(error) => Err(error),
        };
        // Of a new table the rows are where they were collected.
        if done.is_err() || self.order.into.is_some() {
            self.clear_away().await;
        }
        done
    }

    /// Reads on one thread, writes on another, a few batches between them.
    async fn collect(&self, file: File) -> Result<Report, Error> {
        let (order, staging) = (Arc::clone(&self.order), self.staging.clone());
        let begin = move |tx: &Transaction<'_>| sql::begin(tx, &staging, &order.staged);
        self.bringer.db.write(begin).await?;
        let (full, mut coming) = mpsc::channel(AHEAD);
        let (emptied, empty) = plain::channel();
        let (order, job) = (Arc::clone(&self.order), Arc::clone(self.job));
        let reading = file.read(move |upload| {
            let mut reader = Reader::new(&order, &job, (full, empty), upload.len);
            let report = readers::read(upload, &order.part, &order.plan, &mut |line| {
                reader.take(&line)
            })?;
            Ok(reader.last(report))
        });
        let insertion: Arc<str> = sql::insertion(&self.staging, &self.order.columns).into();
        let writing = async move {
            while let Some(batch) = coming.recv().await {
                // Nobody wants it back after the last row.
                let _ = emptied.send(self.write(&insertion, batch).await?);
            }
            Ok::<_, Error>(())
        };
        // A write that fails drops its end, and the reader stops.
        let (report, written) = tokio::join!(reading, writing);
        written?;
        let report = report?;
        if report.stopped || self.job.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        Ok(report)
    }

    async fn write(&self, insertion: &Arc<str>, batch: Batch) -> Result<Batch, Error> {
        self.bringer.db.has_room()?;
        let (insertion, key) = (Arc::clone(insertion), self.order.key);
        let insert =
            move |tx: &Transaction<'_>| sql::insert(tx, &insertion, &batch, key).map(|()| batch);
        self.bringer.db.write(insert).await
    }

    async fn clear_away(&self) {
        let staging = self.staging.clone();
        let dropped = self.bringer.db.write(move |tx| drop_table(tx, &staging));
        if let Err(error) = dropped.await {
            tracing::error!("{} stays until the next start: {error}", self.staging);
        }
    }
}

/// The reading end: packs rows and hands full batches over.
struct Reader<'a> {
    job: &'a Job,
    batch: Batch,
    width: usize,
    full: mpsc::Sender<Batch>,
    empty: plain::Receiver<Batch>,
    rows: u64,
    bytes: u64,
}

impl<'a> Reader<'a> {
    fn new(
        order: &Order,
        job: &'a Job,
        (full, empty): (mpsc::Sender<Batch>, plain::Receiver<Batch>),
        bytes: u64,
    ) -> Reader<'a> {
        let width = order.columns.len();
        Reader {
            job,
            batch: Batch::new(width),
            width,
            full,
            empty,
            rows: 0,
            bytes,
        }
    }

    #[inline]
    fn take(&mut self, line: &readers::Line<'_>) -> ControlFlow<Stop> {
        self.batch.push(line);
        self.rows += 1;
        if self.batch.is_full() {
            return self.hand_over(line.bytes_done);
        }
        ControlFlow::Continue(())
    }

    fn hand_over(&mut self, bytes_done: u64) -> ControlFlow<Stop> {
        let mut next = self
            .empty
            .try_recv()
            .unwrap_or_else(|_| Batch::new(self.width));
        next.clear();
        let full = std::mem::replace(&mut self.batch, next);
        let progress = Progress {
            rows: self.rows,
            bytes_done: bytes_done.min(self.bytes),
            bytes: self.bytes,
        };
        let goes_on = self.job.note(progress).is_continue();
        if goes_on && self.full.blocking_send(full).is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(Stop)
        }
    }

    /// Hands over what is left when the file ends.
    fn last(mut self, mut report: Report) -> Report {
        if !report.stopped && !self.batch.is_empty() {
            report.stopped = self.hand_over(self.bytes).is_break();
        }
        report
    }
}

impl Outcome {
    pub(super) fn of(order: &Order, report: Report, job: &Job) -> Outcome {
        Outcome {
            table: order.table().to_owned(),
            mode: order.mode(),
            updated: 0,
            report,
            milliseconds: u64::try_from(job.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}
