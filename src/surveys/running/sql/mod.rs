//! The tables of a project's file.

mod answers;
mod places;
mod respondents;

pub(super) use answers::{
    add_visit, answers, clear_off_path, delete_answer, has_nonce, mark_off_path, put_answer, sent,
};
pub(super) use places::{
    add_allotment, allotments, hold, keep_places, places_of, release, release_all, taken,
};
pub(super) use respondents::{
    Respondent, add, add_entry, by_entry, by_link, by_token, entries, finish, forget_tests, move_to, set_lang,
    set_token,
};
