//! What tells who somebody is: sealed under a second key, apart from the other answers.
//!
//! Whoever writes asks [`Apart`] what is kept apart; whoever reads has a [`Vault`], or sees
//! none of it. A vault is handed out in few places: a test holds the list of them.

mod apart;
mod cell;
mod names;
mod settling;
mod sql;
mod vault;

pub use apart::Apart;
pub use names::Names;
pub use settling::{round, settle, watch};
pub use vault::{Marks, Spot, Vault};
