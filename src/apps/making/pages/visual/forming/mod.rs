//! What a form asks for: its fields and its lists of lines, and what is said of each.

mod acting;
mod offered;
mod opening;

pub(super) use acting::{act, begin};
pub(super) use opening::{Forming, Inside, field, forming, list, save_field, save_list};
