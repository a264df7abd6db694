//! Words every floor shares. No IO, no SQL, no HTTP.

mod agent;
mod clock;
mod expiring;
mod id;
mod kinds;
mod limits;
mod network;
mod secret;
pub mod text;
pub mod written;

pub use agent::{Agent, Device};
pub use clock::{Clock, Time};
pub use expiring::Expiring;
pub use limits::{Bound, Limits};
pub use network::{Network, Networks, NoNetwork};
pub use secret::Secret;
