//! Responses, one after the other.

use super::Error;
use crate::surveys::map::Datum;

/// Takes the values of one respondent, in the order of the map.
pub type Seer<'a> = dyn FnMut(&[Datum]) -> Result<(), Error> + 'a;

/// Responses that can be gone through, and gone through again: some files say
/// first how long their longest text is. Each time the same ones come, in the
/// same order.
pub trait Records {
    fn each(&mut self, see: &mut Seer<'_>) -> Result<(), Error>;
}

impl Records for Vec<Vec<Datum>> {
    fn each(&mut self, see: &mut Seer<'_>) -> Result<(), Error> {
        self.iter().try_for_each(|record| see(record))
    }
}
