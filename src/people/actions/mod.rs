//! What can be done about people.

mod account;
mod attributes;
mod entering;
mod factors;
mod going;
mod groups;
mod inviting;
mod keys;
mod members;
mod proving;
mod rules;
mod shutting;

pub(super) use account::{change_password, end_all_sessions, end_session, sign_out};
pub use attributes::profile;
pub(super) use attributes::set_attributes;
pub(super) use entering::{
    Came, Entered, LinkOwner, SetUp, admit, look_at_link, open_session, seen, set_up, sign_in,
    take_link,
};
pub use factors::forget_factors_of;
pub(super) use factors::{
    add_app, add_passkey, begin_passkey, make_codes, pending_seed, remove_app, remove_passkey,
    rename_passkey, reset_factors,
};
pub(super) use going::go;
pub use groups::groups_of;
pub(super) use groups::{
    delete_group, join as join_group, leave, make_group, rename_group, set_groups,
};
pub use inviting::{MadeLink, invite_into};
pub(super) use inviting::{invite, invite_operator, join, look_at_invitation, new_link};
pub(super) use keys::{by_key, make_key, revoke_key};
pub(super) use members::change_role;
pub use members::{
    add, as_member, first_workspace, list, members_of, offer_setup, sign_in_link, welcome,
};
pub(super) use proving::{
    Proof, Purpose, begin_sign_in, enter_by_passkey, half, prove, prove_by_passkey, second,
};
pub(super) use rules::set_rules;
pub use shutting::{disable, enable, patrol};
pub(super) use shutting::{set_account_disabled, set_members_disabled, set_operator};
