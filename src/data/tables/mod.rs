//! The tables people make in the built-in database.

mod actions;
mod model;
mod pages;
mod relations;
pub(super) mod sql;
mod view;

pub use actions::add_index as make_index;
pub(in crate::data) use actions::find_references;
pub use actions::{make_together, unmake_together};
pub use model::{Error, MadeTable, NewTable, Reference, Table, TableColumn, TableName};
pub(super) use pages::routes;
pub use sql::{add_index, indexed};
