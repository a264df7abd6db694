//! The tables people make in the built-in database.

mod load;
mod model;
pub(super) mod sql;

pub use load::load;
pub use model::{Error, NewTable, Table, TableColumn, TableName};
pub use sql::add_index;
