//! Tenants: a member's request is handed its own workspace's file, and no
//! other can be had from it. Operators make and close workspaces, and come into
//! one only on a grant that ends.

mod actions;
mod asker;
mod model;
mod openings;
mod pages;
mod sql;

pub use model::{OfferId, StayId};
pub use openings::Openings;
pub use pages::{Member, routes};
