//! Running a query against a database elsewhere: rows, a plan, a file.

use std::time::Instant;

use super::run::{Outcome, Table};
use crate::data::queries::actions;
use crate::data::queries::model::{Draft, Fault};
use crate::data::sources::{Error, Source, ask};
use crate::data::writers::Csv;
use crate::data::{Cell, Data, Question, Rows, Value};
use crate::web::{self, Result};
use crate::workspaces::Member;

/// Said under rows that are not all.
const REST: &str = "the settings of this database allow no more.";

pub(super) async fn run(
    data: &Data,
    member: &Member,
    (draft, source): (&Draft, &Source),
    question: &Question,
) -> Result<Outcome> {
    let begun = Instant::now();
    let done = ask(data, member, source, question).await;
    let told = done.as_ref().map(Rows::len);
    actions::ran(data, member, draft, told.map_err(Error::kept));
    match done {
        Ok(rows) => Ok(Outcome::Rows(Table::of(&rows, begun.elapsed(), REST))),
        Err(error) => fault(draft, error),
    }
}

pub(super) async fn plan(
    data: &Data,
    member: &Member,
    (draft, source): (&Draft, &Source),
    question: &Question,
) -> Result<Outcome> {
    let nothing = |(name, _): &(String, Value)| (name.clone(), Value::Null);
    let question = Question {
        sql: format!("explain {}", question.sql),
        values: question.values.iter().map(nothing).collect(),
    };
    match ask(data, member, source, &question).await {
        Ok(rows) => {
            let lines = (0..rows.len()).map(|row| {
                let words = rows.row(row).map(word);
                let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
                words.join(" · ")
            });
            Ok(Outcome::Plan(lines.collect()))
        }
        Err(error) => fault(draft, error),
    }
}

fn word(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null | Cell::Blob(_) => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => text.to_owned(),
    }
}

/// What a person who wrote the statement can mend; anything else is passed on.
fn fault(draft: &Draft, error: Error) -> Result<Outcome> {
    match error {
        Error::Store(error) => Err(error.into()),
        Error::BadQuery {
            message, offset, ..
        } => Ok(Outcome::Fault(Fault::at(&draft.sql, offset, message))),
        other => Ok(Outcome::Fault(Fault::of(other.to_string()))),
    }
}

/// Its rows as CSV, put together in memory: none of them is written to a disk here.
pub(super) async fn csv(
    data: &Data,
    member: &Member,
    source: &Source,
    question: &Question,
) -> Result<Vec<u8>> {
    let rows = ask(data, member, source, question)
        .await
        .map_err(web::Error::from)?;
    let mut out = Vec::with_capacity(rows.size());
    let names = rows.columns.iter().map(|column| column.name.as_str());
    Csv::default().heading(names, &mut out);
    for row in 0..rows.len() {
        Csv::default().row(rows.row(row), &mut out);
    }
    Ok(out)
}
