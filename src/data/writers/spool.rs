//! A sealed file without a name: what is on its way out grows in it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::store::{Error, Key, SealedReader, SealedWriter};

/// It goes when it is closed, whatever happens, and its key is kept by nobody.
pub struct Spool {
    writer: SealedWriter,
    /// The same file, to be read when it is whole.
    file: File,
    key: Key,
}

impl Spool {
    pub fn begin(folder: &Path) -> Result<Spool, Error> {
        let path = folder.join(uuid::Uuid::now_v7().simple().to_string());
        let key = Key::random()?;
        let writer = SealedWriter::create(&path, &key)?;
        let file = File::open(&path);
        fs::remove_file(&path)?;
        Ok(Spool {
            writer,
            file: file?,
            key,
        })
    }

    /// What was written, to be read from its beginning.
    pub fn end(self) -> io::Result<SealedReader> {
        self.writer.finish()?;
        SealedReader::of(self.file, &self.key)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
