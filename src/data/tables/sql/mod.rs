//! Where tables are kept: their own names and columns stand in the SQL, always
//! quoted; values never do.

mod change;
mod define;
mod relations;
mod rows;
#[cfg(test)]
mod rows_tests;

pub(in crate::data) use change::{delete, held, insert, set, written};
pub(in crate::data) use define::{
    add_column, create, drop_table, quoted, register, rename, retitle, tables, unregister,
};
pub use define::{add_index, indexed};
pub(in crate::data) use relations::{Fit, fit, refer};
pub(in crate::data) use rows::{Found, all, count, page};
