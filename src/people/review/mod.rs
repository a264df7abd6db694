//! Who came in when, from where, with what, and how often they were refused:
//! for the admins and auditors of a workspace, and, of accounts as such, for
//! operators.

mod actions;
mod file;
mod model;
mod pages;
mod sql;

pub(super) use file::line;
pub use file::review_file;
pub(super) use pages::routes;
