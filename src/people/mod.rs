//! Who is asking: people, how they sign in, and the keys their programs hold.

mod actions;
mod model;
mod pages;
mod password;
mod sessions;
mod sql;
mod throttle;
mod token;

pub use actions::{
    add, as_member, disable, enable, first_workspace, list, members_of, offer_setup, sign_in_link,
    welcome,
};
pub use model::{Email, Error, Member, NewUser, Password};
pub use pages::{People, identify, routes};
pub use password::Passwords;
pub use sessions::Sessions;
