//! The tables of letters: what was confirmed in the accounts database, and whom it goes
//! to in the file of the answers.

mod invitees;
mod keys;
mod rounds;
mod waiting;

pub(in crate::surveys) use invitees::{
    Board, Eligible, NewInvitee, Person, addresses, board, eligible, faults, insert_invitee,
    people, sample, still_open, stop_invitee, stopped,
};
pub(in crate::surveys) use keys::{add_key, count_minute, handed_over, link_stands};
pub(in crate::surveys) use rounds::{
    has_open, insert_round, keep_settings, open_rounds, round, rounds, set_round, settings,
};
pub(in crate::surveys) use waiting::{
    Due, Ended, Tally, drop_waiting, end, is_wanted, later, spread, take, tallies, tally, waiting,
};
