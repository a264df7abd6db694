//! The data map: what a survey's answers become, said once for every writer.

mod build;
mod former;
mod labels;
mod model;
mod standard;

pub use labels::Labels;
pub use model::{Code, DataMap, Datum, Kind, Missing, Set, Variable};
pub use standard::{PARTIAL, Source, Standard, outcome_code, outcome_words};
