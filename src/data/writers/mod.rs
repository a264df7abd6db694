//! Rows on their way out, as the files people know.

mod csv;
mod spool;
mod xlsx;

pub use csv::Csv;
pub use spool::Spool;
pub use xlsx::{Error, Xlsx};
