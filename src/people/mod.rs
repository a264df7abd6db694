//! Who is asking: people, how they sign in, and the keys their programs hold.

mod actions;
mod belonging;
mod model;
mod pages;
mod password;
mod sessions;
mod sql;
mod throttle;
mod token;

pub use actions::{
    add, disable, enable, first_workspace, groups_of, list, members_of, offer_setup, profile,
    sign_in_link, welcome,
};
pub use belonging::{Group, GroupId, Profile};
pub use model::{Email, Error, Member, NewUser, Password};
pub use pages::{People, identify, routes};
pub use password::Passwords;
pub use sessions::Sessions;
