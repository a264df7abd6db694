//! Published apps as people use them: pages, forms, files, rows for programs.

mod actions;
mod elsewhere;
mod examples;
mod family;
mod look;
mod model;
mod openapi;
mod pages;
mod row;
mod sent;
mod sql;
#[cfg(test)]
mod tests;
mod view_as;
mod views;
mod writing;

pub use look::look;
pub(super) use model::Error as Refused;
pub(super) use pages::routes;
pub(super) use views::Shown;
pub use views::ViewId;
