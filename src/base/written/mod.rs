//! Reading a text that people write in TOML: places, problems, sections; and changing it.

pub mod edit;
mod problem;
mod section;
mod spot;

pub use problem::{Level, Notes, Problem, place, suggestion, syntax};
pub use section::{Section, number};
pub use spot::{Position, item_at, key_at, tables};
