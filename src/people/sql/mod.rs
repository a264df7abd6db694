//! Where people, sessions, links and keys are kept.

mod entering;
mod factors;
mod groups;
mod invitations;
mod keys;
mod links;
mod places;
mod refusals;
mod rules;
mod sessions;
mod users;

pub(super) use entering::{add_half, add_sign_in, end_half, end_halves, half, sign_ins};
pub(super) use factors::{
    NewPasskey, add_passkey, add_recovery, add_totp, drop_passkey, drop_passkeys, drop_recovery,
    drop_totp, holds, passkey, passkeys, rename_passkey, seed, use_passkey, use_recovery, use_step,
};
pub(super) use groups::{
    add_attribute, add_group, attributes, count_open, delete_group, drop_attributes, group_members,
    group_of, groups, groups_with, member_called, put_in_group, rename_group, shared_with,
    take_out_of_group,
};
pub(super) use invitations::{
    Invited, add_invitation, drop_invitations, invitation, is_only_here, join_first, stranger_of,
    take,
};
pub(super) use keys::{Kept, add_key, key_with, keys, revoke_key, touch_key};
pub(super) use links::{
    add_link, close_setup, drop_links, is_empty, keep_code, link, use_code, use_link,
};
pub(super) use places::{
    Entered, Live, as_member, by_key, by_session, ended, go, note_entry, places,
};
pub(super) use refusals::note_refusal;
pub(super) use rules::{add_factor_rule, clear_factor_rules, must_have_factor, rules, set_times};
pub(super) use sessions::{
    NewSession, add_session, end_session, end_sessions, end_sessions_in, prove_session, sessions,
    touch_session,
};
pub(super) use users::{
    add_membership, add_user, add_workspace, called, count_admins, count_operators, credentials,
    first_workspace, home, id_of, member_of, members, ruled_by, set_disabled, set_member_disabled,
    set_name, set_operator, set_password, set_role, standing,
};
