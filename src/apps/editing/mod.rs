//! Changing the text of an app without writing it: what is not changed stays, to the
//! byte. A text goes in and a text comes out; nothing here asks, keeps or sends anything.

mod forms;
mod grid;
mod outline;
mod pages;
mod parts;
mod reading;
mod sheet;
#[cfg(test)]
mod tests;
mod uses;
mod widgets;
mod writing;

pub use crate::base::written::edit::{Joined, Unfit, join};
pub use forms::{
    About, Asked, Group, NewField, Part, add_field, add_list, columns_of, move_field, move_list,
    remove_field, remove_list, table_of,
};
pub use grid::{At, inside, place};
#[cfg(test)]
use grid::{Spot, settle};
#[cfg(test)]
use outline::Placed;
pub use outline::{Outline, Owner, Paged};
pub use pages::{Way, add_page, move_page, remove_page, without};
pub use parts::{page, param, params, query, remove_query, widget};
pub use reading::{Field, Form, Offer};
pub use sheet::{Filled, Sheet};
pub use uses::{Used, add_use, let_write, uses};
pub use widgets::{
    NewWidget, add_widget, copy_widget, remove_widget, set_widget_text, widget_text,
};
