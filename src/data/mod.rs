//! Where rows come from.

pub mod readers;
mod rows;
pub mod sql_text;
mod types;
pub mod writers;

pub use rows::{Cell, Column, Rows};
pub use types::ColumnType;
