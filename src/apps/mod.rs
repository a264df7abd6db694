//! What builders make: pages of widgets over data, each app one text.

pub mod format;
mod library;
mod pages;
mod render;
mod using;
pub mod widgets;

pub use library::{Apps, Error};
pub use pages::routes;
