//! What can be done about people.

mod account;
mod entering;
mod going;
mod inviting;
mod members;
mod shutting;

pub(super) use account::{
    change_password, end_all_sessions, end_session, make_key, revoke_key, sign_out,
};
pub(super) use entering::{Came, SetUp, look_at_link, seen, set_up, sign_in, take_link};
pub(super) use going::go;
pub use inviting::{MadeLink, invite_into};
pub(super) use inviting::{invite, invite_operator, join, look_at_invitation, new_link};
pub(super) use members::change_role;
pub use members::{add, first_workspace, list, members_of, offer_setup, sign_in_link, welcome};
pub use shutting::{disable, enable, patrol};
pub(super) use shutting::{set_account_disabled, set_members_disabled, set_operator};
