//! What can be done about endings.

mod asking;
mod destroying;
mod replaying;
mod returning;
mod rounds;
mod settings;

pub(super) use asking::{Wanted, ask, undo};
pub use replaying::replay;
pub(super) use returning::{ask_return, make_link, remove_return, take};
pub use rounds::{go_on, round};
pub(super) use settings::{Settings, settings, settle};
