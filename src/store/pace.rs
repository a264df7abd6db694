//! Whose turn it is on the processor: files that ask little go before files
//! that ask much.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often running work looks whether it has to wait.
const LOOK: Duration = Duration::from_millis(5);
/// What was used is weighed over about this long.
const WINDOW: Duration = Duration::from_secs(4);
/// The longest pause at a time.
const PAUSE: Duration = Duration::from_millis(40);
/// What somebody may use before they are asked to wait at all.
const FREE: Duration = Duration::from_millis(50);

/// The processor, shared by all files of a process.
#[derive(Default)]
pub(super) struct Pace {
    /// Files that have work under way.
    active: AtomicUsize,
    /// The file that is to give its memory back: its number, zero for nobody.
    told_to_stop: AtomicU64,
    /// What the one that uses most has used, and its number.
    most: Mutex<(u64, Duration)>,
    numbers: AtomicU64,
}

/// One file's account.
pub(super) struct Account {
    pace: Arc<Pace>,
    number: u64,
    running: AtomicUsize,
    used: Mutex<(Instant, Duration)>,
}

/// Work that is under way until this is dropped.
pub(super) struct Turn<'a>(&'a Account);

/// The clock of one piece of work: what it has used since the last look.
pub(super) struct Meter {
    looked: Instant,
    spent: Option<Duration>,
}

impl Account {
    pub(super) fn new(pace: Arc<Pace>) -> Account {
        let number = pace.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        Account {
            pace,
            number,
            running: AtomicUsize::new(0),
            used: Mutex::new((Instant::now(), Duration::ZERO)),
        }
    }

    pub(super) fn begin(&self) -> Turn<'_> {
        if self.running.fetch_add(1, Ordering::Relaxed) == 0 {
            self.pace.active.fetch_add(1, Ordering::Relaxed);
        }
        Turn(self)
    }

    /// Writes down what the work has used, waits if others wait for the
    /// processor, and says whether the work has to stop.
    pub(super) fn look(&self, meter: &mut Meter) -> bool {
        let Some(spent) = meter.read() else {
            return false;
        };
        let used = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            *used = (Instant::now(), faded(*used) + spent);
            used.1
        };
        self.pace.note(self.number, used);
        let others = self.pace.active.load(Ordering::Relaxed);
        if others > 1 && used > FREE && used > share(others) {
            wait(
                spent
                    .saturating_mul(u32::try_from(others).unwrap_or(2))
                    .min(PAUSE),
            );
            meter.looked = Instant::now();
        }
        self.is_told_to_stop()
    }

    /// The engine has no memory left. `true`: somebody else had most of the
    /// processor, which is taken for most of the memory, and was told to stop, so
    /// that trying again may help. `false`: it is us.
    pub(super) fn is_out_of_memory(&self) -> bool {
        let (number, _) = *self
            .pace
            .most
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if number == self.number || number == 0 {
            return false;
        }
        self.pace.told_to_stop.store(number, Ordering::Relaxed);
        wait(LOOK * 10);
        true
    }

    fn is_told_to_stop(&self) -> bool {
        self.pace.told_to_stop.load(Ordering::Relaxed) == self.number
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let account = self.0;
        if account.running.fetch_sub(1, Ordering::Relaxed) > 1 {
            return;
        }
        account.pace.active.fetch_sub(1, Ordering::Relaxed);
        account.pace.forget(account.number);
    }
}

impl Pace {
    fn note(&self, number: u64, used: Duration) {
        let mut most = self.most.lock().unwrap_or_else(PoisonError::into_inner);
        if most.0 == number || used > most.1 {
            *most = (number, used);
        }
    }

    /// Nothing of that file runs any more: it holds no memory of ours.
    fn forget(&self, number: u64) {
        let mut most = self.most.lock().unwrap_or_else(PoisonError::into_inner);
        if most.0 == number {
            *most = (0, Duration::ZERO);
        }
        let stop = &self.told_to_stop;
        // Somebody else may be told meanwhile: then that stands.
        let _ = stop.compare_exchange(number, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Meter {
    pub(super) fn start() -> Meter {
        Meter {
            looked: Instant::now(),
            spent: on_processor(),
        }
    }

    /// What was used since the last look; `None` when that was just now.
    fn read(&mut self) -> Option<Duration> {
        let passed = self.looked.elapsed();
        if passed < LOOK {
            return None;
        }
        self.looked = Instant::now();
        let now = on_processor();
        let spent = match (self.spent, now) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            // A kernel that does not tell: what passed will do.
            _ => passed,
        };
        self.spent = now;
        Some(spent)
    }
}

/// What this thread has had of a processor.
fn on_processor() -> Option<Duration> {
    thread_local! {
        static TOLD: Option<File> = File::open("/proc/thread-self/schedstat").ok();
    }
    TOLD.with(|told| {
        let mut text = [0; 64];
        let length = told.as_ref()?.read_at(&mut text, 0).ok()?;
        let mut words = String::new();
        (&text[..length]).read_to_string(&mut words).ok()?;
        let nanoseconds = words.split(' ').next()?.parse().ok()?;
        // A thread that reads this has run: nothing means that nobody counts.
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    })
}

/// What counts now of what was used then.
fn faded((at, used): (Instant, Duration)) -> Duration {
    let left = WINDOW.saturating_sub(at.elapsed());
    used.mul_f64(left.as_secs_f64() / WINDOW.as_secs_f64())
}

/// What each of so many may use within the window. Half of it all stays for
/// whoever comes next.
fn share(files: usize) -> Duration {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let all = WINDOW.saturating_mul(u32::try_from(processors).unwrap_or(1));
    all / 2 / u32::try_from(files.max(1)).unwrap_or(1)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a thread that has had more than its share lets others go first"
)]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burn(account: &Account, meter: &mut Meter, until: Duration) -> bool {
        let begun = Instant::now();
        let mut sum = 0_u64;
        while begun.elapsed() < until {
            for n in 0..10_000_u64 {
                sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(n));
            }
            if account.look(meter) {
                return true;
            }
        }
        false
    }

    #[test]
    fn what_runs_is_written_down_and_what_rests_is_not() {
        let pace = Arc::new(Pace::default());
        let (busy, idle) = (Account::new(Arc::clone(&pace)), Account::new(pace));
        let (_a, _b) = (busy.begin(), idle.begin());
        let mut running = Meter::start();
        burn(&busy, &mut running, Duration::from_millis(60));
        let used = |account: &Account| faded(*account.used.lock().unwrap());
        assert!(used(&busy) > Duration::ZERO);
        assert_eq!(used(&idle), Duration::ZERO);
    }

    #[test]
    fn out_of_memory_stops_the_one_that_uses_most_and_nobody_else() {
        let pace = Arc::new(Pace::default());
        let (greedy, modest) = (
            Account::new(Arc::clone(&pace)),
            Account::new(Arc::clone(&pace)),
        );
        let turn = greedy.begin();
        let _modest = modest.begin();
        let mut meter = Meter::start();
        burn(&greedy, &mut meter, Duration::from_millis(40));

        assert!(!greedy.is_out_of_memory(), "its own doing");
        assert!(modest.is_out_of_memory(), "trying again helps");
        assert!(greedy.is_told_to_stop());
        assert!(!modest.is_told_to_stop());
        assert!(
            burn(&greedy, &mut meter, Duration::from_mins(1)),
            "it stops"
        );
        drop(turn);
        assert!(!greedy.is_told_to_stop(), "what comes later may run");
        assert!(!modest.is_out_of_memory(), "nobody is left to blame");
    }
}
