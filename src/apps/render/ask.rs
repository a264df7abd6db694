//! The queries of a page, asked together, on one state of the data.

use std::sync::Arc;
use std::time::Duration;

use crate::apps::format::{App, Query};
use crate::apps::widgets::{Amount, PageOfRows, Trouble};
use crate::data::{Caps, Catalog, Question, fetch};
use crate::store::{Budget, Db, Error, Guarded, Lane};

use super::paging::{self, Turn};

/// What a page may take to load.
const PATIENCE: Duration = Duration::from_secs(5);

/// A question and how much of its answer is wanted.
pub(super) struct Job {
    pub(super) query: String,
    pub(super) question: Result<Question, Trouble>,
    pub(super) take: Take,
}

pub(super) enum Take {
    All,
    One,
    Page(Turn),
}

impl Take {
    /// `Page` needs its turn.
    pub(super) fn of(
        amount: Amount,
        turn: impl FnOnce() -> Result<Turn, Trouble>,
    ) -> Result<Take, Trouble> {
        Ok(match amount {
            Amount::All => Take::All,
            Amount::One => Take::One,
            Amount::Page => Take::Page(turn()?),
        })
    }
}

pub(super) struct Answer {
    pub(super) rows: Result<PageOfRows, Trouble>,
    pub(super) took: Duration,
}

/// One answer for each job, in their order. One that fails leaves the others be.
pub(super) async fn all(
    db: &Db,
    catalog: &Arc<Catalog>,
    jobs: Vec<Job>,
) -> Result<Vec<Answer>, Error> {
    if jobs.iter().all(|job| job.question.is_err()) {
        return Ok(jobs.into_iter().map(|job| unasked(job.question)).collect());
    }
    let catalog = Arc::clone(catalog);
    db.ask(Lane::Page, Budget::of(PATIENCE), move |guarded| {
        here(guarded, &catalog, jobs)
    })
    .await
}

/// The same of queries that bring their own rows: nobody's file is opened.
pub(super) fn nobody(jobs: Vec<Job>) -> Result<Vec<Answer>, Error> {
    let guarded = Guarded::of_nothing(Lane::Page, &Budget::of(PATIENCE))?;
    here(&guarded, &Catalog::default(), jobs)
}

fn here(guarded: &Guarded, catalog: &Catalog, jobs: Vec<Job>) -> Result<Vec<Answer>, Error> {
    guarded.at_once(|| {
        let answer = |job| one(guarded, catalog, job);
        Ok(jobs.into_iter().map(answer).collect())
    })
}

fn unasked(question: Result<Question, Trouble>) -> Answer {
    Answer {
        rows: question.map(|_| PageOfRows::default()),
        took: Duration::ZERO,
    }
}

fn one(guarded: &Guarded, catalog: &Catalog, job: Job) -> Answer {
    let question = match job.question {
        Ok(question) => question,
        Err(trouble) => return unasked(Err(trouble)),
    };
    let begun = guarded.elapsed();
    let rows = match &job.take {
        Take::Page(turn) => paging::page(guarded, catalog, &question, turn),
        take => {
            let rows = if matches!(take, Take::One) {
                1
            } else {
                Caps::PAGE.rows
            };
            let found = fetch(guarded, catalog, &question, Caps { rows, ..Caps::PAGE });
            found.map(|rows| PageOfRows {
                rows,
                first: 1,
                ..PageOfRows::default()
            })
        }
    };
    Answer {
        rows: rows.map_err(|error| Trouble::Query(error.to_string())),
        took: guarded.elapsed().saturating_sub(begun),
    }
}

/// The query, if this version can ask where it wants to be asked.
pub(super) fn answerable<'a>(app: &'a App, name: &str) -> Result<&'a Query, Trouble> {
    let query = app
        .query(name)
        .ok_or_else(|| Trouble::Query(format!("there is no query `{name}`")))?;
    let kind = app
        .uses
        .iter()
        .find(|uses| uses.name == query.uses)
        .map(|uses| uses.kind.as_str());
    match kind {
        Some("sqlite") => Ok(query),
        kind => Err(Trouble::Query(format!(
            "`{name}` asks a datasource of kind {}, and this version has its own database only",
            kind.unwrap_or("unknown")
        ))),
    }
}
