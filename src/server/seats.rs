//! How many connections there are, together and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places at one door: a crowd there takes none of the other's.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    all: Arc<Semaphore>,
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
            taken: Arc::default(),
            per_address,
        }
    }

    /// How many connections there are.
    pub(super) fn taken(&self) -> usize {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.values().sum()
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
}
