//! Work that has time leaves the processor to others for most of it.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::places::Contents;

/// Who worked for less goes on: waking up costs something as well.
const SPELL: Duration = Duration::from_millis(1);
/// So many times as long as it worked does it rest.
const RESTS: u32 = 2;
/// Nobody waits for longer.
const LONGEST: Duration = Duration::from_millis(100);

/// Leaves the processor to others for longer than it was used.
pub(super) struct Breath(Cell<Instant>);

impl Breath {
    pub(super) fn new() -> Breath {
        Breath(Cell::new(Instant::now()))
    }

    pub(super) fn take(&self) {
        let worked = self.0.get().elapsed();
        if worked >= SPELL {
            thread::park_timeout((worked * RESTS).min(LONGEST));
            self.0.set(Instant::now());
        }
    }
}

/// What is read or written with a breath between two pieces.
pub(super) struct Breathing<T> {
    over: T,
    breath: Breath,
}

impl<T> Breathing<T> {
    pub(super) fn over(over: T) -> Breathing<T> {
        Breathing {
            over,
            breath: Breath::new(),
        }
    }
}

impl<T: Read> Read for Breathing<T> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.breath.take();
        self.over.read(to)
    }
}

impl<T: Write> Write for Breathing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.breath.take();
        self.over.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.over.flush()
    }
}

/// A file that is brought elsewhere with breaths.
pub(super) struct Slowly<'a>(pub(super) &'a Path);

impl Contents for Slowly<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Breathing::over(File::open(self.0)?)))
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}
