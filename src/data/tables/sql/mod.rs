//! Where tables are kept: their own names and columns stand in the SQL, always
//! quoted; values never do.

mod change;
mod define;
mod rows;
#[cfg(test)]
mod rows_tests;

pub(in crate::data) use change::{delete, held, insert, set, written};
pub use define::add_index;
pub(in crate::data) use define::{
    add_column, create, drop_table, indexed, quoted, register, rename, retitle, tables,
};
pub(in crate::data) use rows::{Found, all, count, page};
