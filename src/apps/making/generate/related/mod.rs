//! A whole app made from tables that belong together: a list and a page of one row for
//! each, what belongs to a row on its page, and a first page with the figures.

mod family;
mod forms;
mod home;
mod lists;
mod lookups;
mod outline;
mod sql;
#[cfg(test)]
mod tests;
mod text;

pub(in crate::apps::making) use family::{Family, MOST};
pub(in crate::apps::making) use outline::{Outline, outline};
pub(in crate::apps::making) use text::family_text;
