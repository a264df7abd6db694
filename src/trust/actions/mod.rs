//! What is done about promises: findings kept, looks taken, reviews signed, facts
//! written down, packs made.

mod findings;
mod hosting;
mod long;
mod packing;
mod reviewing;

pub(super) use findings::keep;
pub(super) use hosting::{add_fact, drop_fact, set_fact};
pub(super) use long::{jumped, keep_long, read_chain};
pub(super) use packing::told;
pub(super) use reviewing::{looked, sign};
