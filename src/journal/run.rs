//! Links that one process carried one after the other: who reads along need not
//! look at each of them again.

use std::collections::HashMap;

use super::seal::holds;
use super::sql;
use crate::store::{Connection, Error};

/// A run of links without a break, as they were carried.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The number of the link it begins after.
    after: i64,
    last: i64,
    hash: Vec<u8>,
    /// How far each file was carried in it.
    lines: HashMap<String, i64>,
}

impl Run {
    /// The chain ends there now. Where that is not where the run ended, somebody
    /// else carried, or what was carried did not reach the disk: a new run begins.
    pub(super) fn goes_on_from(&mut self, seq: i64, hash: &[u8]) {
        if self.last != seq || self.hash != hash {
            *self = Run {
                after: seq,
                last: seq,
                hash: hash.to_vec(),
                lines: HashMap::new(),
            };
        }
    }

    /// A line of a file became the link with that number. A line that does not
    /// follow the one carried `before` it breaks the run: it has to be looked at.
    pub(super) fn add(&mut self, (file, before, line): (&str, i64, i64), seq: i64, hash: &[u8]) {
        (self.last, self.hash) = (seq, hash.to_vec());
        if before + 1 != line {
            self.after = seq;
            self.lines.clear();
        }
        match self.lines.get_mut(file) {
            Some(known) => *known = line,
            None => {
                self.lines.insert(file.to_owned(), line);
            }
        }
    }

    pub fn last(&self) -> i64 {
        self.last
    }

    pub(super) fn hash(&self) -> &[u8] {
        &self.hash
    }

    pub(super) fn lines(&self) -> &HashMap<String, i64> {
        &self.lines
    }

    /// Has it what comes after the link with that number, and all of it?
    pub fn goes_on_after(&self, seq: i64) -> bool {
        self.after <= seq && seq < self.last
    }

    /// Does the database still hold its end as it was carried?
    pub fn holds(&self, conn: &Connection) -> Result<bool, Error> {
        let before = sql::hash_before(conn, self.last)?;
        let mut is_whole = false;
        sql::each_link(conn, self.last, |link| {
            let is_end = link.seq == self.last && link.hash == self.hash;
            is_whole = is_end && holds(&before, &link);
            Ok(false)
        })?;
        Ok(is_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_somebody_else_carried_or_a_line_is_missing() {
        let mut run = Run::default();
        run.goes_on_from(4, b"four");
        run.add(("a", 0, 1), 5, b"five");
        run.add(("b", 7, 8), 6, b"six");
        assert!(run.goes_on_after(4) && run.goes_on_after(5));
        assert!(!run.goes_on_after(3) && !run.goes_on_after(6));

        run.goes_on_from(6, b"six");
        run.add(("a", 1, 2), 7, b"seven");
        assert!(run.goes_on_after(4));
        run.add(("a", 2, 4), 8, b"eight");
        assert!(!run.goes_on_after(7), "line 3 is nowhere");
        run.add(("a", 4, 5), 9, b"nine");
        assert!(run.goes_on_after(8));

        run.goes_on_from(10, b"ten");
        assert!(!run.goes_on_after(9));
        run.add(("a", 5, 6), 11, b"eleven");
        assert!(!run.goes_on_after(9) && run.goes_on_after(10));
        run.goes_on_from(11, b"another");
        run.add(("a", 6, 7), 12, b"twelve");
        assert!(!run.goes_on_after(10) && run.goes_on_after(11));
    }
}
