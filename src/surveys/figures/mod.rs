//! What the responses say, counted: toplines, cross tables, and which
//! differences are more than chance.

mod chance;
mod cross;
mod tally;
mod topline;

pub use chance::{chi_square_p, normal_p};
pub use cross::{Column, Cross, CrossCount, Row, crossing};
pub use tally::{Numbers, Tally, VariableTally};
pub use topline::{Line, Topline, toplines};
