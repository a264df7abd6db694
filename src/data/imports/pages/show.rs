//! A file that is here: what is being done with it, what was found in it, or
//! what became of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{address, review, upload};
use crate::base::text::thousands;
use crate::data::Catalog;
use crate::data::imports::Imports;
use crate::data::imports::draft::{Draft, Mode};
use crate::data::imports::jobs::{Job, Work};
use crate::data::imports::model::{Outcome, Stage, Upload, UploadId};
use crate::web::{Error, Faults, Page, Result, Shell, Viewer};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "imports/progress.html")]
struct ProgressPage {
    shell: Shell,
    upload: Upload,
    here: String,
    progress: Progress,
}

#[derive(Template)]
#[template(path = "imports/progress_part.html")]
struct ProgressPart {
    here: String,
    progress: Progress,
}

#[derive(Template)]
#[template(path = "imports/idle.html")]
struct IdlePage {
    shell: Shell,
    here: String,
    upload: Upload,
    is_refused: bool,
}

#[derive(Template)]
#[template(path = "imports/report.html")]
struct ReportPage {
    shell: Shell,
    here: String,
    upload: Upload,
    outcome: Outcome,
    has_more_parts: bool,
    /// The columns that name rows of a table: their titles and that of the table.
    references: Vec<(String, String)>,
}

/// A job as its fragment shows it.
struct Progress {
    title: &'static str,
    percent: Option<u64>,
    rows: String,
    left: String,
    is_over: bool,
}

impl Progress {
    fn of(job: &Job) -> Progress {
        let seen = job.seen();
        let title = match job.work {
            _ if seen.waiting => "Waiting for another file to be done",
            _ if seen.finishing => "Putting the rows in place",
            Work::Look => "Reading the file",
            Work::Check => "Checking every value",
            Work::Import => "Bringing the rows in",
        };
        let left = seen.left.filter(|_| !seen.finishing);
        Progress {
            title,
            percent: (seen.bytes > 0 && !seen.finishing)
                .then(|| seen.done.saturating_mul(100) / seen.bytes),
            rows: format!(
                "{} rows, {} of {} MB",
                thousands(seen.rows),
                seen.done >> 20,
                (seen.bytes >> 20).max(1)
            ),
            left: left.map_or_else(String::new, |left| match left.as_secs() {
                seconds @ 0..=90 => format!("about {} s left", seconds.max(1)),
                seconds => format!("about {} min left", seconds.div_ceil(60)),
            }),
            is_over: false,
        }
    }

    fn over() -> Progress {
        Progress {
            title: "Done",
            percent: Some(100),
            rows: String::new(),
            left: String::new(),
            is_over: true,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// The table to bring the rows into; empty for a new one.
    into: Option<String>,
}

pub(super) async fn page(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
) -> Result<Response> {
    let known = upload(&imports, &member, &id).await?;
    let viewer = &member.viewer;
    if let Some(job) = imports.job(known.id) {
        let page = ProgressPage {
            shell: Shell::of(viewer, "data"),
            here: address(known.id),
            progress: Progress::of(&job),
            upload: known,
        };
        return Ok(Page(page).into_response());
    }
    // What a job found is kept before the job goes: it may have ended since we read.
    let upload = upload(&imports, &member, &id).await?;
    match (upload.stage, upload.seen.is_some()) {
        (Stage::Imported, _) => {
            let catalog = imports.data.catalog(member.workspace, &member.db).await?;
            report(viewer, upload, &catalog)
        }
        (Stage::Seen | Stage::Importing | Stage::Looking, true) => {
            let catalog = imports.data.catalog(member.workspace, &member.db).await?;
            let tables = &catalog.tables;
            let draft = match choice.into.as_deref() {
                Some(into)
                    if upload
                        .draft
                        .as_ref()
                        .and_then(Draft::existing)
                        .unwrap_or("")
                        != into =>
                {
                    review::fresh(&upload, Some(into), tables)
                }
                _ => upload.draft.clone(),
            };
            let page = review::page(viewer, upload, draft, tables, Faults::default())?;
            Ok(Page(page).into_response())
        }
        _ => {
            let page = IdlePage {
                shell: Shell::of(viewer, "data"),
                here: address(upload.id),
                is_refused: upload.stage == Stage::Refused,
                upload,
            };
            Ok(Page(page).into_response())
        }
    }
}

fn report(viewer: &Viewer, mut upload: Upload, catalog: &Catalog) -> Result<Response> {
    let outcome = upload.outcome.take().ok_or(Error::NotFound)?;
    let page = ReportPage {
        shell: Shell::of(viewer, "data"),
        here: address(upload.id),
        has_more_parts: upload
            .seen
            .as_ref()
            .is_some_and(|seen| seen.parts.len() > 1),
        references: references(catalog, &outcome.table),
        upload,
        outcome,
    };
    Ok(Page(page).into_response())
}

fn references(catalog: &Catalog, table: &str) -> Vec<(String, String)> {
    let Some(table) = catalog.table(table) else {
        return Vec::new();
    };
    let titles = table.references.iter().filter_map(|reference| {
        let column = table.column(&reference.column)?;
        let to = catalog.table(&reference.to)?;
        Some((column.title.clone(), to.title.clone()))
    });
    titles.collect()
}

/// How far the job is; without a job, where to go now.
pub(super) async fn progress(
    State(imports): State<Imports>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = UploadId::parse(&id).ok_or(Error::NotFound)?;
    let upload = upload(&imports, &member, &id.to_string()).await?;
    let job = imports.job(upload.id);
    let part = ProgressPart {
        here: address(upload.id),
        progress: job.map_or_else(Progress::over, |job| Progress::of(&job)),
    };
    Ok(Page(part).into_response())
}
