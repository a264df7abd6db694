//! Triple-S 2.0: the survey as XML and the answers as fields, packed together.

mod fields;
mod metadata;

use std::io::Write;

use self::fields::fields;
use super::super::extent::Extent;
use super::super::packed::Packed;
use super::super::{Error, Format, Job, Records};

pub(super) static KIND: TripleS = TripleS;

pub(super) struct TripleS;

impl Format for TripleS {
    fn id(&self) -> &'static str {
        "triple-s"
    }

    fn name(&self) -> &'static str {
        "Triple-S 2.0"
    }

    fn help(&self) -> &'static str {
        "The interchange format of market research: XML and data in a ZIP. For tabulation and analysis programs."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("zip", "application/zip")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let extent = Extent::measure(job.map, records, usize::MAX)?;
        let fields = fields(job.map, &extent);
        let mut pack = Packed::new(out);
        pack.begin(&format!("{}.sss", job.stem))?;
        metadata::write(job, &fields, &mut pack)?;
        // Not `.csv`: what is written here is exact, and no spreadsheet is to
        // open it and compute what a respondent typed.
        pack.begin(&format!("{}.asc", job.stem))?;
        let mut serial = 0;
        records.each(&mut |record| {
            serial += 1;
            let values = fields.iter().map(|field| field.value(serial, record));
            let mut line = values.collect::<Vec<_>>().join(",");
            line.push_str("\r\n");
            Ok(pack.write_all(line.as_bytes())?)
        })?;
        pack.end()
    }
}
