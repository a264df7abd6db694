//! What the checks ask the system database, and what is kept about them.

mod copies;
mod digest;
mod findings;
mod hosting;
mod lists;
mod people;
mod reviews;
mod trail;

pub(super) use copies::{alerts, endings};
pub(super) use digest::digest;
pub(super) use findings::{
    add_change, add_jump, changes, keep, keep_long, last_jump, long_looks, standing,
};
pub(super) use hosting::{add_fact, drop_fact, fact, hosting, set_fact};
pub(super) use lists::{Person, people};
pub(super) use people::{accounts, founded, places, programs, visits};
pub(super) use reviews::{add_review, review, reviewed, reviews};
pub(super) use trail::{policies_removed, trail};
