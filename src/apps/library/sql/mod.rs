//! Where apps, their drafts and their versions are kept.

mod approvals;
mod drafts;
mod mine;
mod published;
mod steps;
mod versions;

pub(in crate::apps) use approvals::{
    Ending, add_request, end_request, forget_authors, is_author, needs_two, note_author,
    open_request, request_of, requests, want_one, want_two, was_approved,
};
pub(in crate::apps) use drafts::{draft, exists, insert, list, save};
pub(in crate::apps) use mine::{mine, star, unstar};
pub(in crate::apps) use published::{made, published};
pub(in crate::apps) use steps::{add_step, forget_ahead, newest_step, remove_step, stood, text_at};
pub(in crate::apps) use versions::{add, use_version, version_text, versions};
