//! Where rows come from.

mod rows;
mod types;

pub use rows::{Cell, Column, Rows};
pub use types::ColumnType;
