//! How many machines are asked at once, and that one question is asked once at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::reason::Went;
use crate::base::Time;
use crate::egress::{Client, Error, Trust};

/// Calls that run at the same time: of all surveys, and of one.
const TOGETHER: usize = 128;
const OF_ONE: usize = 16;
/// So long somebody waits for a seat before they see the page that waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// So long the second of two tabs waits for the first.
const OTHER_TAB: Duration = Duration::from_secs(12);
/// A call that keeps somebody waiting is not made again before that.
const REST: i64 = 5 * Time::SECOND;
/// Authorities that are kept read.
const CLIENTS: usize = 50;

/// One question: the file of the survey, the respondent, the block, the turn.
pub type Flight = (String, i64, String, u32);

/// The calls of all surveys. Nothing of it lasts beyond a restart.
#[derive(Debug)]
pub struct Calls {
    seats: Arc<Semaphore>,
    held: Lock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// By the file of the survey.
    seats: HashMap<String, Arc<Semaphore>>,
    flights: HashMap<Flight, Arc<Mutex<()>>>,
    /// Until when these are left alone.
    rests: HashMap<Flight, (Time, Went)>,
    /// What connections are secured with, by the authority.
    clients: HashMap<String, Client>,
}

/// The right to ask; another has its turn when it is dropped.
#[must_use]
pub struct Seat {
    _one: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Default for Calls {
    fn default() -> Calls {
        Calls {
            seats: Arc::new(Semaphore::new(TOGETHER)),
            held: Lock::default(),
        }
    }
}

impl Calls {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat among those who ask for that survey; `None`: there is none for now.
    pub async fn seat(&self, file: &str) -> Option<Seat> {
        let of_one = {
            let mut held = self.held();
            let seats = held.seats.entry(file.to_owned());
            Arc::clone(seats.or_insert_with(|| Arc::new(Semaphore::new(OF_ONE))))
        };
        let both = async {
            let one = of_one.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.seats).acquire_owned().await.ok()?;
            Some(Seat {
                _one: one,
                _of_all: of_all,
            })
        };
        timeout(PATIENCE, both).await.ok().flatten()
    }

    /// Waits until nobody else asks the same; `None`: that takes too long.
    pub async fn alone(&self, flight: &Flight) -> Option<OwnedMutexGuard<()>> {
        let lock = {
            let mut held = self.held();
            held.flights.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(held.flights.entry(flight.clone()).or_default())
        };
        timeout(OTHER_TAB, lock.lock_owned()).await.ok()
    }

    /// Why it was asked in vain, where that was a moment ago.
    pub fn rests(&self, flight: &Flight, now: Time) -> Option<Went> {
        let held = self.held();
        let found = held.rests.get(flight).filter(|(until, _)| now < *until);
        found.map(|(_, went)| *went)
    }

    /// It was asked in vain, and is asked again when somebody comes back.
    pub fn failed(&self, flight: Flight, went: Went, now: Time) {
        let mut held = self.held();
        held.rests.retain(|_, (until, _)| now < *until);
        held.rests.insert(flight, (now.plus(REST), went));
    }

    /// What connections to machines of that authority are secured with.
    pub fn client(&self, ca: &str) -> Result<Client, Error> {
        if let Some(known) = self.held().clients.get(ca) {
            return Ok(known.clone());
        }
        let client = Trust::new(ca)?.client()?;
        let mut held = self.held();
        if held.clients.len() >= CLIENTS {
            held.clients.clear();
        }
        held.clients.insert(ca.to_owned(), client.clone());
        Ok(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_survey_has_so_many_seats_and_keeps_no_other_waiting() {
        let calls = Calls::default();
        let mut seats = Vec::new();
        for _ in 0..OF_ONE {
            seats.push(calls.seat("a").await.unwrap());
        }

        assert!(calls.seat("a").await.is_none());
        assert!(calls.seat("b").await.is_some());
        seats.pop();
        assert!(calls.seat("a").await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_is_asked_by_one_at_a_time_and_nothing_of_it_stays() {
        let calls = Calls::default();
        let flight = |block: &str| ("a".to_owned(), 1, block.to_owned(), 0);
        let first = calls.alone(&flight("crm")).await.unwrap();
        assert!(calls.alone(&flight("crm")).await.is_none());
        drop(first);
        assert!(calls.alone(&flight("crm")).await.is_some());

        let _other = calls.alone(&flight("geo")).await.unwrap();
        assert_eq!(calls.held().flights.len(), 1);
        calls.failed(flight("crm"), Went::Late, Time(0));
        assert_eq!(
            calls.rests(&flight("crm"), Time(REST - 1)),
            Some(Went::Late)
        );
        assert_eq!(calls.rests(&flight("crm"), Time(REST)), None);
    }
}
