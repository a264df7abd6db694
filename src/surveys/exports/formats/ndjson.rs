//! One JSON object for each respondent, a line each.

use std::io::Write;

use serde_json::{Map, Value};

use super::super::cells::whole;
use super::super::{Error, Format, Job, Records};
use crate::surveys::map::{DataMap, Datum};

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
            let mut line = Value::Object(object(job.map, record)).to_string();
            line.push('\n');
            Ok(out.write_all(line.as_bytes())?)
        })
    }
}

/// What one respondent said, by variable.
fn object(map: &DataMap, record: &[Datum]) -> Map<String, Value> {
    let values = map.variables.iter().zip(record);
    let values = values.filter_map(|(variable, datum)| {
        let value = match datum {
            Datum::NotAsked => return None,
            Datum::NotAnswered => Value::Null,
            Datum::Number(number) => match whole(*number) {
                Some(whole) => whole.into(),
                None => (*number).into(),
            },
            Datum::Text(text) => text.as_str().into(),
        };
        Some((variable.name.clone(), value))
    });
    values.collect()
}
