//! The kinds of block a survey is made of. To add one: a folder here with its
//! code and its template, and its name in the list below.

mod choices;
mod decided;
mod field;
mod figures;
mod inventing;
#[cfg(test)]
mod inventing_tests;
mod kind;
mod marked;
mod phrases;
mod reading;
mod sight;
#[cfg(test)]
mod tests;

use crate::kinds;

pub use decided::kept_of;
pub use inventing::Die;
pub use kind::{Decision, Fault, Fielded, Frame, Has, Kept, Kind, Look, Role};
pub use marked::{html, inline, labels, plain};
pub use phrases::{Phrase, say, spoken};
pub use reading::{answer, named};
pub use sight::{Gallery, Pipe, Sight, part};

kinds! {
    pub dyn Kind: info, single, multi, images, clickmap, highlighter, grid, text, number, sum, date, time, scale, nps, rank,
    upload, hidden, computed, randomise, least_fill, call
}
