//! Published apps as people use them: pages, forms, files, rows for programs.

mod actions;
mod look;
mod model;
mod openapi;
mod pages;
mod sql;
#[cfg(test)]
mod tests;
mod view_as;

pub use look::look;
pub(super) use pages::routes;
