//! Who may begin when more come than can be served: whoever is on their way goes first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::meters::{Counter, Meters};

/// Beginnings that are worked on at once.
const AT_ONCE: usize = 32;
/// So many more may wait for it, and for so long.
const WAITING: usize = 256;
const PATIENCE: Duration = Duration::from_secs(1);
/// So few are never too many, however busy the machine is with other things.
const FEW: usize = 4;
/// No more begin while pages of those on their way take longer than this, or while
/// whatever is ready to run waits this long for the processor.
const SLOW: Duration = Duration::from_millis(120);
const LATE: Duration = Duration::from_millis(40);
/// What was slow that long ago says nothing of now: otherwise nobody would ever begin
/// where the last page that was sent was a slow one.
const FORGOTTEN: Duration = Duration::from_secs(2);
/// When whoever was asked to wait comes back: not all in one second.
const SOONEST: u64 = 3;
const SPREAD: u64 = 8;

/// The door of all surveys together: they share one machine.
#[derive(Debug)]
pub struct Admission {
    places: Semaphore,
    waiting: Semaphore,
    /// How long pages take to be taken in, of late: a moving mean, in microseconds.
    pace: AtomicU64,
    /// When that was known, in milliseconds since `began`.
    known: AtomicU64,
    began: Instant,
    turned: Counter,
}

/// The right to begin; others have their turn when it is dropped.
#[must_use]
pub struct Admitted<'a> {
    _place: SemaphorePermit<'a>,
}

/// Come back after so many seconds. Nothing was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComeBack(pub u64);

impl Default for Admission {
    fn default() -> Admission {
        Admission {
            places: Semaphore::new(AT_ONCE),
            waiting: Semaphore::new(WAITING),
            pace: AtomicU64::new(0),
            known: AtomicU64::new(0),
            began: Instant::now(),
            turned: Counter::default(),
        }
    }
}

impl Admission {
    /// Whoever is turned away is counted there.
    pub fn new(meters: &Meters) -> Admission {
        let name = "onsight_survey_come_back_total";
        let help = "Respondents who were asked to come back in some seconds.";
        Admission {
            turned: meters.counter(name, help, &[]),
            ..Admission::default()
        }
    }

    /// Lets somebody begin, after a moment if need be.
    pub async fn begin(&self) -> Result<Admitted<'_>, ComeBack> {
        let Ok(_waiting) = self.waiting.try_acquire() else {
            return Err(self.come_back());
        };
        let Ok(Ok(place)) = timeout(PATIENCE, self.places.acquire()).await else {
            return Err(self.come_back());
        };
        if AT_ONCE - self.places.available_permits() <= FEW {
            return Ok(Admitted { _place: place });
        }
        // Once late may be the machine's business with others; twice in a row is ours.
        if self.is_slow() || (is_late().await && is_late().await) {
            return Err(self.come_back());
        }
        Ok(Admitted { _place: place })
    }

    /// A page of somebody on their way took so long.
    pub fn took(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 16);
        let before = self.pace.load(Ordering::Relaxed);
        // Two at once may lose one of them: it is a mean of many.
        let pace = before - before / 8 + time.min(u64::MAX / 16) / 8;
        self.pace.store(pace, Ordering::Relaxed);
        self.known.store(self.now(), Ordering::Relaxed);
    }

    fn is_slow(&self) -> bool {
        let age = self
            .now()
            .saturating_sub(self.known.load(Ordering::Relaxed));
        u128::from(age) < FORGOTTEN.as_millis()
            && u128::from(self.pace.load(Ordering::Relaxed)) > SLOW.as_micros()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn come_back(&self) -> ComeBack {
        let turned = self.turned.get();
        self.turned.up();
        ComeBack(SOONEST + turned % SPREAD)
    }
}

/// Does what is ready to run wait for the processor? Seen by going to the end of the line.
async fn is_late() -> bool {
    let before = Instant::now();
    yield_now().await;
    before.elapsed() > LATE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_more_than_may_wait_comes_back_later_and_nobody_waits_for_ever() {
        let admission = Admission::default();
        let mut inside = Vec::new();
        for _ in 0..AT_ONCE {
            inside.push(admission.begin().await.ok());
        }
        assert!(inside.iter().all(Option::is_some));

        let crowd = (0..=WAITING).map(|_| admission.begin());
        let begun = tokio::time::Instant::now();
        let came = futures_util::future::join_all(crowd).await;

        assert!(came.iter().all(Result::is_err));
        assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
        assert_eq!(admission.turned.get(), WAITING as u64 + 1);
        drop(inside);
        assert!(admission.begin().await.is_ok());
    }

    #[tokio::test]
    async fn who_waits_comes_in_when_another_is_done() {
        let admission = Admission::default();
        let mut inside = Vec::new();
        for _ in 0..AT_ONCE {
            inside.push(admission.begin().await.ok());
        }

        let (came, ()) = tokio::join!(admission.begin(), async { drop(inside.pop()) });

        assert!(came.is_ok());
    }

    #[tokio::test]
    async fn while_those_on_their_way_wait_only_a_few_begin() {
        let admission = Admission::default();
        for _ in 0..40 {
            admission.took(2 * SLOW);
        }
        let mut inside = Vec::new();
        for _ in 0..FEW {
            inside.push(admission.begin().await.ok());
        }
        let slow = admission.begin().await.err();
        inside.pop();
        let instead = admission.begin().await.err();

        assert!(inside.iter().all(Option::is_some));
        assert_eq!((slow, instead), (Some(ComeBack(SOONEST)), None));
    }

    #[test]
    fn quick_pages_open_the_door_again() {
        let admission = Admission::default();
        for _ in 0..40 {
            admission.took(2 * SLOW);
        }
        for _ in 0..40 {
            admission.took(SLOW / 10);
        }

        assert!(!admission.is_slow());
    }

    #[test]
    fn one_slow_page_closes_no_door_and_an_absurd_one_breaks_nothing() {
        let admission = Admission::default();
        admission.took(3 * SLOW);
        assert!(!admission.is_slow());

        admission.took(Duration::MAX);
        admission.took(Duration::MAX);
        assert!(admission.is_slow());
    }
}
