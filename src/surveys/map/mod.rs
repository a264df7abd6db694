//! The data map: what a survey's answers become, said once for every writer.

mod labels;
mod model;

pub use labels::Labels;
pub use model::{Code, DataMap, Datum, Kind, Missing, Set, Variable};
