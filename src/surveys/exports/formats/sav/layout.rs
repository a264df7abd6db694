//! How wide each variable is, and where in a case it lies.

use crate::surveys::exports::extent::Extent;
use crate::surveys::exports::spss::{LONGEST, Shape};
use crate::surveys::exports::{Error, Records};
use crate::surveys::map::{DataMap, Variable};

/// The file before it is written.
pub(super) struct Layout<'a> {
    pub(super) columns: Vec<Column<'a>>,
    pub(super) cases: u32,
    /// Texts that are longer than SPSS takes.
    pub(super) cut: u32,
}

pub(super) struct Column<'a> {
    pub(super) variable: &'a Variable,
    pub(super) shape: Shape,
    /// The short names of its segments; a text has one for every 252 bytes.
    pub(super) segments: Vec<Segment>,
    /// Its codes for what is missing.
    pub(super) not_asked: i64,
    pub(super) not_answered: i64,
}

pub(super) struct Segment {
    pub(super) name: String,
    /// Bytes of text; 0 for a number.
    pub(super) width: usize,
    /// Which of the file's eights of bytes it begins at, from 1.
    pub(super) place: u32,
}

impl Segment {
    /// The eights of bytes it takes.
    pub(super) fn eights(&self) -> usize {
        self.width.div_ceil(8).max(1)
    }
}

impl Layout<'_> {
    pub(super) fn measure<'a>(
        map: &'a DataMap,
        records: &mut dyn Records,
    ) -> Result<Layout<'a>, Error> {
        let extent = Extent::measure(map, records, LONGEST)?;
        let (mut names, mut place) = (0, 1);
        let columns = map.variables.iter().zip(&extent.bytes);
        let columns = columns.map(|(variable, longest)| {
            let shape = Shape::of(variable, *longest);
            let widths = match shape {
                Shape::Text(width) => widths(width),
                _ => vec![0],
            };
            let segments = widths.into_iter().map(|width| {
                names += 1;
                let segment = Segment {
                    name: format!("V{names}"),
                    width,
                    place,
                };
                place += u32::try_from(segment.eights()).unwrap_or_default();
                segment
            });
            let missing = variable.missing();
            Column {
                variable,
                shape,
                segments: segments.collect(),
                not_asked: missing.not_asked,
                not_answered: missing.not_answered,
            }
        });
        Ok(Layout {
            columns: columns.collect(),
            cases: extent.cases,
            cut: extent.over,
        })
    }

    /// The eights of bytes of a whole case.
    pub(super) fn eights(&self) -> usize {
        let segments = self.columns.iter().flat_map(|column| &column.segments);
        segments.map(Segment::eights).sum()
    }
}

/// A text wider than 255 bytes is kept in pieces: each but the last says that
/// it has 255 bytes and counts for 252.
fn widths(width: usize) -> Vec<usize> {
    if width <= 255 {
        return vec![width];
    }
    let pieces = width.div_ceil(252);
    let mut widths = vec![255; pieces - 1];
    widths.push(width - (pieces - 1) * 252);
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_as_spss_cuts_them() {
        assert_eq!(widths(255), [255]);
        assert_eq!(widths(256), [255, 4]);
        assert_eq!(widths(600), [255, 255, 96]);
        let longest = widths(32_767);
        assert_eq!((longest.len(), longest.last()), (131, Some(&7)));
    }
}
