//! A table in words, one row for each respondent.

use std::io::Write;

use super::super::cells::labelled;
use super::super::{Error, Format, Job, Records};
use crate::data::writers::Csv;

pub(super) static KIND: Labels = Labels;

pub(super) struct Labels;

impl Format for Labels {
    fn id(&self) -> &'static str {
        "csv-labels"
    }

    fn name(&self) -> &'static str {
        "CSV with labels"
    }

    fn help(&self) -> &'static str {
        "One row per respondent, answers in words. For reading and for spreadsheets."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("csv", "text/csv; charset=utf-8")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let mut buffer = Vec::new();
        let names = job.map.variables.iter().map(|each| each.name.as_str());
        Csv::default().heading(names, &mut buffer);
        out.write_all(&buffer)?;
        records.each(&mut |record| {
            buffer.clear();
            let cells = job.map.variables.iter().zip(record);
            let cells = cells.map(|(variable, datum)| labelled(variable, datum, job.lang));
            Csv::default().row(cells, &mut buffer);
            Ok(out.write_all(&buffer)?)
        })
    }
}
