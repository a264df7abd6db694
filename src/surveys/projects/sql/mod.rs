//! SQL of surveys: their definitions and links, and the answers in their files.

mod answers;
mod drafts;
mod links;
mod steps;
mod suppliers;
mod versions;

pub(super) use answers::{
    Found, Visit, answers, by_value, ended_since, entries, extent, outcomes, places, reached,
    respondent, respondents, visits,
};
pub(super) use drafts::{exists, find, insert, list, save, set_state, slug_is_free};
pub(super) use links::{
    End, NewLink, insert_link, is_free, link, link_names, links, open_link, set_end,
};
pub(super) use steps::{Stood, add_step, forget_ahead, newest_step, remove_step, stood};
pub(super) use suppliers::{
    Listed, TurnedAway, Unheard, forget_supplier, keep_supplier, postback_counts, suppliers,
    turned_away, unheard,
};
pub(super) use versions::{add_version, version_text, versions};
