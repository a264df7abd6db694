//! How many connections there are: together, from one address, and of people nobody
//! knows yet.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that have not been asked anything yet by somebody who is known here. Who
/// comes after them waits in the kernel's queue, which costs nothing: a connection takes
/// some 40 KB, and a crowd at the door takes none from those inside.
const NEWCOMERS: usize = 1_024;
/// So many of them are let stand about before they are asked to make room.
const FEW: usize = 256;
/// How long a newcomer may do nothing where there are more.
const SHORT: Duration = Duration::from_secs(5);
/// From so many seats on, nobody keeps one for longer without a request.
const RESTS: [(usize, Duration); 2] = [
    (10_000, Duration::from_secs(5)),
    (6_000, Duration::from_secs(40)),
];

/// The places at one door: a crowd there takes none of the other's.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    all: Arc<Semaphore>,
    count: usize,
    newcomers: Arc<Semaphore>,
    taken: Arc<Mutex<HashMap<IpAddr, Taken>>>,
    per_address: usize,
}

/// What one address has.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    all: usize,
    newcomers: usize,
}

/// A place among all, not yet anybody's.
pub(super) struct Place {
    permit: OwnedSemaphorePermit,
    newcomer: OwnedSemaphorePermit,
}

/// A taken place; free again when dropped.
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
    standing: Standing,
    address: IpAddr,
}

/// Whether who sits there is known: what is asked over a connection says so.
#[derive(Clone)]
pub(super) struct Standing {
    newcomer: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
    address: IpAddr,
    seats: Seats,
}

impl Seats {
    pub(super) fn new(all: usize, per_address: usize) -> Seats {
        Seats {
            all: Arc::new(Semaphore::new(all)),
            count: all,
            newcomers: Arc::new(Semaphore::new(NEWCOMERS)),
            taken: Arc::default(),
            per_address,
        }
    }

    /// How many connections there are.
    pub(super) fn taken(&self) -> usize {
        self.by_address().values().map(|taken| taken.all).sum()
    }

    /// Waits for a place.
    pub(super) async fn place(&self) -> anyhow::Result<Place> {
        let newcomer = Arc::clone(&self.newcomers).acquire_owned().await?;
        let permit = Arc::clone(&self.all).acquire_owned().await?;
        Ok(Place { permit, newcomer })
    }

    /// Gives the place to an address, unless that has as many as it may: of all, or half
    /// of those for newcomers. `stands_for_many` exempts a proxy.
    pub(super) fn seat(
        &self,
        place: Place,
        address: IpAddr,
        stands_for_many: bool,
    ) -> Option<Seat> {
        let address = household(address);
        let mut by_address = self.by_address();
        let taken = by_address.entry(address).or_default();
        let is_full = taken.all >= self.per_address || taken.newcomers >= NEWCOMERS / 2;
        if is_full && !stands_for_many {
            return None;
        }
        taken.all += 1;
        taken.newcomers += 1;
        Some(Seat {
            _permit: place.permit,
            standing: Standing {
                newcomer: Arc::new(Mutex::new(Some(place.newcomer))),
                address,
                seats: self.clone(),
            },
            address,
        })
    }

    fn by_address(&self) -> MutexGuard<'_, HashMap<IpAddr, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(super) fn standing(&self) -> Standing {
        self.standing.clone()
    }
}

impl Standing {
    /// Somebody who is known asked for something: the place of a newcomer is free.
    pub(super) fn settle(&self) {
        if self.take().is_none() {
            return;
        }
        if let Some(taken) = self.seats.by_address().get_mut(&self.address) {
            taken.newcomers -= 1;
        }
    }

    /// How long this connection may rest now: `idle`, or less in a crowd.
    pub(super) fn rest(&self, idle: Duration) -> Duration {
        let waiting = NEWCOMERS - self.seats.newcomers.available_permits();
        if waiting > FEW && self.is_newcomer() {
            return idle.min(SHORT);
        }
        let taken = self.seats.count - self.seats.all.available_permits();
        let short = RESTS.iter().find(|(from, _)| taken >= *from);
        short.map_or(idle, |(_, rest)| idle.min(*rest))
    }

    fn is_newcomer(&self) -> bool {
        let newcomer = self.newcomer.lock();
        newcomer.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn take(&self) -> Option<OwnedSemaphorePermit> {
        let newcomer = self.newcomer.lock();
        newcomer.unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.standing.settle();
        let mut by_address = self.standing.seats.by_address();
        if let Some(taken) = by_address.get_mut(&self.address) {
            taken.all -= 1;
            if taken.all == 0 {
                by_address.remove(&self.address);
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
    use tokio::time::timeout;

    use super::*;

    const IDLE: Duration = Duration::from_mins(5);

    async fn sit(seats: &Seats, address: &str, is_proxy: bool) -> Option<Seat> {
        let place = seats.place().await.unwrap();
        seats.seat(place, address.parse().unwrap(), is_proxy)
    }

    /// One that is not the only one of its address.
    async fn sit_among(seats: &Seats, number: usize) -> Seat {
        let address = format!("192.0.2.{}", number % 100);
        sit(seats, &address, false).await.unwrap()
    }

    #[tokio::test]
    async fn one_address_takes_only_its_share_and_gives_it_back() {
        let seats = Seats::new(10, 2);
        let first = sit(&seats, "2001:db8::1", false).await.unwrap();
        let _second = sit(&seats, "2001:db8::2", false).await.unwrap();
        assert!(sit(&seats, "2001:db8::3", false).await.is_none());
        assert!(sit(&seats, "2001:db8::3", true).await.is_some());
        assert!(sit(&seats, "2001:db8:0:1::3", false).await.is_some());

        drop(first);

        assert!(sit(&seats, "2001:db8::3", false).await.is_some());
        assert_eq!(seats.by_address().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn newcomers_wait_for_each_other_and_not_for_those_inside() {
        let seats = Seats::new(10_000, 10_000);
        let mut inside = Vec::new();
        for number in 0..2 * NEWCOMERS {
            let seat = sit_among(&seats, number).await;
            seat.standing().settle();
            seat.standing().settle();
            inside.push(seat);
        }
        let mut waiting = Vec::new();
        for number in 0..NEWCOMERS {
            waiting.push(sit_among(&seats, number).await);
        }

        let one_more = timeout(Duration::from_mins(1), seats.place()).await;
        waiting[7].standing().settle();
        let instead = timeout(Duration::from_secs(1), seats.place()).await;

        assert!(one_more.is_err());
        assert!(instead.is_ok());
        drop((inside, waiting, instead));
        assert_eq!(
            (seats.taken(), seats.newcomers.available_permits()),
            (0, NEWCOMERS)
        );
        assert!(seats.by_address().is_empty());
    }

    #[tokio::test]
    async fn one_address_has_half_of_the_places_for_newcomers() {
        let seats = Seats::new(10_000, 10_000);
        let mut all = Vec::new();
        for _ in 0..NEWCOMERS / 2 {
            all.push(sit(&seats, "192.0.2.1", false).await.unwrap());
        }
        assert!(sit(&seats, "192.0.2.1", false).await.is_none());
        assert!(sit(&seats, "192.0.2.2", false).await.is_some());

        all[0].standing().settle();

        assert!(sit(&seats, "192.0.2.1", false).await.is_some());
    }

    #[tokio::test]
    async fn in_a_crowd_of_newcomers_none_of_them_stands_about() {
        let seats = Seats::new(10_000, 10_000);
        let mut all = Vec::new();
        for number in 0..=FEW {
            all.push(sit_among(&seats, number).await);
        }
        assert_eq!(all[0].standing().rest(IDLE), SHORT);

        all[0].standing().settle();

        assert_eq!(all[0].standing().rest(IDLE), IDLE);
        assert_eq!(all[1].standing().rest(IDLE), IDLE);
    }

    #[tokio::test]
    async fn where_seats_get_scarce_nobody_rests_for_long() {
        let seats = Seats::new(20_000, 20_000);
        let (mut all, mut rests) = (Vec::new(), Vec::new());
        for more in [5_999, 1, 4_000] {
            for number in 0..more {
                let seat = sit_among(&seats, number).await;
                seat.standing().settle();
                all.push(seat);
            }
            rests.push(all[0].standing().rest(IDLE).as_secs());
        }
        assert_eq!(rests, [300, 40, 5]);
        let soon = Duration::from_millis(700);
        assert_eq!(all[0].standing().rest(soon), soon);
    }
}
