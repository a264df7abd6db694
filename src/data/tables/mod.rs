//! The tables people make in the built-in database.

mod model;
pub(super) mod sql;

pub use model::{Error, NewTable, Table, TableColumn, TableName};
pub use sql::add_index;
