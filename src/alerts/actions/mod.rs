//! What is done with alerts, each with its line in the journal.

mod handing_over;
mod handling;
mod raising;
mod targets;
mod telling;

use crate::site::Site;
use crate::store::{Error, Key};

pub use handing_over::hand_over;
pub(super) use handling::handle;
pub use raising::{raise, settle};
pub(super) use targets::{add, remove, try_out};
pub use telling::tell;

/// What seals the secrets of webhooks.
fn key(site: &Site) -> Result<Key, Error> {
    Ok(site.keyring.key_of("alerts")?.key)
}
