//! Changing the text of an app without writing it: what is not changed stays, to the
//! byte. A text goes in and a text comes out; nothing here asks, keeps or sends anything.

mod grid;
mod outline;
mod pages;
mod parts;
mod reading;
mod sheet;
#[cfg(test)]
mod tests;
mod widgets;
mod writing;

pub use crate::base::written::edit::{Joined, Unfit, join};
pub use grid::{At, inside, place};
#[cfg(test)]
use grid::{Spot, settle};
#[cfg(test)]
use outline::Placed;
pub use outline::{Outline, Owner, Paged};
pub use pages::{Way, add_page, move_page, remove_page};
pub use parts::{page, query, widget};
#[cfg(test)]
use reading::Form;
pub use reading::{Field, Offer};
pub use sheet::Sheet;
pub use widgets::{
    NewWidget, add_widget, copy_widget, remove_widget, set_widget_text, widget_text,
};
