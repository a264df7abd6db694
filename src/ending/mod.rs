//! How what was made comes to its end: hidden at once, for a while to be had
//! back, then destroyed, with a certificate; and how all of it is given back
//! before.

mod actions;
mod archive;
mod certificate;
mod keep;
mod kinds;
mod model;
mod pages;
mod parts;
mod returns;
mod sql;
mod tombstone;
mod watch;

pub use actions::{go_on, replay, round};
pub use model::{EndingId, Error};
pub use pages::{Endings, routes};
pub use returns::{Making, ReturnId};
pub use tombstone::{Tombstone, tombstones};
pub use watch::watch;
