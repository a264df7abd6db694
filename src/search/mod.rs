//! One box that finds whatever a person may open.

mod find;
mod pages;

pub use pages::routes;
