//! A limit on how much one record may swallow before it ends.

use std::io::{self, Read};

use super::Refusal;

/// The longest record, and the longest cell, anybody may send.
pub(super) const LONGEST: u64 = 1 << 20;

/// Reads on as long as records end. A parser above it that looks for the end
/// of a record gets an error instead of the bytes that would fill the memory.
pub(super) struct Guard<R> {
    inner: R,
    handed: u64,
    ended: u64,
    /// What the reader above may hold back.
    slack: u64,
}

impl<R: Read> Guard<R> {
    pub(super) fn new(inner: R, slack: usize) -> Guard<R> {
        Guard {
            inner,
            handed: 0,
            ended: 0,
            slack: slack as u64,
        }
    }

    /// The record being read is longer than any may be.
    pub(super) fn is_over(&self) -> bool {
        self.handed - self.ended > LONGEST + self.slack
    }

    /// Says that a record ended.
    pub(super) fn ended(&mut self) {
        self.ended = self.handed;
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_over() {
            let text =
                "a cell of the file is longer than 1 MiB: shorten it and send the file again";
            return Err(Refusal::file(text).into());
        }
        let got = self.inner.read(into)?;
        self.handed += got as u64;
        Ok(got)
    }
}
