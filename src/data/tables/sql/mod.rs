//! Where tables are kept: their own names and columns stand in the SQL, always
//! quoted; values never do.

mod define;

pub(in crate::data) use define::{
    add_column, add_index, create, drop_table, forget, quoted, register, rename, table, tables,
};
