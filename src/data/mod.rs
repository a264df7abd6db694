//! Where rows come from.

mod ask;
mod catalog;
pub mod imports;
mod pages;
mod policies;
mod queries;
pub mod readers;
mod rows;
mod shown;
mod sources;
pub mod sql_text;
pub mod tables;
mod typed;
mod types;
pub mod writers;

pub use ask::{Caps, Question, Value, cell, each, fetch};
pub use catalog::{Catalog, Data};
pub use pages::{routes, sent};
pub use queries::names as query_names;
pub use rows::{Cell, Column, Rows};
pub use sources::{
    Elsewhere, Names, Refusal, SourceId, Wanted, connected, dialect_of, elsewhere, only_reads_kind,
};
pub use types::ColumnType;
