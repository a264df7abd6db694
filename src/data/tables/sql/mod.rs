//! Where tables are kept: their own names and columns stand in the SQL, always
//! quoted; values never do.

mod define;
mod load;

pub use define::add_index;
pub(in crate::data) use define::{
    add_column, create, drop_table, forget, register, rename, table, tables,
};
pub(in crate::data) use load::insert_row;
