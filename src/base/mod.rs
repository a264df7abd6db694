//! Words every floor shares. No IO, no SQL, no HTTP.

pub mod account;
mod agent;
mod clock;
mod expiring;
mod hashing;
mod id;
pub mod json;
mod kinds;
mod limits;
mod network;
mod patience;
mod secret;
pub mod text;
pub mod written;

pub use agent::{Agent, Device};
pub use clock::{Clock, Time};
pub use expiring::Expiring;
pub use hashing::{Hashing, Weight};
pub use limits::{Bound, Limits};
pub use network::{Network, Networks, NoNetwork};
pub use patience::Patience;
pub use secret::Secret;
