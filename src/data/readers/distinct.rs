//! The different values of a column, as long as they are few.

use super::Distinct;
use crate::base::text;

/// As many different values as a filter or a chart can show.
const MOST: usize = 50;

/// A value longer than this is prose, not a category.
const LONGEST: usize = 100;

const SLOTS: usize = 256;

/// Counts values until there are too many different ones.
pub(super) struct Tally {
    /// In the order they were first met.
    values: Vec<(Vec<u8>, u64)>,
    /// Where a value stands in `values`, plus one, by its hash.
    slots: [u8; SLOTS],
    /// The one met last: columns repeat themselves.
    last: usize,
    full: bool,
}

impl Tally {
    pub(super) fn new() -> Tally {
        Tally {
            values: Vec::new(),
            slots: [0; SLOTS],
            last: 0,
            full: false,
        }
    }

    #[inline]
    pub(super) fn add(&mut self, value: &[u8]) {
        if self.full {
            return;
        }
        match self.values.get_mut(self.last) {
            Some((same, count)) if same == value => *count += 1,
            _ => self.find(value),
        }
    }

    fn find(&mut self, value: &[u8]) {
        let mut slot = hash(value) % SLOTS;
        while let Some(at) = usize::from(self.slots[slot]).checked_sub(1) {
            let (known, count) = &mut self.values[at];
            if known == value {
                *count += 1;
                self.last = at;
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.full = self.values.len() == MOST || value.len() > LONGEST;
        if self.values.len() < MOST {
            self.values.push((value.to_vec(), 1));
            self.last = self.values.len() - 1;
            self.slots[slot] = u8::try_from(self.values.len()).unwrap_or(u8::MAX);
        }
    }

    /// The first few, shortened.
    pub(super) fn samples(&self) -> Vec<String> {
        let first = self.values.iter().take(5);
        first
            .map(|(value, _)| text::shorten(&String::from_utf8_lossy(value), LONGEST).into_owned())
            .collect()
    }

    /// All of them, the most frequent first.
    pub(super) fn all(&self) -> Option<Vec<Distinct>> {
        if self.full {
            return None;
        }
        let mut all: Vec<Distinct> = self
            .values
            .iter()
            .map(|(value, count)| Distinct {
                value: String::from_utf8_lossy(value).into_owned(),
                count: *count,
            })
            .collect();
        all.sort_by_key(|distinct| std::cmp::Reverse(distinct.count));
        Some(all)
    }
}

/// Eight bytes at a time; good enough for fifty values.
#[inline]
fn hash(value: &[u8]) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = value.len() as u64;
    for chunk in value.chunks(8) {
        let word = chunk
            .iter()
            .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(MIX);
    }
    usize::try_from(hash >> 48).unwrap_or_default()
}
