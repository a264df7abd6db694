//! What changes a survey: each in one transaction with its line in the journal.

mod assets;
mod calls;
mod drafts;
mod invitations;
mod links;
mod steps;
mod suppliers;
mod versions;
mod webhooks;

pub(super) use assets::{Brought, bring, remove};
pub(super) use calls::{forget_call_secret, keep_call_secret, trust_machines};
pub(super) use drafts::{Draft, From, import, save, start};
pub(super) use invitations::{
    Wanted as WantedRound, confirm_round, invite_by_mail, keep_letters, stop_round, take_links,
    tested,
};
pub(super) use links::{Took, Wanted, exported, invite, make_link, open_link, read, set_end};
pub(super) use steps::{Way, step};
pub(super) use suppliers::{forget_supplier, keep_supplier, tell_again};
pub(super) use versions::{against, close, publish, reopen};
pub(super) use webhooks::{
    add_hook, change_hook, remove_hook, renew_hook, send_hook_again, try_hook,
};
