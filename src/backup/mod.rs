//! Copies of everything, sealed and elsewhere, and the way back from them:
//! points in their slots, verified at each destination; what is kept and what
//! is destroyed; putting back; and proving that it can be done.

mod actions;
mod breath;
mod keys;
mod kinds;
mod lock;
mod make;
mod manifest;
mod model;
mod pack;
mod pages;
mod places;
mod prove;
mod prune;
mod restore;
mod retention;
mod schedule;
mod sql;
mod target;
mod told;
mod watch;

pub use crate::age::{Error as AgeError, Identity, Recipient};
pub use actions::{
    NewDestination, Standing, add_destination, add_holder, go_on, hold, release, standing,
};
pub use make::{Wanted, make};
pub use model::{
    Destination, DestinationId, Destroyed, Error, Hold, HoldId, Holder, Plan, Point, State, Tested,
};
pub use pages::routes;
pub use prove::{prove, verify};
pub use prune::prune;
pub use restore::{From, Listed, Only, Restored, listed, restore};
pub use retention::Reason;
pub use schedule::Schedule;
pub use watch::{round, watch};
