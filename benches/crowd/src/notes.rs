//! What is written down: everything that was acknowledged, and how long each request took.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::Result;

pub struct Notes {
    acked: RefCell<BufWriter<File>>,
    samples: Option<RefCell<BufWriter<File>>>,
    /// Faults the server is not allowed to have.
    pub bad: Cell<u64>,
    first_bad: RefCell<String>,
    pub submits: Cell<u64>,
    /// The number of the next respondent.
    next: Cell<u64>,
}

impl Notes {
    pub fn new(acked: &str, samples: Option<&str>, first: u64) -> Result<Notes> {
        let samples = samples.map(File::create).transpose()?;
        Ok(Notes {
            acked: RefCell::new(BufWriter::new(File::create(acked)?)),
            samples: samples.map(|file| RefCell::new(BufWriter::new(file))),
            bad: Cell::new(0),
            first_bad: RefCell::default(),
            submits: Cell::new(0),
            next: Cell::new(first),
        })
    }

    pub fn next(&self) -> u64 {
        self.next.replace(self.next.get() + 1)
    }

    /// The server said that it has that page of that respondent.
    pub fn acked(&self, who: u64, page: &str, fields: &str) {
        // A log that cannot be written is seen when it is compared.
        let _ = writeln!(self.acked.borrow_mut(), "{who}\t{page}\t{fields}");
    }

    /// What was asked, when it was due, how long it took and how often it was sent.
    pub fn sample(&self, what: &str, due: Instant, tries: u32) {
        let Some(samples) = &self.samples else { return };
        let took = due.elapsed().as_secs_f64();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs_f64();
        let _ = writeln!(
            samples.borrow_mut(),
            "{what},{:.4},{:.3},{tries}",
            now - took,
            took * 1e3
        );
    }

    pub fn bad(&self, what: &str) {
        self.bad.set(self.bad.get() + 1);
        let mut first = self.first_bad.borrow_mut();
        if first.is_empty() {
            what.clone_into(&mut first);
        }
    }

    pub fn end(&self, more: &str) -> Result<()> {
        self.acked.borrow_mut().flush()?;
        if let Some(samples) = &self.samples {
            samples.borrow_mut().flush()?;
        }
        let said = self.first_bad.borrow();
        let first: String = { said.chars() }
            .filter(|each| each.is_ascii_graphic() || *each == ' ')
            .filter(|each| *each != '"' && *each != '\\')
            .take(300)
            .collect();
        println!(
            "{{\"submits\": {}, \"bad\": {}, \"first_bad\": \"{first}\"{more}}}",
            self.submits.get(),
            self.bad.get()
        );
        Ok(())
    }
}
