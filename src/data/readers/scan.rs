//! One look at every row of a part.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::survey::Survey;
use super::value::Record;
use super::{Findings, Options, Refusal, Upload, recognise};

/// How often somebody hears how far it is.
const EVERY: u64 = 4096;

/// How far a pass over a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub rows: u64,
    pub bytes_done: u64,
    pub bytes: u64,
}

/// Reads all rows once and tells what they are. `progress` may end it.
pub fn scan(
    upload: &Upload<'_>,
    part: &str,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Findings, Refusal> {
    let kind = recognise(upload)?;
    let mut survey: Option<Survey<'_>> = None;
    let mut stopped = false;
    kind.rows(upload, part, options, &mut |record| {
        let Some(survey) = &mut survey else {
            survey = Some(Survey::new(options, record));
            return ControlFlow::Continue(());
        };
        survey.take(record);
        let flow = report(survey.rows, record, upload, progress);
        stopped = flow.is_break();
        flow
    })?;
    if stopped {
        return Err(Refusal::Stopped);
    }
    let Some(survey) = survey else {
        return Err(Refusal::file(format!(
            "“{part}” holds no rows: choose another part of the file, or send another file"
        )));
    };
    let mut notes = kind.notes(upload, part)?;
    let declared = kind.declared(upload, part)?;
    let mut findings = survey.finish(&declared, Vec::new());
    notes.extend(remarks(&findings));
    findings.notes = notes;
    Ok(findings)
}

/// Tells how far it is, every so many rows.
#[inline]
pub(super) fn report(
    rows: u64,
    record: &Record<'_>,
    upload: &Upload<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if !rows.is_multiple_of(EVERY) {
        return ControlFlow::Continue(());
    }
    progress(Progress {
        rows,
        bytes_done: record.bytes_done.min(upload.len),
        bytes: upload.len,
    })
}

fn remarks(findings: &Findings) -> impl Iterator<Item = String> {
    findings.columns.iter().flat_map(|column| {
        let name = &column.name;
        let errors = (column.errors > 0).then(|| {
            format!(
                "column {name} has {} formulas that give an error: they are left empty",
                column.errors
            )
        });
        let bytes = (column.unreadable > 0).then(|| {
            format!(
                "column {name} has {} cells of bytes that are no text: they are left empty",
                column.unreadable
            )
        });
        errors.into_iter().chain(bytes)
    })
}
