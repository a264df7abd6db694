//! The file somebody sent, opened as often as it must be read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use super::Refusal;

/// What a file on its way in offers, encrypted on disk or not.
pub trait Source: Read + Seek + Send {}

impl<S: Read + Seek + Send> Source for S {}

/// One file somebody sent.
#[derive(Clone, Copy)]
pub struct Upload<'a> {
    /// Its name, for messages and headings only: what it is, its bytes say.
    pub name: &'a str,
    pub len: u64,
    /// Opens it at its first byte.
    pub open: &'a dyn Fn() -> io::Result<Box<dyn Source>>,
    /// Where it lies in clear, if it does: SQLite reads nothing else.
    pub path: Option<&'a Path>,
}

impl Upload<'_> {
    pub(super) fn source(&self) -> Result<Box<dyn Source>, Refusal> {
        Ok((self.open)()?)
    }

    /// The file, and how many of its bytes have been read so far.
    pub(super) fn counted(&self) -> Result<(Counted, Rc<Cell<u64>>), Refusal> {
        let read = Rc::new(Cell::new(0));
        let counted = Counted {
            inner: self.source()?,
            read: Rc::clone(&read),
        };
        Ok((counted, read))
    }

    /// At most the first `most` bytes.
    pub(super) fn head(&self, most: u64) -> Result<Vec<u8>, Refusal> {
        let mut head = Vec::new();
        self.source()?.take(most).read_to_end(&mut head)?;
        Ok(head)
    }
}

/// A source that counts what was read from it.
pub(super) struct Counted {
    inner: Box<dyn Source>,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.read.set(self.read.get() + got as u64);
        Ok(got)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
