//! SQL of keeping and forgetting: what was decided, in the accounts database, and
//! persons among the answers, in the file of a survey.

mod decided;
mod found;
mod invitees;
mod links;
mod persons;

pub(super) use decided::{
    add_erasure, all, close_erasure, erasures, has_erasure, open_erasures, release, remind,
    set_done, set_hold, set_wiping, standing, surveys_of, texts,
};
pub(super) use found::{by_address, by_answer, by_entry, by_link, by_token, matched};
pub(super) use invitees::{drop_invitees, invited, never_came};
pub(super) use links::{drop_link, drop_own_links, links_of_one, open_links, own_links};
pub(super) use persons::{anonymise, counted, due, erase, first, going, tallied};
