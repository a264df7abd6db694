//! The tables people make in the built-in database.

mod actions;
mod model;
mod pages;
pub(super) mod sql;
mod view;

pub use model::{Error, NewTable, Table, TableColumn, TableName};
pub(super) use pages::routes;
pub use sql::add_index;
