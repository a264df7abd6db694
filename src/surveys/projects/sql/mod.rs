//! SQL of surveys: their definitions and links, and the answers in their files.

mod answers;
mod drafts;
mod keys;
mod links;
mod versions;

pub(super) use answers::{
    Found, Visit, answers, ended_since, entries, outcomes, places, reached, respondent,
    respondents, visits,
};
pub(super) use drafts::{exists, find, insert, list, save, set_state, slug_is_free};
pub(super) use keys::{forget_key, keep_key, keys};
pub(super) use links::{NewLink, insert_link, link, link_names, links, open_link, set_exits};
pub(super) use versions::{add_version, version_text, versions};
