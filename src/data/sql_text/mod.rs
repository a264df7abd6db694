//! SQL as text: what can be read off a statement, and rewritten in it, without a database.

mod bare;
mod placeholders;
mod specialise;

pub use crate::store::tokens::Error;
pub use bare::bare;
pub use placeholders::{Placeholder, placeholders, spread_list};
pub use specialise::specialise;
