//! Who is asking: people, how they sign in, and the keys their programs hold.

mod actions;
mod bulk;
mod model;
mod pages;
mod password;
mod review;
mod sessions;
mod sql;
mod throttle;
mod token;

pub use actions::{
    MadeLink, add, disable, enable, first_workspace, invite_into, list, members_of, offer_setup,
    patrol, sign_in_link, welcome,
};
pub use model::{Email, Error, Member, NewUser, Password};
pub use pages::{People, identify, routes};
pub use password::Passwords;
pub use sessions::Sessions;
