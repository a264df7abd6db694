//! Where rows come from.

mod rows;
pub mod sql_text;
mod types;

pub use rows::{Cell, Column, Rows};
pub use types::ColumnType;
