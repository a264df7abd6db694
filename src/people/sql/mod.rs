//! Where people, sessions, links and keys are kept.

mod keys;
mod links;
mod sessions;
mod users;

pub(super) use keys::{NewKey, add_key, keys, revoke_key};
pub(super) use links::{
    add_link, close_setup, drop_links, is_empty, keep_code, link, use_code, use_link,
};
pub(super) use sessions::{
    NewSession, add_session, as_member, by_key, by_session, end_session, end_sessions, sessions,
    touch_key, touch_session,
};
pub(super) use users::{
    add_membership, add_user, add_workspace, called, count_admins, credentials, first_workspace,
    home, id_of, member_of, members, set_disabled, set_name, set_password, set_role,
};
