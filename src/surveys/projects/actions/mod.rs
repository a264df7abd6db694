//! What changes a survey: each in one transaction with its line in the journal.

mod assets;
mod drafts;
mod links;
mod suppliers;
mod versions;

pub(super) use assets::{Brought, bring, remove};
pub(super) use drafts::{From, import, save, start};
pub(super) use links::{Took, Wanted, exported, invite, make_link, open_link, read, set_end};
pub(super) use suppliers::{forget_supplier, keep_supplier, tell_again};
pub(super) use versions::{close, publish, reopen};
