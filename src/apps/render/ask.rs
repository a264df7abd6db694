//! The queries of a page, asked together, on one state of the data.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::timeout;

use super::paging::{self, Walk};
use super::turn::Turn;
use crate::apps::Apps;
use crate::apps::format::{App, Query};
use crate::apps::sources::{Place, Places};
use crate::apps::widgets::{Amount, PageOfRows, Trouble};
use crate::data::{Caps, Catalog, Data, Question, Refusal, fetch};
use crate::store::{Budget, Db, Error, Guarded, Lane};
use crate::workspaces::Member;

/// What a page may take to load.
const PATIENCE: Duration = Duration::from_secs(5);

/// A question and how much of its answer is wanted.
pub(super) struct Job {
    pub(super) query: String,
    /// Where it is asked; `None`: in the workspace's own database.
    pub(super) place: Option<Place>,
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

    fn caps(&self) -> Caps {
        let rows = if matches!(self, Take::One) {
            1
        } else {
            Caps::PAGE.rows
        };
        Caps { rows, ..Caps::PAGE }
    }
}

pub(super) struct Answer {
    pub(super) rows: Result<PageOfRows, Trouble>,
    pub(super) took: Duration,
}

/// One answer for each job, in their order. One that fails leaves the others be. What is
/// asked here is asked on one state of the data; what is asked elsewhere, beside it.
pub(super) async fn all(
    (apps, member): (&Apps, &Member),
    catalog: &Arc<Catalog>,
    jobs: Vec<Job>,
) -> Result<Vec<Answer>, Error> {
    let (away, own): (Vec<_>, Vec<_>) = { jobs.into_iter().enumerate() }
        .partition(|(_, job)| job.place.is_some() && job.question.is_ok());
    let (at, own): (Vec<usize>, Vec<Job>) = own.into_iter().unzip();
    let elsewhere = away
        .into_iter()
        .map(|(at, job)| async move { (at, elsewhere(&apps.data, member, job).await) });
    let (own, away) = tokio::join!(here(&member.db, catalog, own), join_all(elsewhere));
    let mut answers: Vec<(usize, Answer)> = at.into_iter().zip(own?).chain(away).collect();
    answers.sort_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

async fn here(db: &Db, catalog: &Arc<Catalog>, jobs: Vec<Job>) -> Result<Vec<Answer>, Error> {
    if jobs.iter().all(|job| job.question.is_err()) {
        return Ok(jobs.into_iter().map(|job| unasked(job.question)).collect());
    }
    let catalog = Arc::clone(catalog);
    db.ask(Lane::Page, Budget::of(PATIENCE), move |guarded| {
        at_once(guarded, &catalog, jobs)
    })
    .await
}

/// A job that a database elsewhere answers.
async fn elsewhere(data: &Data, member: &Member, job: Job) -> Answer {
    let begun = Instant::now();
    let asked = away(data, member, &job);
    let late = |_elapsed| {
        let seconds = PATIENCE.as_secs();
        Trouble::Query(format!("it took longer than {seconds} seconds"))
    };
    // Dropped when it is too late, it is stopped at the server as well.
    let rows = timeout(PATIENCE, asked).await.map_err(late);
    Answer {
        rows: rows.flatten(),
        took: begun.elapsed(),
    }
}

async fn away(data: &Data, member: &Member, job: &Job) -> Result<PageOfRows, Trouble> {
    let (Some(place), Ok(question)) = (&job.place, &job.question) else {
        return Ok(PageOfRows::default());
    };
    let refused = |refusal: Refusal| Trouble::Query(refusal.to_string());
    let Take::Page(turn) = &job.take else {
        let rows = place.ask((data, member), question, job.take.caps()).await;
        return Ok(PageOfRows::of(rows.map_err(refused)?));
    };
    let mut walk = Walk::of(place.dialect(), question, turn);
    while let Some((question, caps)) = walk.next() {
        let rows = place.ask((data, member), &question, caps).await;
        walk.take(rows.map_err(refused)?);
    }
    walk.page()
        .map_err(|error| Trouble::Query(error.to_string()))
}

/// The same of queries that bring their own rows: nobody's file is opened.
pub(super) fn nobody(jobs: Vec<Job>) -> Result<Vec<Answer>, Error> {
    let guarded = Guarded::of_nothing(Lane::Page, &Budget::of(PATIENCE))?;
    at_once(&guarded, &Catalog::default(), jobs)
}

fn at_once(guarded: &Guarded, catalog: &Catalog, jobs: Vec<Job>) -> Result<Vec<Answer>, Error> {
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
        take => fetch(guarded, catalog, &question, take.caps()).map(PageOfRows::of),
    };
    Answer {
        rows: rows.map_err(|error| Trouble::Query(error.to_string())),
        took: guarded.elapsed().saturating_sub(begun),
    }
}

/// The query, if the workspace's own database answers it: lines below a form and choices
/// are not asked elsewhere.
pub(super) fn own<'a>(app: &'a App, name: &str) -> Result<&'a Query, Trouble> {
    let query = app.query(name);
    let query = query.ok_or_else(|| Trouble::Query(format!("there is no query `{name}`")))?;
    if app.is_own(&query.uses) {
        return Ok(query);
    }
    Err(Trouble::Query(format!(
        "`{name}` asks a database elsewhere; lines of a form and what its fields offer come from this workspace's own tables only"
    )))
}

/// The query and where it is asked, if it can be.
pub(super) fn answerable<'a>(
    app: &'a App,
    places: &Places,
    name: &str,
) -> Result<(&'a Query, Option<Place>), Trouble> {
    let query = app
        .query(name)
        .ok_or_else(|| Trouble::Query(format!("there is no query `{name}`")))?;
    let place = places.of_query(query).map_err(Trouble::Query)?;
    Ok((query, place.cloned()))
}
