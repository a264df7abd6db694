//! Running a query on the desk: rows, a plan, or what is wrong and where.

use std::time::Duration;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as JsonValue, json};

use super::desk::DeskPage;
use super::elsewhere;
use super::whither::{self, Whither, gone};
use crate::base::text;
use crate::data::pages::{Download, whole_csv};
use crate::data::queries::actions;
use crate::data::queries::model::{Draft, Fault};
use crate::data::shown::Shown;
use crate::data::{Caps, Data, Rows, fetch};
use crate::store::{self, Budget, Lane};
use crate::web::{Again, Error, Faults, Fields, Page, Result};
use crate::workspaces::Member;

/// How long a query may run.
const TIME: Duration = Duration::from_secs(10);
/// Cells a page shows: beyond them a browser labours.
const CELLS: usize = 100_000;

#[derive(Template)]
#[template(path = "queries/result.html")]
pub(super) struct ResultPart {
    outcome: Outcome,
    draft: Draft,
}

/// What came of it.
pub(super) enum Outcome {
    Rows(Table),
    Plan(Vec<String>),
    Fault(Fault),
    Unsaved(Faults),
    Stopped,
}

pub(super) struct Table {
    heads: Vec<(String, bool)>,
    lines: Vec<Vec<Shown>>,
    summary: String,
    /// What was left out, if anything.
    notice: String,
}

impl ResultPart {
    pub(super) fn of(outcome: Outcome, draft: &Draft) -> ResultPart {
        ResultPart {
            outcome,
            draft: draft.clone(),
        }
    }
}

impl Table {
    /// `rest` says what became of rows that are left out.
    pub(super) fn of(rows: &Rows, took: Duration, rest: &str) -> Table {
        let shown = rows.len().min(CELLS / rows.columns.len().max(1));
        let kinds: Vec<_> = rows.columns.iter().map(|column| column.kind).collect();
        let line = |row: usize| {
            let cells = rows.row(row).zip(&kinds);
            cells.map(|(cell, kind)| Shown::of(cell, *kind)).collect()
        };
        let lines: Vec<Vec<Shown>> = (0..shown).map(line).collect();
        // A column of an expression has no type: its first value stands for it.
        let heads = rows.columns.iter().enumerate().map(|(at, column)| {
            let mut values = lines.iter().filter_map(|line| line.get(at));
            let first = values.find(|cell| !cell.is_null);
            (
                column.name.clone(),
                first.is_some_and(|cell| cell.is_number),
            )
        });
        let count = text::thousands(i128::try_from(rows.len()).unwrap_or_default());
        let left_out = rows.more || shown < rows.len();
        Table {
            heads: heads.collect(),
            summary: format!(
                "{}{count} {} in {} ms",
                if rows.more { "more than " } else { "" },
                if rows.len() == 1 { "row" } else { "rows" },
                took.as_millis()
            ),
            notice: if left_out {
                let shown = text::thousands(i128::try_from(shown).unwrap_or_default());
                format!("These are the first {shown} rows; {rest}")
            } else {
                String::new()
            },
            lines,
        }
    }
}

/// A part for htmx, the whole desk otherwise.
async fn answer(
    (data, member): (&Data, &Member),
    headers: &HeaderMap,
    draft: Draft,
    outcome: Outcome,
) -> Result<Response> {
    let is_fault = matches!(outcome, Outcome::Fault(_));
    let part = ResultPart::of(outcome, &draft);
    if headers.contains_key("hx-request") {
        return Ok(if is_fault {
            Again(part).into_response()
        } else {
            Page(part).into_response()
        });
    }
    let page = DeskPage::of(data, member, draft, Some(part)).await?;
    Ok(if is_fault {
        Again(page).into_response()
    } else {
        Page(page).into_response()
    })
}

fn fault(draft: &Draft, error: store::Error) -> Result<Outcome> {
    let fault = Fault::in_statement(&draft.sql, error).map_err(Error::from)?;
    Ok(Outcome::Fault(fault))
}

pub(super) async fn run(
    State(data): State<Data>,
    member: Member,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let (draft, whither) = whither::draft(&data, &member, &fields).await?;
    let outcome = match (draft.question(), &whither) {
        (_, Whither::Gone) => Outcome::Fault(gone()),
        (Err(fault), _) => Outcome::Fault(fault),
        (Ok(question), Whither::Elsewhere(source)) => {
            elsewhere::run(&data, &member, (&draft, source), &question).await?
        }
        (Ok(question), Whither::Here) => {
            let catalog = data.catalog(member.workspace, &member.db).await?;
            let work = member.db.ask(Lane::Desk, Budget::of(TIME), move |guarded| {
                let rows = fetch(guarded, &catalog, &question, Caps::PAGE)?;
                let count = rows.len();
                let table = Table::of(&rows, guarded.elapsed(), "the export has them all.");
                Ok::<_, store::Error>((table, count))
            });
            let done = work.await;
            let rows = done.as_ref().map(|(_, count)| *count);
            actions::ran(&data, &member, &draft, rows.map_err(ToString::to_string));
            match done {
                Ok((table, _)) => Outcome::Rows(table),
                Err(error) => fault(&draft, error)?,
            }
        }
    };
    answer((&data, &member), &headers, draft, outcome).await
}

pub(super) async fn plan(
    State(data): State<Data>,
    member: Member,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let (draft, whither) = whither::draft(&data, &member, &fields).await?;
    let outcome = match (draft.unasked(), &whither) {
        (_, Whither::Gone) => Outcome::Fault(gone()),
        (Err(fault), _) => Outcome::Fault(fault),
        (Ok(question), Whither::Elsewhere(source)) => {
            elsewhere::plan(&data, &member, (&draft, source), &question).await?
        }
        (Ok(question), Whither::Here) => {
            let work = member.db.ask(Lane::Desk, Budget::of(TIME), move |guarded| {
                guarded.plan(&question.sql)
            });
            match work.await {
                Ok(lines) => Outcome::Plan(lines),
                Err(error) => fault(&draft, error)?,
            }
        }
    };
    answer((&data, &member), &headers, draft, outcome).await
}

/// What is wrong with the statement as it stands, for the editor.
///
/// A server elsewhere is not asked at every pause of somebody who types.
pub(super) async fn check(
    State(data): State<Data>,
    member: Member,
    fields: Fields,
) -> Result<Json<JsonValue>> {
    let (draft, whither) = whither::draft(&data, &member, &fields).await?;
    let draft = Draft {
        sql: fields.get("text").unwrap_or_default().replace("\r\n", "\n"),
        dialect: draft.dialect,
        ..Draft::default()
    };
    if draft.sql.trim().is_empty() {
        return Ok(Json(json!([])));
    }
    let found = match (draft.unasked(), &whither) {
        (_, Whither::Gone) => Some(gone()),
        (Err(fault), _) => Some(fault),
        (Ok(_), Whither::Elsewhere(_)) => None,
        (Ok(question), Whither::Here) => {
            let budget = Budget::of(Duration::from_secs(2));
            let work = member.db.ask(Lane::Page, budget, move |guarded| {
                guarded.prepare(&question.sql).map(|_fine| ())
            });
            match work.await {
                Ok(()) => None,
                Err(error) => Some(Fault::in_statement(&draft.sql, error)?),
            }
        }
    };
    Ok(Json(found.map_or(json!([]), |fault| {
        let (line, column) = fault.place.unwrap_or((1, 1));
        json!([{ "line": line, "column": column, "message": fault.message, "level": "error" }])
    })))
}

/// What stands where the rows would have, after Cancel took their request away.
pub(super) async fn stopped(_: Member) -> Page<ResultPart> {
    Page(ResultPart::of(Outcome::Stopped, &Draft::default()))
}

/// Every row of the query, as CSV.
pub(super) async fn export(
    State(data): State<Data>,
    member: Member,
    fields: Fields,
) -> Result<Response> {
    let (draft, whither) = whither::draft(&data, &member, &fields).await?;
    let question = draft
        .question()
        .map_err(|fault| Error::Invalid(fault.to_string()))?;
    let is_plain = |name: &&String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let name = Some(&draft.was)
        .filter(is_plain)
        .map_or_else(|| "query".to_owned(), Clone::clone);
    match whither {
        Whither::Gone => return Err(Error::Invalid(gone().to_string())),
        Whither::Elsewhere(source) => {
            actions::exported(&data, &member, (&name, &draft.source)).await?;
            let bytes = elsewhere::csv(&data, &member, &source, &question).await?;
            return Ok(whole_csv(&name, bytes));
        }
        Whither::Here => {}
    }
    let download = Download {
        catalog: data.catalog(member.workspace, &member.db).await?,
        question,
        folder: data.site.files.staging(&member.workspace.to_string())?,
        name,
    };
    actions::exported(&data, &member, (&download.name, "")).await?;
    download.csv(&member).await
}
