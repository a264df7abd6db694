//! The bytes of an upload: sealed as they arrive, opened while they are read.

use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};

use super::model::{Error, UploadId};
use crate::data::readers::{self, Refusal, Source};
use crate::store::{Key, SealedReader, SealedWriter};

/// Pieces that wait for the disk before the sender has to.
const WAITING: usize = 16;
/// What the name of a copy in clear ends in.
const CLEAR: &str = "clear";
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Where the sealed bytes of an upload lie.
pub(super) fn path(folder: &Path, id: UploadId) -> PathBuf {
    folder.join(id.to_string())
}

/// The table where the rows of an upload are collected: nobody sees it.
pub(super) fn table(id: UploadId) -> String {
    let id = id.to_string();
    format!("_import_{}", &id[id.len() - 12..])
}

/// A file that is arriving. Dropped before it is whole, it leaves nothing.
pub(super) struct Arriving {
    pieces: mpsc::Sender<Piece>,
    task: JoinHandle<io::Result<Option<u64>>>,
}

enum Piece {
    Bytes(Bytes),
    End,
}

impl Arriving {
    pub(super) fn begin(path: PathBuf, key: Key) -> Arriving {
        let (pieces, mut coming) = mpsc::channel(WAITING);
        let task = spawn_blocking(move || {
            let kept = keep(&path, &key, &mut coming);
            if !matches!(kept, Ok(Some(_))) {
                remove(&path);
            }
            kept
        });
        Arriving { pieces, task }
    }

    pub(super) async fn push(&self, bytes: Bytes) -> Result<(), Error> {
        // The disk said no, and `finish` hears why.
        let _ = self.pieces.send(Piece::Bytes(bytes)).await;
        if self.pieces.is_closed() {
            return Err(Error::Broken);
        }
        Ok(())
    }

    /// Waits for the disk. Gives the number of bytes.
    pub(super) async fn finish(self) -> Result<u64, Error> {
        let _ = self.pieces.send(Piece::End).await;
        drop(self.pieces);
        match self.task.await {
            Ok(kept) => kept?.ok_or(Error::Broken),
            Err(_panicked) => Err(Error::Broken),
        }
    }
}

/// `None` when the sender went away.
fn keep(path: &Path, key: &Key, coming: &mut mpsc::Receiver<Piece>) -> io::Result<Option<u64>> {
    let mut sealed = SealedWriter::create(path, key)?;
    while let Some(piece) = coming.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => sealed.append(&bytes)?,
            Piece::End => return Ok(Some(sealed.finish()?)),
        }
    }
    Ok(None)
}

pub(super) fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!("{} could not be removed: {error}", path.display());
        }
        _ => {}
    }
}

/// Removes copies in clear that an end without warning left behind.
pub(super) fn remove_clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == CLEAR) {
            remove(&path);
        }
    }
    Ok(())
}

/// Removes the sealed files that belong to none of these uploads.
pub(super) fn remove_strangers(folder: &Path, known: &[UploadId]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let id = name.and_then(UploadId::parse);
        if id.is_some_and(|id| !known.contains(&id)) {
            remove(&path);
        }
    }
    Ok(())
}

/// A file to be read, wherever its bytes are.
#[derive(Clone)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) len: u64,
    pub(super) bytes: Contents,
    /// Where a copy in clear may lie while it is read.
    pub(super) folder: PathBuf,
}

#[derive(Clone)]
pub(super) enum Contents {
    Sealed(PathBuf, Key),
    Plain(Bytes),
}

impl File {
    fn open(&self) -> io::Result<Box<dyn Source>> {
        Ok(match &self.bytes {
            Contents::Sealed(path, key) => Box::new(SealedReader::open(path, key)?),
            Contents::Plain(bytes) => Box::new(Cursor::new(bytes.clone())),
        })
    }

    /// Lets `read` read it on a thread of its own, however long it takes.
    ///
    /// SQLite opens files by their path and in clear only: such an upload is
    /// copied into the staging folder, readable by this process' user alone,
    /// and the copy goes when `read` is done, also when it fails or panics. A
    /// copy that outlives the process is removed at the next start.
    pub(super) async fn read<T: Send + 'static>(
        self,
        read: impl FnOnce(&readers::Upload<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        std::thread::Builder::new()
            .name("import".into())
            .spawn(move || {
                // Nobody listens when the server stops.
                let _ = tell.send(self.lend(read));
            })?;
        match told.await {
            Ok(done) => Ok(done?),
            Err(_panicked) => Err(Refusal::Disk("reading it panicked".to_owned()).into()),
        }
    }

    fn lend<T>(
        &self,
        read: impl FnOnce(&readers::Upload<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut head = Vec::new();
        self.open()?
            .take(SQLITE.len() as u64)
            .read_to_end(&mut head)?;
        let clear = if head == SQLITE {
            Some(Clear::copy(self)?)
        } else {
            None
        };
        read(&readers::Upload {
            name: &self.name,
            len: self.len,
            open: &|| self.open(),
            path: clear.as_ref().map(|clear| clear.0.as_path()),
        })
    }
}

/// A copy in clear, there as long as this is.
struct Clear(PathBuf);

impl Clear {
    fn copy(file: &File) -> io::Result<Clear> {
        let name = uuid::Uuid::now_v7().simple().to_string();
        let path = file.folder.join(name).with_extension(CLEAR);
        let mut out = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        let clear = Clear(path);
        io::copy(&mut file.open()?, &mut out)?;
        out.flush()?;
        Ok(clear)
    }
}

impl Drop for Clear {
    fn drop(&mut self) {
        remove(&self.0);
    }
}
