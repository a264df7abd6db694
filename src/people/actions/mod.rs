//! What can be done about people.

mod account;
mod attributes;
mod entering;
mod factors;
mod groups;
mod keys;
mod members;
mod proving;
mod rules;

pub(super) use account::{change_password, end_all_sessions, end_session, sign_out};
pub use attributes::profile;
pub(super) use attributes::set_attributes;
pub(super) use entering::{
    Came, Entered, LinkOwner, SetUp, admit, invite, look_at_link, new_link, open_session, seen,
    set_up, sign_in, take_link,
};
pub use factors::forget_factors_of;
pub(super) use factors::{
    add_app, add_passkey, begin_passkey, make_codes, pending_seed, remove_app, remove_passkey,
    rename_passkey, reset_factors,
};
pub use groups::groups_of;
pub(super) use groups::{delete_group, join, leave, make_group, rename_group, set_groups};
pub(super) use keys::{by_key, make_key, revoke_key};
pub use members::{
    add, as_member, disable, enable, first_workspace, list, members_of, offer_setup, sign_in_link,
    welcome,
};
pub(super) use members::{change_role, set_member_disabled};
pub(super) use proving::{
    Proof, Purpose, begin_sign_in, enter_by_passkey, half, prove, prove_by_passkey, second,
};
pub(super) use rules::set_rules;
