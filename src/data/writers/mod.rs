//! Rows on their way out, as the files people know.

mod csv;
mod xlsx;

pub use csv::Csv;
pub use xlsx::{Error, Xlsx};
