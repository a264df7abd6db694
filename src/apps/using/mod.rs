//! Published apps as people use them: pages, forms, files, rows for programs.

mod actions;
mod model;
mod pages;
mod sql;
mod view_as;
#[cfg(test)]
mod tests;

pub(super) use pages::routes;
