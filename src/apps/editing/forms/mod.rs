//! Forms: their fields, and the lists of lines below them. A field is a parameter of the
//! query that is sent; what the form says of it stands in the widget.

mod about;
mod columns;
mod fields;
mod lists;
mod parts;
mod words;

pub use about::{About, Group};
pub use columns::{columns_of, table_of};
pub use fields::{NewField, add_field, move_field, remove_field};
pub use lists::{add_list, move_list, remove_list};
pub use parts::{Asked, Part};
