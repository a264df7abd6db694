//! What changes a survey: each in one transaction with its line in the journal.

mod drafts;
mod links;
mod versions;

pub(super) use drafts::{From, import, save, start};
pub(super) use links::{
    Wanted, exported, forget_key, invite, keep_key, make_link, open_link, read, set_exits,
};
pub(super) use versions::{close, publish, reopen};
