//! Walks along a chain and says where it does not hold.

use std::collections::HashMap;
use std::fmt;

use super::Chain;
use super::run::Run;
use super::seal::holds;
use super::sql::{self, Link};
use crate::store::{Connection, Error};

/// The first record that does not fit, and in which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub seq: i64,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What it says is not what was sealed, or what stood before it is not.
    Changed,
    /// It is not there.
    Missing,
    /// It stands where another belongs: put in, or moved.
    Misplaced,
    /// A line of its file that came before it never reached the chain.
    Skipped,
    /// The chain ended here once, with another hash.
    Rewritten,
    /// The chain went as far as this once, and now ends before.
    CutOff,
    /// What signed it is not the key of this instance.
    Signature,
    /// The sealed file that holds it cannot be read.
    Segment(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match &self.fault {
            Fault::Changed => write!(f, "record {seq} was changed, or the one before it was"),
            Fault::Missing => write!(f, "record {seq} is missing"),
            Fault::Misplaced => write!(
                f,
                "record {seq} stands where another belongs: it was put in or moved"
            ),
            Fault::Skipped => write!(
                f,
                "a record of the same file before record {seq} was taken away"
            ),
            Fault::Rewritten => write!(
                f,
                "record {seq} is not the one that was signed: the chain was rewritten at or before it"
            ),
            Fault::CutOff => write!(
                f,
                "record {seq} was signed and is gone: the end of the chain was cut off"
            ),
            Fault::Signature => write!(
                f,
                "the signature at record {seq} was not made by this instance's key"
            ),
            Fault::Segment(why) => {
                write!(f, "the sealed file with record {seq} cannot be read: {why}")
            }
        }
    }
}

/// A walk along a chain, link by link.
#[derive(Debug, Default)]
pub struct Walk {
    last: i64,
    hash: Vec<u8>,
    lines: HashMap<String, i64>,
    count: u64,
}

impl Walk {
    /// A walk that begins after the link with that number and hash.
    pub fn after(last: i64, hash: Vec<u8>) -> Walk {
        Walk {
            last,
            hash,
            ..Walk::default()
        }
    }

    /// Goes to the end of a run without a look at each of its links.
    pub fn skip(&mut self, run: &Run) {
        self.count += run.last().abs_diff(self.last);
        (self.last, self.hash) = (run.last(), run.hash().to_vec());
        let lines = run.lines().iter();
        self.lines
            .extend(lines.map(|(file, line)| (file.clone(), *line)));
    }

    pub fn see(&mut self, link: &Link) -> Result<(), Broken> {
        let expected = self.last + 1;
        if link.seq != expected {
            let (seq, fault) = if link.seq > expected {
                (expected, Fault::Missing)
            } else {
                (link.seq, Fault::Misplaced)
            };
            return Err(Broken { seq, fault });
        }
        let broken = |fault| {
            Err(Broken {
                seq: link.seq,
                fault,
            })
        };
        if !holds(&self.hash, link) {
            return broken(Fault::Changed);
        }
        let before = self.lines.insert(link.file.clone(), link.past.line);
        if before.is_some_and(|before| before + 1 != link.past.line) {
            return broken(Fault::Skipped);
        }
        self.last = link.seq;
        self.hash.clone_from(&link.hash);
        self.count += 1;
        Ok(())
    }

    /// Number and hash of the last link seen.
    pub fn stands(&self) -> (i64, &[u8]) {
        (self.last, &self.hash)
    }

    /// How many links were seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Goes along the links the database holds.
    pub fn along(
        &mut self,
        conn: &Connection,
        mut also: impl FnMut(&Link) -> Result<(), Broken>,
    ) -> Result<Result<(), Broken>, Error> {
        let mut done = Ok(());
        sql::each_link(conn, 0, |link| {
            done = self.see(&link).and_then(|()| also(&link));
            Ok(done.is_ok())
        })?;
        Ok(done)
    }
}

impl Chain {
    /// Reads the links of the database again. Gives their number, or the first
    /// that does not fit.
    pub fn verify(conn: &Connection) -> Result<Result<u64, Broken>, Error> {
        let mut walk = match sql::segments(conn)?.pop() {
            Some(newest) => Walk::after(newest.last, newest.hash),
            None => Walk::default(),
        };
        let done = walk.along(conn, |_| Ok(()))?;
        Ok(done.map(|()| walk.count()))
    }
}
