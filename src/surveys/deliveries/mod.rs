//! Data that leaves a survey again and again, or when somebody asks: as a link that opens
//! once, or to a place elsewhere; and the log of who got what.
//!
//! What is guaranteed. Somebody or a schedule *asks*: a row of the log, with its record. A
//! task makes the file, sealed, and notes its name, length and hash in the transaction that
//! says it is made; killed before, it is made anew. From there on it is that file and no
//! other which is brought: killed after it arrived and before that was noted, the same bytes
//! are put under the same name once more. At its place a file is there whole or not at all.
//!
//! At each step it is asked anew whether the person who asked, or who set the schedule up,
//! may still export; if not, the delivery ends and its schedule stops.
//!
//! A backup that is put back does not know what left since: what was on its way then ends,
//! and schedules wait for somebody to switch them on.

mod actions;
mod asking;
mod form;
mod given;
mod lying;
mod model;
mod noting;
mod packing;
mod rounds;
pub(in crate::surveys) mod sql;
mod timing;

pub(in crate::surveys) use actions::{By, ask, keep, make_link, recall, remove, tried, withdraw};
pub use actions::{stop_open, take};
pub use asking::found;
pub(in crate::surveys) use asking::try_it;
pub(in crate::surveys) use form::parse;
pub(in crate::surveys) use given::given;
pub use lying::{open, sweep};
pub use model::{Delivered, DeliveredId, DeliveryId, Error, Opens};
pub(in crate::surveys) use model::{Delivery, Every, Settings, State, Whither};
pub use rounds::{Desk, watch};
