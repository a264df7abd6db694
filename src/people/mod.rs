//! Who is asking: people, how they sign in, and the keys their programs hold.

mod actions;
mod belonging;
mod breached;
mod bulk;
mod factors;
mod federation;
mod keys;
mod model;
mod pages;
mod password;
mod refusals;
mod review;
mod sessions;
mod sql;
mod strength;
mod throttle;
mod token;
mod writing;

pub use actions::{
    MadeLink, add, as_member, disable, enable, first_workspace, forget_factors_of, groups_of,
    invite_into, list, members_of, offer_setup, patrol, profile, sign_in_link, welcome,
};
pub use belonging::{Group, GroupId, Profile};
pub use federation::{MethodId, PlacementId};
pub use model::{Email, Error, Member, NewUser, Password};
pub use pages::{People, identify, routes};
pub use password::Passwords;
pub use review::review_file;
pub use sessions::Sessions;
