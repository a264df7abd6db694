//! What changes deliveries: each in one transaction with its line in the journal.

mod asking;
mod going;
mod setting;

pub use asking::take;
pub(in crate::surveys) use asking::{ask, make_link, withdraw};
pub(in crate::surveys) use going::recall;
pub use going::stop_open;
pub(super) use going::{arrived, begin, failed, made, over, stopped};
pub(in crate::surveys) use setting::{By, keep, remove, tried};
