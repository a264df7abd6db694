//! Changing the text of a survey: what is not changed stays, to the byte. A text
//! goes in and a text comes out; nothing here asks, keeps or sends anything.

mod adding;
mod allowed;
mod items;
mod lines;
mod moving;
mod naming;
mod outline;
mod part;
mod renaming;
mod sheet;
#[cfg(test)]
mod tests;
mod whole;
mod words;

pub use crate::base::written::edit::Unfit;
pub use adding::{add_exit, add_list, add_page, add_question, add_quota, copy_question, remove};
pub use items::{Held, Rows};
pub use lines::{Form, Group, Line, Names, of_loop, of_page, of_question};
pub use moving::{Way, move_page, move_question};
pub use outline::{Asked, Outline, Paged};
pub use part::Part;
pub use renaming::{named_at, rename_page, rename_question};
pub use sheet::{Sheet, Typed};
pub use whole::{of_exit, of_quota, of_survey};
