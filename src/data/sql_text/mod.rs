//! SQL as text: what can be read off a statement, and rewritten in it, without a database.

mod bare;
mod dialect;
mod placeholders;
mod specialise;
mod words;

pub use crate::store::tokens::{Error, Kind, Token};
pub use bare::bare;
pub use dialect::Dialect;
pub use placeholders::{Placeholder, placeholders, placeholders_in, spread_list};
pub use specialise::specialise;
pub use words::words;
