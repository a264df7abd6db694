//! The tables of a project's file, and of the system's what respondents need.

mod answers;
mod places;
mod postbacks;
mod published;
mod refusals;
mod respondents;
mod trials;

pub(super) use answers::{
    OffPath, add_visit, answers, clear_off_path, delete_answer, mark_off_path, put_answer, visits,
};
pub(super) use places::{
    add_allotment, allotments, forget_late, hold, keep_places, places_of, release, release_all,
    taken,
};
pub(super) use postbacks::{Due, due, given_up, later, over, queue, try_again};
pub(super) use published::{Opens, by_slug, has_lists, link, supplier, telling, text};
pub(super) use refusals::turn_away;
pub use respondents::{Respondent, by_token, forget_tests, set_lang};
pub(super) use respondents::{
    add, add_entry, by_entry, by_link, by_signed, entries, finish, has_sent, move_to, part,
    sealed_exit, set_signed, set_token, use_link,
};
pub(super) use trials::{FORCED, force, forget_sent, forget_test, reopen};
