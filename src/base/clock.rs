//! What time it is, asked in one place so that a test can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The day of this version: no clock that is right says less.
    pub const RELEASED: Time = Time(1_795_305_600_000);
    pub const SECOND: i64 = 1_000;
    pub const MINUTE: i64 = 60 * Time::SECOND;
    pub const HOUR: i64 = 60 * Time::MINUTE;
    pub const DAY: i64 = 24 * Time::HOUR;

    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Time {
        Time(self.0.saturating_add(milliseconds))
    }

    /// The same instant as a calendar knows it. Instants no calendar reaches are 1970.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// `2026-11-21T19:18:08Z`
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// The only place the product asks what time it is.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    set: Option<Arc<Set>>,
}

/// What a clock says that was set, and how much time went by on it.
#[derive(Debug)]
struct Set {
    says: AtomicI64,
    passed: AtomicI64,
}

impl Clock {
    pub fn system() -> Clock {
        Clock { set: None }
    }

    /// A clock that stands still until it is moved.
    pub fn set_to(time: Time) -> Clock {
        Clock {
            set: Some(Arc::new(Set {
                says: AtomicI64::new(time.0),
                passed: AtomicI64::new(0),
            })),
        }
    }

    /// Moves a clock that was set; the system's clock cannot be moved.
    pub fn advance(&self, milliseconds: i64) {
        if let Some(set) = &self.set {
            set.says.fetch_add(milliseconds, Ordering::Relaxed);
            set.passed.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }

    /// Has a clock that was set say something else although no time went by.
    pub fn jump(&self, milliseconds: i64) {
        if let Some(set) = &self.set {
            set.says.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }

    /// The milliseconds that went by on a clock that was set.
    pub fn passed(&self) -> Option<i64> {
        let set = self.set.as_ref()?;
        Some(set.passed.load(Ordering::Relaxed))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Time {
        match &self.set {
            Some(set) => Time(set.says.load(Ordering::Relaxed)),
            None => Time(
                std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_millis()).ok())
                    .unwrap_or_default(),
            ),
        }
    }
}
