//! The page where a person and the file come to terms.

use askama::Template;

use super::address;
use super::form::{DATES, DELIMITERS, ENCODINGS, ON_BAD};
use crate::base::text::{shorten, thousands};
use crate::data::ColumnType;
use crate::data::imports::draft::{Draft, Mode, Target, misfits};
use crate::data::imports::model::{Error, Seen, Stage, Upload};
use crate::data::readers::{ColumnFindings, DateOrder, Decimal, Findings};
use crate::data::tables::{Table, TableColumn};
use crate::web::{Faults, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "imports/review.html")]
pub(super) struct ReviewPage {
    shell: Shell,
    here: String,
    upload: Upload,
    seen: Seen,
    draft: Draft,
    tables: Vec<Table>,
    columns: Vec<Column>,
    errors: Vec<(String, String)>,
    faults: Faults,
    /// The file is text, so how it is written can be corrected.
    is_text: bool,
    fault: Option<String>,
}

/// A column of the file with what was decided about it.
struct Column {
    at: usize,
    heading: String,
    title: String,
    name: String,
    is_taken: bool,
    dates: Option<DateOrder>,
    choices: Vec<Choice>,
    /// Where it goes in a table that is there.
    to: String,
    samples: String,
    remarks: Vec<String>,
    is_key: bool,
    /// Every value is a whole number, so it could be the key.
    is_whole: bool,
}

struct Choice {
    kind: ColumnType,
    label: String,
    is_chosen: bool,
}

/// The draft to begin with: into the table that is wanted, if it is there.
pub(super) fn fresh(upload: &Upload, into: Option<&str>, tables: &[Table]) -> Option<Draft> {
    let seen = upload.seen.as_ref()?;
    let table = into.and_then(|into| tables.iter().find(|table| table.name == into));
    Some(match table {
        Some(table) => Draft::into_table(seen, table),
        None => Draft::new_table(seen, &upload.name, tables),
    })
}

pub(super) fn page(
    viewer: &Viewer,
    mut upload: Upload,
    draft: Option<Draft>,
    tables: &[Table],
    faults: Faults,
) -> Result<ReviewPage> {
    let draft = draft.or_else(|| fresh(&upload, upload.wanted.as_deref(), tables));
    let (Some(seen), Some(draft)) = (upload.seen.take(), draft) else {
        return Err(Error::NotSeen.into());
    };
    let fault = match upload.stage {
        Stage::Importing => Some(
            "the import was cut off by a restart of the server; nothing was kept, start it again"
                .to_owned(),
        ),
        Stage::Looking => Some(
            "looking again was cut off by a restart of the server; this is what the earlier look has shown"
                .to_owned(),
        ),
        _ => upload.fault.take(),
    };
    let errors = faults.iter();
    let errors = errors.map(|(field, fault)| (field.to_owned(), fault.to_owned()));
    Ok(ReviewPage {
        shell: Shell::of(viewer, "data"),
        here: address(upload.id),
        columns: columns(&seen.findings, &draft),
        errors: errors.collect(),
        is_text: seen.kind.starts_with("CSV"),
        tables: tables.to_vec(),
        upload,
        seen,
        draft,
        faults,
        fault,
    })
}

fn columns(findings: &Findings, draft: &Draft) -> Vec<Column> {
    let key = match &draft.target {
        Target::New { key, .. } => key.as_deref(),
        Target::Into { .. } => None,
    };
    let planned = draft.plan.columns.iter().zip(&findings.columns).enumerate();
    planned
        .map(|(at, (column, found))| Column {
            at,
            heading: match found.heading.trim() {
                "" => format!("Column {}", at + 1),
                heading => shorten(heading, 60).into_owned(),
            },
            title: draft.titles.get(at).cloned().unwrap_or_default(),
            name: column.name.clone(),
            is_taken: !column.skip,
            dates: (column.kind.is_temporal() || found.dates.is_some()).then_some(column.dates),
            choices: choices(findings, at, column.kind),
            to: if column.skip {
                String::new()
            } else {
                column.name.clone()
            },
            samples: samples(found),
            remarks: remarks(found, misfits(findings, at, column.kind)),
            is_whole: misfits(findings, at, ColumnType::Integer) == 0,
            is_key: key == Some(column.name.as_str()) && !column.skip,
        })
        .collect()
}

fn choices(findings: &Findings, at: usize, chosen: ColumnType) -> Vec<Choice> {
    let kinds = ColumnType::ALL.into_iter();
    kinds
        .map(|kind| Choice {
            kind,
            label: match misfits(findings, at, kind) {
                0 => kind.name().to_owned(),
                some => format!("{} ({} do not fit)", kind.name(), thousands(some)),
            },
            is_chosen: kind == chosen,
        })
        .collect()
}

fn samples(found: &ColumnFindings) -> String {
    let few = found.samples.iter().take(4);
    let few: Vec<_> = few.map(|sample| shorten(sample, 24).into_owned()).collect();
    few.join(", ")
}

/// What a person should know about a column before trusting it.
fn remarks(found: &ColumnFindings, misfits: u64) -> Vec<String> {
    let mut remarks = Vec::new();
    let nothing = found.empty + found.missing;
    if misfits > 0 {
        remarks.push(format!("{} values do not fit", thousands(misfits)));
    }
    if nothing > 0 {
        remarks.push(format!("{} empty", thousands(nothing)));
    }
    if found.ambiguous_dates {
        remarks.push("day and month could be the other way round".to_owned());
    }
    if found.errors > 0 {
        remarks.push(format!(
            "{} formulas with an error",
            thousands(found.errors)
        ));
    }
    if let Some(distinct) = &found.distinct
        && distinct.len() > 1
    {
        remarks.push(format!("{} different values", distinct.len()));
    }
    remarks
}

impl ReviewPage {
    /// Digits of that column stand under digits.
    fn is_numeric(&self, column: usize) -> bool {
        let found = self.seen.findings.columns.get(column);
        found.is_some_and(|found| found.kind.is_numeric())
    }

    /// The columns of the table that takes the rows; none for a new one.
    fn target_columns(&self) -> &[TableColumn] {
        let table = self.draft.existing();
        let table = table.and_then(|name| self.tables.iter().find(|table| table.name == name));
        table.map_or(&[], |table| table.columns.as_slice())
    }

    /// Written in a way that is not on the list.
    fn has_rare_encoding(&self) -> bool {
        let encoding = self.seen.findings.options.encoding.as_str();
        ENCODINGS.iter().all(|(known, _)| *known != encoding)
    }

    fn fault_at(&self, field: &str, at: usize) -> Option<&str> {
        self.faults.at(&format!("{field}_{at}"))
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.faults.at(field).is_some()
    }
}
