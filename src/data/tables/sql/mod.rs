//! Where tables are kept: their own names and columns stand in the SQL, always
//! quoted; values never do.

mod change;
mod define;
mod rows;
#[cfg(test)]
mod rows_tests;

pub(in crate::data) use change::{delete, insert, set, written};
pub(in crate::data) use define::{
    add_column, add_index, create, drop_table, forget, indexed, register, rename, retitle, table,
    tables,
};
pub(in crate::data) use rows::{Found, all, count, page};
