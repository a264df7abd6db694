//! The definition of a survey: one TOML document, `format = 1`.

mod checks;
mod difference;
mod model;
mod outcome;
mod read;
mod retention;
mod settings;
mod words;

pub use crate::base::written::{Level, Position, Problem};
pub use difference::{Change, changes};
pub use model::{
    Block, Entry, Exit, Item, Leave, List, Order, Over, Page, Picture, Quota, Region, Repeat,
    Required, Section, Sign, Survey,
};
pub use outcome::Outcome;
pub use read::exit_fault;
pub use retention::{Retention, Since, Then};
pub use settings::{Key, Setting, Settings, Shape};
pub use words::{Piece, Words, is_name};
