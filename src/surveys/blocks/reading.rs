//! Finding a kind, and reading an answer as every kind has it.

use super::ALL;
use super::kind::{Fault, Kept, Kind};
use super::phrases::Phrase;
use super::sight::Sight;
use crate::surveys::map::Datum;
use crate::web::Fields;

/// The kind of that name.
pub fn named(name: &str) -> Option<&'static dyn Kind> {
    let found = ALL.iter().find(|kind| kind.name() == name);
    found.copied()
}

/// The answer that a form sends to the block; required ones have to be there.
pub fn answer(sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
    let kept = sight.block.kind.read(sight, sent)?;
    let is_empty = kept.iter().all(|(_, datum)| *datum == Datum::NotAnswered);
    if sight.is_required && is_empty && !kept.is_empty() {
        let (field, _) = &kept[0];
        // The buttons of several flags have one name.
        let is_set = kept.len() > 1 && sight.block.rows.is_empty();
        let field = if is_set { sight.id() } else { field };
        return Err(Fault::at(field, Phrase::new("required")));
    }
    Ok(kept)
}
