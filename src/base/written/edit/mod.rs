//! Changing a text that people write in TOML: what is not changed stays, to the byte.
//! TOML is read for where things stand, and bytes are put, moved or cut there.

pub mod elements;
mod finding;
mod keys;
mod lists;
pub mod meaning;
mod merging;
mod named;
pub mod spelling;
mod units;

pub use elements::Entry;
pub use finding::{
    Body, Found, Step, Unfit, find, found, line_at, listed, parse, splice, told, whole,
};
pub use keys::{exchange_keys, last, line_break, line_end, line_start, put, spelled, take};
pub use lists::set_list;
pub use merging::{Joined, join};
pub use named::{add_piece, exchange_named, line_of, piece, remove_named};
pub use units::{Head, Heads, cut, exchange, insert};
