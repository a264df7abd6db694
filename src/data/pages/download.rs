//! Rows as a file that is downloaded: sent while they are read, so that a
//! million of them cost a few chunks of memory.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::data::writers::{self, Csv, Xlsx};
use crate::data::{Catalog, Cell, Column, Question, each};
use crate::store::{Budget, Cancel, Error, Lane, SealedReader};
use crate::web;
use crate::workspaces::Member;

/// How long an export may take.
const TIME: Duration = Duration::from_mins(10);
/// How long a reader may take nothing before the export gives up its seat.
const PATIENCE: Duration = Duration::from_secs(30);
const CHUNK: usize = 64 << 10;
/// Chunks on their way at a time.
const AHEAD: usize = 4;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What is downloaded: the rows that answer a question.
pub(in crate::data) struct Download {
    pub(in crate::data) catalog: Arc<Catalog>,
    pub(in crate::data) question: Question,
    /// The file's name, without its ending.
    pub(in crate::data) name: String,
    /// The workspace's staging folder, where a workbook grows.
    pub(in crate::data) folder: PathBuf,
}

/// Stops the work when nobody takes the answer any more.
struct Stream {
    chunks: mpsc::Receiver<Result<Bytes, Error>>,
    cancel: Cancel,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Download {
    pub(in crate::data) async fn csv(self, member: &Member) -> web::Result<Response> {
        let (send, chunks) = mpsc::channel(AHEAD);
        let budget = Budget::of(TIME);
        let mut stream = Stream {
            chunks,
            cancel: budget.cancel.clone(),
        };
        let name = self.name.clone();
        let db = member.db.clone();
        tokio::spawn(async move {
            let work = {
                let send = send.clone();
                let runtime = Handle::current();
                db.ask(Lane::Export, budget, move |guarded| {
                    let mut sink = Sink::new(send, runtime);
                    let columns = each(guarded, &self.catalog, &self.question, &mut |c, cells| {
                        sink.row(c, cells)
                    })?;
                    sink.end(&columns);
                    Ok::<_, Error>(())
                })
            };
            if let Err(error) = work.await {
                // Nobody may be listening any more.
                let _ = send.send(Err(error)).await;
            }
        });
        // What goes wrong before the first chunk is a page, not a broken file.
        let first = match stream.chunks.recv().await {
            Some(Ok(first)) => first,
            Some(Err(error)) => return Err(error.into()),
            None => return Err(web::Error::Busy),
        };
        let chunks = futures_util::stream::unfold((Some(first), stream), next_chunk);
        Ok(file(&name, "csv", CSV, Body::from_stream(chunks)))
    }

    pub(in crate::data) async fn xlsx(self, member: &Member) -> web::Result<Response> {
        let name = self.name.clone();
        let file_of = member
            .db
            .ask(Lane::Export, Budget::of(TIME), move |guarded| {
                let mut book = None;
                let columns = each(guarded, &self.catalog, &self.question, &mut |c, cells| {
                    if book.is_none() {
                        book = Some(Xlsx::new(&self.name, c, &self.folder).map_err(of_book)?);
                    }
                    if let Some(book) = &mut book {
                        book.row(cells.iter().copied()).map_err(of_book)?;
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
                let book = match book {
                    Some(book) => book,
                    None => Xlsx::new(&self.name, &columns, &self.folder).map_err(of_book)?,
                };
                book.finish().map_err(of_book)
            })
            .await?;
        Ok(sent(&name, "xlsx", XLSX, file_of))
    }
}

/// Rows that are in memory already, as a download.
pub(in crate::data) fn whole_csv(name: &str, rows: Vec<u8>) -> Response {
    file(name, "csv", CSV, Body::from(rows))
}

/// A whole file as a download, opened as it is sent.
pub fn sent(name: &str, ending: &str, kind: &'static str, whole: SealedReader) -> Response {
    let chunks = futures_util::stream::unfold(Some(whole), next_piece);
    file(name, ending, kind, Body::from_stream(chunks))
}

/// The next bytes of a finished workbook, opened as they are sent.
async fn next_piece(
    file: Option<SealedReader>,
) -> Option<(io::Result<Bytes>, Option<SealedReader>)> {
    let mut file = file?;
    let read = spawn_blocking(move || {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk);
        (read.map(|_| chunk), file)
    });
    match read.await {
        Ok((Ok(chunk), _)) if chunk.is_empty() => None,
        Ok((Ok(chunk), file)) => Some((Ok(chunk.into()), Some(file))),
        Ok((Err(error), _)) => Some((Err(error), None)),
        Err(panicked) => Some((Err(io::Error::other(panicked)), None)),
    }
}

async fn next_chunk(
    (first, mut stream): (Option<Bytes>, Stream),
) -> Option<(Result<Bytes, Error>, (Option<Bytes>, Stream))> {
    let chunk = match first {
        Some(first) => Ok(first),
        None => stream.chunks.recv().await?,
    };
    if let Err(error) = &chunk {
        tracing::warn!("a download broke off: {error}");
    }
    Some((chunk, (None, stream)))
}

/// Rows as CSV in chunks, handed over as the reader takes them.
struct Sink {
    send: mpsc::Sender<Result<Bytes, Error>>,
    runtime: Handle,
    buffer: Vec<u8>,
    begun: bool,
}

impl Sink {
    fn new(send: mpsc::Sender<Result<Bytes, Error>>, runtime: Handle) -> Sink {
        Sink {
            send,
            runtime,
            buffer: Vec::with_capacity(CHUNK + (CHUNK >> 2)),
            begun: false,
        }
    }

    fn heading(&mut self, columns: &[Column]) {
        let names = columns.iter().map(|column| column.name.as_str());
        Csv::default().heading(names, &mut self.buffer);
        self.begun = true;
    }

    fn row(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> Result<ControlFlow<()>, Error> {
        if !self.begun {
            self.heading(columns);
        }
        Csv::default().row(cells.iter().copied(), &mut self.buffer);
        if self.buffer.len() < CHUNK {
            return Ok(ControlFlow::Continue(()));
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<ControlFlow<()>, Error> {
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK + (CHUNK >> 2)));
        let sending = timeout(PATIENCE, self.send.send(Ok(Bytes::from(full))));
        match self.runtime.block_on(sending) {
            Ok(Ok(())) => Ok(ControlFlow::Continue(())),
            Ok(Err(_)) => Ok(ControlFlow::Break(())),
            Err(_) => Err(Error::TooSlow),
        }
    }

    fn end(mut self, columns: &[Column]) {
        if !self.begun {
            self.heading(columns);
        }
        // Whoever is gone misses nothing.
        let _ = self.hand_over();
    }
}

fn of_book(error: writers::Error) -> Error {
    match error {
        writers::Error::TooManyRows | writers::Error::TooManyColumns => {
            Error::Denied(error.to_string())
        }
        writers::Error::Packing(error) => Error::Io(io::Error::other(error)),
        writers::Error::Disk(error) => Error::Io(error),
        writers::Error::Store(error) => error,
    }
}

fn file(name: &str, ending: &str, kind: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ),
    ];
    (headers, body).into_response()
}
