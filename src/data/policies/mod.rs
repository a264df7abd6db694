//! Which rows and columns of a table people see, whatever they read it with.

mod actions;
mod model;
mod pages;

pub(super) use pages::routes;
