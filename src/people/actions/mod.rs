//! What can be done about people.

mod account;
mod entering;
mod members;

pub(super) use account::{
    change_password, end_all_sessions, end_session, make_key, revoke_key, sign_out,
};
pub(super) use entering::{
    Came, SetUp, invite, look_at_link, new_link, seen, set_up, sign_in, take_link,
};
pub use members::{
    add, as_member, disable, enable, first_workspace, list, members_of, offer_setup, sign_in_link,
    welcome,
};
pub(super) use members::{change_role, set_member_disabled};
