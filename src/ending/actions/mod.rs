//! What can be done about endings.

mod asking;
mod destroying;
mod replaying;
mod rounds;
mod settings;

pub(super) use asking::{Wanted, ask, undo};
pub use replaying::replay;
pub use rounds::round;
pub(super) use settings::{Settings, believe_clock, settings, settle};
