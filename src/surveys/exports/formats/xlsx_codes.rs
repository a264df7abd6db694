//! A workbook with codes, one row for each respondent.

use std::io::Write;

use super::super::cells::coded;
use super::super::{Error, Format, Job, Records, book};

pub(super) static KIND: Codes = Codes;

pub(super) struct Codes;

impl Format for Codes {
    fn id(&self) -> &'static str {
        "xlsx-codes"
    }

    fn name(&self) -> &'static str {
        "Excel with codes"
    }

    fn help(&self) -> &'static str {
        "One row per respondent, answers as codes."
    }

    fn file(&self) -> (&'static str, &'static str) {
        book::FILE
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        book::write(job, records, out, &|variable, datum| coded(variable, datum))
    }
}
