//! Published apps as people use them: pages, forms, files, rows for programs.

mod actions;
mod model;
mod pages;
mod sql;
#[cfg(test)]
mod tests;
mod view_as;

pub(super) use pages::routes;
