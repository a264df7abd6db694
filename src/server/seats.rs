//! How many connections there are, together and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// From so many taken seats on, who does nothing may keep one for so long: a seat costs
/// some 40 KB, coming back a few tenths of a millisecond.
const RESTS: [(usize, Duration); 2] = [
    (3_000, Duration::from_secs(1)),
    (1_000, Duration::from_secs(5)),
];

/// The places at one door: a crowd there takes none of the other's.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    all: Arc<Semaphore>,
    count: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_address: usize,
}

/// A place among all, not yet anybody's.
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
}

/// A taken place; free again when dropped.
pub(super) struct Seat {
    _place: Place,
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Seats {
    pub(super) fn new(all: usize, per_address: usize) -> Seats {
        Seats {
            all: Arc::new(Semaphore::new(all)),
            count: all,
            taken: Arc::default(),
            per_address,
        }
    }

    /// How many connections there are.
    pub(super) fn taken(&self) -> usize {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.values().sum()
    }

    /// How long a connection may rest now: `idle`, or less in a crowd.
    pub(super) fn rest(&self, idle: Duration) -> Duration {
        let taken = self.count - self.all.available_permits();
        let short = RESTS.iter().find(|(from, _)| taken >= *from);
        short.map_or(idle, |(_, rest)| idle.min(*rest))
    }

    /// Waits for a place.
    pub(super) async fn place(&self) -> anyhow::Result<Place> {
        let permit = Arc::clone(&self.all).acquire_owned().await?;
        Ok(Place { _permit: permit })
    }

    /// Gives the place to an address, unless that has as many as it may.
    /// `stands_for_many` exempts a proxy.
    pub(super) fn seat(
        &self,
        place: Place,
        address: IpAddr,
        stands_for_many: bool,
    ) -> Option<Seat> {
        let address = household(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= self.per_address && !stands_for_many {
            return None;
        }
        *count += 1;
        Some(Seat {
            _place: place,
            address,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ beside it.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_takes_only_its_share_and_gives_it_back() {
        let seats = Seats::new(10, 2);
        let sit = async |address: &str, proxy| {
            let place = seats.place().await.unwrap();
            seats.seat(place, address.parse().unwrap(), proxy)
        };
        let first = sit("2001:db8::1", false).await.unwrap();
        let _second = sit("2001:db8::2", false).await.unwrap();
        assert!(sit("2001:db8::3", false).await.is_none());
        assert!(sit("2001:db8::3", true).await.is_some());
        assert!(sit("2001:db8:0:1::3", false).await.is_some());

        drop(first);

        assert!(sit("2001:db8::3", false).await.is_some());
        assert_eq!(seats.taken.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn in_a_crowd_nobody_rests_for_long() {
        let (seats, idle) = (Seats::new(5_000, 5_000), Duration::from_mins(5));
        let mut all = Vec::new();
        let mut rests = Vec::new();
        for more in [0, 999, 1, 2_000] {
            for _ in 0..more {
                all.push(seats.place().await.unwrap());
            }
            rests.push(seats.rest(idle).as_secs());
        }
        assert_eq!(rests, [300, 300, 5, 1]);
        assert_eq!(seats.rest(Duration::from_millis(700)).as_millis(), 700);

        all.clear();

        assert_eq!(seats.rest(idle), idle);
    }
}
