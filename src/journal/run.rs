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
    /// By action, the number of the last link that tells of it.
    actions: HashMap<String, i64>,
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
                ..Run::default()
            };
        }
    }

    /// The link with that number tells of a line before which one is missing: it has
    /// to be looked at, and what comes after it begins a run.
    pub(super) fn breaks_at(&mut self, seq: i64) {
        self.after = seq;
        self.lines.clear();
    }

    /// The link with that number tells of this action.
    pub(super) fn tells(&mut self, seq: i64, action: &str) {
        match self.actions.get_mut(action) {
            Some(last) => *last = seq,
            None => drop(self.actions.insert(action.to_owned(), seq)),
        }
    }

    /// It ends there now, and has carried the file as far as that line.
    pub(super) fn ends(&mut self, (seq, hash): (i64, Vec<u8>), (file, line): (String, i64)) {
        (self.last, self.hash) = (seq, hash);
        self.lines.insert(file, line);
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

    /// Is there one of these actions after the link with that number?
    pub fn has_any(&self, actions: &[&str], after: i64) -> bool {
        let mut lasts = actions
            .iter()
            .filter_map(|action| self.actions.get(*action));
        lasts.any(|last| *last > after)
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
        let ends = |run: &mut Run, seq: i64, file: &str, line: i64| {
            run.ends(
                (seq, vec![u8::try_from(seq).unwrap()]),
                (file.to_owned(), line),
            );
        };
        run.goes_on_from(4, &[4]);
        ends(&mut run, 5, "a", 1);
        run.goes_on_from(5, &[5]);
        ends(&mut run, 6, "b", 8);
        assert!(run.goes_on_after(4) && run.goes_on_after(5));
        assert!(!run.goes_on_after(3) && !run.goes_on_after(6));

        run.goes_on_from(6, &[6]);
        run.tells(7, "user.left");
        ends(&mut run, 7, "a", 2);
        assert!(run.has_any(&["user.came", "user.left"], 6));
        assert!(!run.has_any(&["user.came"], 6) && !run.has_any(&["user.left"], 7));
        assert!(run.goes_on_after(4));
        run.breaks_at(8);
        ends(&mut run, 8, "a", 4);
        assert!(!run.goes_on_after(7), "line 3 is nowhere");
        run.goes_on_from(8, &[8]);
        ends(&mut run, 9, "a", 5);
        assert!(run.goes_on_after(8));

        run.goes_on_from(10, &[10]);
        assert!(!run.goes_on_after(9) && !run.has_any(&["user.left"], 0));
        ends(&mut run, 11, "a", 6);
        assert!(!run.goes_on_after(9) && run.goes_on_after(10));
        run.goes_on_from(11, b"another");
        ends(&mut run, 12, "a", 7);
        assert!(!run.goes_on_after(10) && run.goes_on_after(11));
    }
}
