//! How long things took: counts by time, four to each doubling, so that any
//! percentile is right to a quarter.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// From 64 microseconds to eight minutes.
const BUCKETS: usize = 96;
/// What is shorter than 2⁶ microseconds is in the first.
const FIRST: u32 = 6;

/// Counts while it runs.
#[derive(Debug)]
pub struct Latency([AtomicU64; BUCKETS]);

impl Default for Latency {
    fn default() -> Latency {
        Latency(array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Latency {
    pub fn took(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0[bucket(micros)].fetch_add(1, Ordering::Relaxed);
    }

    /// The counts as they stand.
    pub fn shape(&self) -> Shape {
        Shape(array::from_fn(|at| self.0[at].load(Ordering::Relaxed)))
    }
}

/// Counts at a moment, or of a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape([u64; BUCKETS]);

impl Default for Shape {
    fn default() -> Shape {
        Shape([0; BUCKETS])
    }
}

impl Shape {
    /// What came since `before`.
    #[must_use]
    pub fn since(&self, before: &Shape) -> Shape {
        Shape(array::from_fn(|at| self.0[at].saturating_sub(before.0[at])))
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Shape) -> Shape {
        Shape(array::from_fn(|at| self.0[at].saturating_add(other.0[at])))
    }

    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The time within which `percent` of all were done; `None` when there were none.
    pub fn percentile(&self, percent: u64) -> Option<Duration> {
        let total = self.total();
        let wanted = (total.saturating_mul(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        let at = self.0.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        at.map(|at| Duration::from_micros(upper(at)))
    }
}

fn bucket(micros: u64) -> usize {
    let Some(octave) = micros.checked_ilog2().filter(|octave| *octave >= FIRST) else {
        return 0;
    };
    let quarter = usize::try_from(micros >> (octave - 2) & 3).unwrap_or_default();
    let whole = usize::try_from(octave - FIRST).unwrap_or_default();
    (1 + 4 * whole + quarter).min(BUCKETS - 1)
}

/// The microseconds at which that bucket ends.
fn upper(bucket: usize) -> u64 {
    let Some(above) = bucket.checked_sub(1) else {
        return 1 << FIRST;
    };
    let (octave, quarter) = (above / 4, u64::try_from(above % 4).unwrap_or_default());
    let base = 1_u64 << (octave + 6);
    base + (quarter + 1) * (base / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_lies_below_the_end_of_its_bucket_and_not_below_the_one_before() {
        for micros in (0..2_000_000).step_by(37).chain([63, 64, 65, 1 << 28]) {
            let at = bucket(micros);
            assert!(micros < upper(at), "{micros} in {at}");
            assert!(at == 0 || micros >= upper(at - 1), "{micros} in {at}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn a_percentile_is_right_to_a_quarter() {
        let latency = Latency::default();
        for millis in 1..=1_000 {
            latency.took(Duration::from_millis(millis));
        }
        let shape = latency.shape();
        for percent in [1_u64, 50, 90, 99, 100] {
            let (found, true_value) = (shape.percentile(percent).unwrap(), percent * 10);
            let found = u64::try_from(found.as_millis()).unwrap();
            assert!(found >= true_value, "{percent}: {found}");
            assert!(
                found <= true_value + true_value / 4 + 1,
                "{percent}: {found}"
            );
        }
        assert_eq!(Shape::default().percentile(99), None);
    }

    #[test]
    fn one_slow_among_many_is_the_last_percent_only() {
        let latency = Latency::default();
        for _ in 0..999 {
            latency.took(Duration::from_micros(500));
        }
        latency.took(Duration::from_secs(3));
        let shape = latency.shape();
        assert!(shape.percentile(99).unwrap() < Duration::from_millis(1));
        assert!(shape.percentile(100).unwrap() >= Duration::from_secs(3));
        let after = latency.shape().since(&shape);
        assert_eq!(after.total(), 0);
        assert_eq!(after.and(&shape), shape);
    }
}
