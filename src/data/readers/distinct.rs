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
    values: Vec<Known>,
    /// Where a value stands in `values`, plus one, by its hash.
    slots: [u8; SLOTS],
    /// The one met last: columns repeat themselves.
    last: usize,
    full: bool,
}

struct Known {
    /// All of a short value: most comparisons need no more.
    key: u64,
    value: Vec<u8>,
    count: u64,
}

impl Known {
    #[inline]
    fn is(&self, key: u64, value: &[u8]) -> bool {
        self.key == key
            && self.value.len() == value.len()
            && (value.len() <= 8 || self.value == value)
    }
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
        let key = key(value);
        match self.values.get_mut(self.last) {
            Some(same) if same.is(key, value) => same.count += 1,
            _ => self.find(key, value),
        }
    }

    fn find(&mut self, key: u64, value: &[u8]) {
        let mut slot = usize::try_from(key.wrapping_mul(MIX) >> 56).unwrap_or_default();
        while let Some(at) = usize::from(self.slots[slot]).checked_sub(1) {
            let known = &mut self.values[at];
            if known.is(key, value) {
                known.count += 1;
                self.last = at;
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.full = self.values.len() == MOST || value.len() > LONGEST;
        if self.values.len() < MOST {
            self.last = self.values.len();
            self.values.push(Known {
                key,
                value: value.to_vec(),
                count: 1,
            });
            self.slots[slot] = u8::try_from(self.values.len()).unwrap_or(u8::MAX);
        }
    }

    /// The first few, shortened.
    pub(super) fn samples(&self) -> Vec<String> {
        let first = self.values.iter().take(5);
        first
            .map(|known| {
                text::shorten(&String::from_utf8_lossy(&known.value), LONGEST).into_owned()
            })
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
            .map(|known| Distinct {
                value: String::from_utf8_lossy(&known.value).into_owned(),
                count: known.count,
            })
            .collect();
        all.sort_by_key(|distinct| std::cmp::Reverse(distinct.count));
        Some(all)
    }
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Eight bytes as they stand; longer values are mixed, eight at a time.
#[inline]
fn key(value: &[u8]) -> u64 {
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_u64, |word, byte| word << 8 | u64::from(*byte))
    };
    if value.len() <= 8 {
        return word(value);
    }
    value.chunks(8).fold(0, |key, chunk| {
        (key.rotate_left(5) ^ word(chunk)).wrapping_mul(MIX)
    })
}
