//! SPSS's own file, after the description that PSPP publishes of it: texts in
//! UTF-8 of any length it takes, packed byte by byte.

mod data;
mod dictionary;
mod extras;
mod layout;

use std::io::Write;

use self::data::Packer;
use self::layout::Layout;
use super::super::{Error, Format, Job, Records};

pub(super) static KIND: Sav = Sav;

pub(super) struct Sav;

impl Format for Sav {
    fn id(&self) -> &'static str {
        "sav"
    }

    fn name(&self) -> &'static str {
        "SPSS data"
    }

    fn help(&self) -> &'static str {
        "A .sav file with labels, missing values and multiple response sets. For SPSS, PSPP, R and Q."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("sav", "application/x-spss-sav")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let layout = Layout::measure(job.map, records)?;
        out.write_all(&dictionary::written(job, &layout))?;
        let mut packer = Packer::new(out);
        records.each(&mut |record| {
            for (column, datum) in layout.columns.iter().zip(record) {
                packer.datum(column, datum)?;
            }
            Ok(())
        })?;
        Ok(packer.end()?)
    }
}
