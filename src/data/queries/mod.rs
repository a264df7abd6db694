//! Questions people write and keep.

mod actions;
mod model;
mod pages;
mod sql;

#[cfg(test)]
mod hostile_tests;

pub(super) use pages::routes;
