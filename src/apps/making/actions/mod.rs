//! What can be done about the text of an app.

mod approvals;
mod drafts;
mod files;
mod one_click;
#[cfg(test)]
mod tests;
mod versions;

pub(super) use approvals::{
    approve, ask, asked, open_request, refuse, requests, set_two, withdraw,
};
pub(super) use drafts::{rename, save, start};
pub use files::{check, export, find, import};
pub(super) use files::{look, other_id, problems};
pub use one_click::{Made, make};
pub(super) use versions::{history, publish, roll_back};
