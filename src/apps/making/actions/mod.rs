//! What can be done about the text of an app.

mod approvals;
mod columns;
mod drafts;
mod files;
mod gates;
mod one_click;
mod several;
mod steps;
#[cfg(test)]
mod tests;
mod versions;

pub(super) use approvals::{
    approve, ask, asked, open_request, refuse, requests, set_two, withdraw,
};
pub(super) use columns::columns;
pub(super) use drafts::{Change, rename, save, start};
pub use files::{check, export, find, import};
pub(super) use files::{look, other_id, problems};
pub(super) use gates::{findings, rehearse, rehearse_one};
pub use one_click::{Made, make};
pub(in crate::apps) use one_click::{begin, free};
pub(super) use several::{make_of, plan};
pub(super) use steps::{Way, seen, step, stood};
pub(super) use versions::{history, publish, roll_back};
