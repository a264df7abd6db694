//! Letters to those whom a survey invites: what they say, to whom they go, when, and what
//! became of each.
//!
//! What is guaranteed. A *round* is a row of the accounts database, confirmed by somebody
//! and recorded. Its letters lie in the file of the survey's answers, one for each round
//! and person, made in one transaction together with a note that the round was taken in:
//! killed anywhere, a round is taken in once, nobody has two letters of it and nobody is
//! left out. A letter stays in the file until the server for mail took it, refused it for
//! good, or did not take it for a day. So at that server it is **at least once**: killed
//! between its yes and our note of it, the same letter goes once more, with the same
//! `Message-ID` and the same link, so that a reader's program can know it again.
//!
//! A backup that is put back does not know what left since: rounds that were open in it are
//! stopped, and people say anew whom to write to.
//!
//! Each letter brings a key of the link of its own, because a key is kept as its hash and
//! cannot be said twice. The keys before go on working: who clicks the first letter after
//! the second arrives at the same place. The key is on the disk before the letter leaves.

mod actions;
mod model;
mod people;
mod sending;
pub(in crate::surveys) mod sql;
mod stopping;
mod wording;

pub use actions::stop_open;
pub use model::{Kind, Round, RoundId, Rules, Said, Settings, State, Wording};
pub(in crate::surveys) use people::{drop_letters, keep_people};
pub use sending::{Went, send, watch};
pub use stopping::{Stopped, is_stopped, stop};
pub use wording::{Known, checked, letter};
