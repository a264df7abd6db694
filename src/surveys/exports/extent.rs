//! How much there is, found by going through the responses once.

use super::{Error, Records};
use crate::surveys::map::{DataMap, Datum};

/// What a file has to say before its first row.
pub(super) struct Extent {
    /// Bytes of the longest text of each variable.
    pub(super) bytes: Vec<usize>,
    /// Letters of the longest text of each variable.
    pub(super) letters: Vec<usize>,
    pub(super) cases: u32,
    /// Texts with more bytes than `most`.
    pub(super) over: u32,
}

impl Extent {
    pub(super) fn measure(
        map: &DataMap,
        records: &mut dyn Records,
        most: usize,
    ) -> Result<Extent, Error> {
        let none = vec![0; map.variables.len()];
        let mut extent = Extent {
            bytes: none.clone(),
            letters: none,
            cases: 0,
            over: 0,
        };
        records.each(&mut |record| {
            extent.cases = extent.cases.saturating_add(1);
            for (at, datum) in record.iter().enumerate().take(extent.bytes.len()) {
                if let Datum::Text(text) = datum {
                    extent.bytes[at] = text.len().max(extent.bytes[at]);
                    extent.letters[at] = text.chars().count().max(extent.letters[at]);
                    extent.over += u32::from(text.len() > most);
                }
            }
            Ok(())
        })?;
        Ok(extent)
    }
}
