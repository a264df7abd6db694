//! Work that has time leaves the processor to others for most of it.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread::{self, ThreadId};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::places::Contents;

/// Who worked for less goes on: waking up costs something as well.
const SPELL: Duration = Duration::from_millis(1);
/// So many times as long as it worked does it rest.
const RESTS: u32 = 2;
/// Nobody waits for longer.
const LONGEST: Duration = Duration::from_millis(100);

/// Leaves the processor to others for longer than it was used. Waiting for a disk or for
/// another machine uses none of it.
pub(super) struct Breath(Cell<Worked>);

/// The processor's time of a thread; each has its own.
#[derive(Clone, Copy)]
struct Worked {
    thread: ThreadId,
    time: Duration,
}

impl Worked {
    fn now() -> Worked {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Worked {
            thread: thread::current().id(),
            time: time.try_into().unwrap_or_default(),
        }
    }

    fn since(self, before: Worked) -> Duration {
        if self.thread == before.thread {
            self.time.saturating_sub(before.time)
        } else {
            Duration::ZERO
        }
    }
}

impl Breath {
    pub(super) fn new() -> Breath {
        Breath(Cell::new(Worked::now()))
    }

    pub(super) fn take(&self) {
        let (now, before) = (Worked::now(), self.0.get());
        let worked = now.since(before);
        if worked >= SPELL {
            thread::park_timeout((worked * RESTS).min(LONGEST));
        }
        if worked >= SPELL || now.thread != before.thread {
            self.0.set(Worked::now());
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
