//! Where rows come from.

pub mod readers;
mod rows;
mod types;
pub mod writers;

pub use rows::{Cell, Column, Rows};
pub use types::ColumnType;
