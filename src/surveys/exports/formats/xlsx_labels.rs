//! A workbook in words, one row for each respondent.

use std::io::Write;

use super::super::cells::labelled;
use super::super::{Error, Format, Job, Records, book};

pub(super) static KIND: Labels = Labels;

pub(super) struct Labels;

impl Format for Labels {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn name(&self) -> &'static str {
        "Excel with labels"
    }

    fn help(&self) -> &'static str {
        "One row per respondent, answers in words."
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
        book::write(job, records, out, &|variable, datum| {
            labelled(variable, datum, job.lang)
        })
    }
}
