//! Views: how somebody looks at a page of an app, kept under a name. A view holds words of
//! an address and nothing else; they are read as if somebody had typed them.

mod actions;
mod model;
mod sql;
#[cfg(test)]
mod tests;
mod words;

pub(in crate::apps) use actions::Shown;
pub(super) use actions::{change, choose, delete, replace, save};
pub use model::ViewId;
pub(super) use model::{Change, Desk, Error, NAME, New, VIEW, View};
pub(super) use words::{Told, Words};
