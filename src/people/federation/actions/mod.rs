//! What can be done about sign-in methods, and how somebody comes in by one.

mod arriving;
mod entering;
mod methods;

pub(in crate::people) use entering::{Offer, by_directory, offers};
pub(super) use entering::{Returned, back_to, begin, come_back, secret_of};
pub(super) use methods::{add, add_placement, drop, drop_placement, save, switch, tested};
