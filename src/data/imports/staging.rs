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
/// Where the kernel keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// What a copy there is called, before its number.
const COPY: &str = "onsight-upload-";
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
    /// copied into the memory of the host ([`MEMORY`]), never onto a disk,
    /// readable by this process' user alone. The copy goes when `read` is done,
    /// also when it fails or panics; one that outlives the process goes with
    /// the next start, or with the host's.
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
        if !is_memory(&fs::read_to_string("/proc/mounts")?) {
            return Err(io::Error::other(
                "SQLite files are read in memory only, and /dev/shm of this host is not memory: export the tables as CSV files and send those",
            ));
        }
        let number = uuid::Uuid::now_v7().simple();
        let name = format!("{COPY}{}-{number}", std::process::id());
        let path = Path::new(MEMORY).join(name).with_extension(CLEAR);
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

/// Whether the kernel says that `MEMORY` is memory. The last line that names
/// the place is the one that holds.
fn is_memory(mounts: &str) -> bool {
    let mut lines = mounts
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>());
    let found = lines.rfind(|words| words.get(1) == Some(&MEMORY));
    found.is_some_and(|words| words.get(2) == Some(&"tmpfs"))
}

/// Removes copies in memory of processes that are gone.
pub(super) fn remove_copies() -> io::Result<()> {
    let entries = match fs::read_dir(MEMORY) {
        // A host without that folder has no copies in it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let process = name
            .strip_prefix(COPY)
            .and_then(|rest| rest.split('-').next());
        let is_gone = |process| !Path::new("/proc").join(process).exists();
        if process.is_some_and(is_gone) {
            remove(&path);
        }
    }
    Ok(())
}

impl Drop for Clear {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::is_memory;

    #[test]
    fn only_what_the_kernel_calls_memory_is_memory() {
        assert!(is_memory("tmpfs /dev/shm tmpfs rw,nosuid 0 0\n"));
        for mounts in [
            "",
            "/dev/sda1 /dev/shm ext4 rw 0 0\n",
            "tmpfs /tmp tmpfs rw 0 0\n",
            "tmpfs /dev/shm tmpfs rw 0 0\n/dev/sda1 /dev/shm ext4 rw 0 0\n",
        ] {
            assert!(!is_memory(mounts), "{mounts}");
        }
    }
}
