//! Where people, sessions, links and keys are kept.

mod invitations;
mod keys;
mod links;
mod places;
mod refusals;
mod sessions;
mod users;

pub(super) use invitations::{
    Invited, add_invitation, drop_invitations, invitation, is_only_here, join_first, stranger_of,
    take,
};
pub(super) use keys::{NewKey, add_key, keys, revoke_key};
pub(super) use links::{
    add_link, close_setup, drop_links, is_empty, keep_code, link, use_code, use_link,
};
pub(super) use places::{Entered, by_key, by_session, ended, go, note_entry, places};
pub(super) use refusals::note_refusal;
pub(super) use sessions::{
    NewSession, add_session, end_session, end_sessions, end_sessions_in, sessions, touch_key,
    touch_session,
};
pub(super) use users::{
    add_membership, add_user, add_workspace, called, count_admins, count_operators, credentials,
    first_workspace, home, id_of, member_of, members, ruled_by, set_disabled, set_member_disabled,
    set_name, set_operator, set_password, set_role,
};
