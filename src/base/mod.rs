//! Words every floor shares. No IO, no SQL, no HTTP.

mod clock;
mod id;
mod kinds;
mod secret;
pub mod text;

pub use clock::{Clock, Time};
pub use secret::Secret;
