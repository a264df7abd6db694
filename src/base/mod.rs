//! Words every floor shares. No IO, no SQL, no HTTP.

mod clock;
mod id;
mod kinds;
mod limits;
mod network;
mod secret;
pub mod text;

pub use clock::{Clock, Time};
pub use limits::{Bound, Limits};
pub use network::{Network, Networks, NoNetwork};
pub use secret::Secret;
