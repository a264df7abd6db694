//! A pack on its way out: what is written leaves at once, so that its size costs
//! no memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc::Sender;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::{FORM, Listed, MANIFEST, Manifest, SIGNATURE, message};
use crate::journal::{Signer, hex};

/// Bytes that are sent together.
const CHUNK: usize = 64 << 10;

/// Where the zip writes to, until it is sent.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn take(&self, at_least: usize) -> Option<Bytes> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (waiting.len() >= at_least.max(1)).then(|| std::mem::take(&mut *waiting).into())
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The entry that is being written.
struct Open {
    name: String,
    about: String,
    bytes: u64,
    hash: Context,
}

pub(in crate::trust) struct Out {
    zip: ZipWriter<StreamWriter<Pipe>>,
    pipe: Pipe,
    to: Sender<io::Result<Bytes>>,
    open: Option<Open>,
    files: Vec<Listed>,
}

impl Out {
    pub(in crate::trust) fn new(to: Sender<io::Result<Bytes>>) -> Out {
        let pipe = Pipe::default();
        Out {
            zip: ZipWriter::new_stream(pipe.clone()),
            pipe,
            to,
            open: None,
            files: Vec::new(),
        }
    }

    /// Begins an entry; the one before is whole.
    pub(in crate::trust) fn begin(&mut self, name: &str, about: &str) -> io::Result<()> {
        self.end();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o600);
        self.zip
            .start_file(name, options)
            .map_err(io::Error::other)?;
        self.open = Some(Open {
            name: name.to_owned(),
            about: about.to_owned(),
            bytes: 0,
            hash: Context::new(&SHA256),
        });
        Ok(())
    }

    /// More of the entry. Waits while nobody takes what was written.
    pub(in crate::trust) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(open) = &mut self.open {
            open.hash.update(bytes);
            open.bytes += bytes.len() as u64;
        }
        self.zip.write_all(bytes)?;
        self.send(CHUNK).await
    }

    /// A whole entry.
    pub(in crate::trust) async fn file(
        &mut self,
        name: &str,
        about: &str,
        bytes: &[u8],
    ) -> io::Result<()> {
        self.begin(name, about)?;
        self.write(bytes).await
    }

    /// Writes the list, signs it, and ends the zip.
    pub(in crate::trust) async fn finish(
        mut self,
        about: Value,
        signer: &Signer,
    ) -> io::Result<()> {
        self.end();
        let manifest = Manifest {
            form: FORM,
            key: hex(&signer.public()),
            about,
            files: std::mem::take(&mut self.files),
        };
        let text = serde_json::to_vec_pretty(&manifest)?;
        let signature = hex(&signer.sign(&message(&text)));
        self.file(MANIFEST, "", &text).await?;
        self.file(SIGNATURE, "", signature.as_bytes()).await?;
        let Out { zip, pipe, to, .. } = self;
        zip.finish().map_err(io::Error::other)?;
        match pipe.take(1) {
            Some(last) => to.send(Ok(last)).await.map_err(gone),
            None => Ok(()),
        }
    }

    fn end(&mut self) {
        if let Some(open) = self.open.take() {
            self.files.push(Listed {
                name: open.name,
                about: open.about,
                bytes: open.bytes,
                sha256: hex(open.hash.finish().as_ref()),
            });
        }
    }

    async fn send(&mut self, at_least: usize) -> io::Result<()> {
        match self.pipe.take(at_least) {
            Some(bytes) => self.to.send(Ok(bytes)).await.map_err(gone),
            None => Ok(()),
        }
    }
}

/// Whoever asked for it went away.
fn gone<T>(_: tokio::sync::mpsc::error::SendError<T>) -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}
