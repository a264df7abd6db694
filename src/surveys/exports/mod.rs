//! The data on its way out: each kind of file in its own module, all of them
//! written from the map while the responses go by, one after the other.

mod book;
mod cells;
mod extent;
mod formats;
mod lines;
mod packed;
mod records;
mod spss;
mod texts;
mod xml;

pub(in crate::surveys) use cells::{codes, shown};
pub use formats::{ALL, Error, Format, Job, of};
pub(in crate::surveys) use lines::{line, value};
pub(in crate::surveys) use packed::Packed;
pub use records::{Records, Seer};
