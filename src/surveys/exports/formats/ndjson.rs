//! One JSON object for each respondent, a line each.

use std::io::Write;

use super::super::lines::line;
use super::super::{Error, Format, Job, Records};

pub(super) static KIND: Lines = Lines;

pub(super) struct Lines;

impl Format for Lines {
    fn id(&self) -> &'static str {
        "ndjson"
    }

    fn name(&self) -> &'static str {
        "JSON lines"
    }

    fn help(&self) -> &'static str {
        "One object per respondent: what was not asked has no key, what was not answered is null. For programs."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("ndjson", "application/x-ndjson")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        records.each(&mut |record| {
            let line = line(job.map, record);
            Ok(out.write_all(line.as_bytes())?)
        })
    }
}
