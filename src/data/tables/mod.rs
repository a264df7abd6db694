//! The tables people make in the built-in database.

mod actions;
mod load;
mod model;
mod pages;
pub(super) mod sql;
mod view;

pub use load::load;
pub use model::{Error, NewTable, Table, TableColumn, TableName};
pub(super) use pages::routes;
pub use sql::add_index;
