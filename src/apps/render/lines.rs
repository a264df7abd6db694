//! The lines below the forms of a page: asked when the row above them is known, list by
//! list, on one state of the data.

use std::sync::Arc;
use std::time::Duration;

use super::ask::{self, Answer};
use super::bind::asked;
use super::page::Shown;
use crate::apps::format::{Bound, Query, Source};
use crate::apps::widgets::{Below, Family, MOST, Scene, Trouble, joined};
use crate::data::{Caps, Catalog, Question, Rows, Value, fetch};
use crate::store::{Budget, Db, Error, Guarded, Lane};

const PATIENCE: Duration = Duration::from_secs(5);
/// As many rows have lines below them; beyond that a form is no way to change them.
const ASKED: usize = 500;

/// What one form is asked for.
struct Job {
    shown: usize,
    lists: Vec<Listed>,
    /// The key of the row that its first lists are below.
    top: Value,
}

/// A list of lines, ready to be asked for the rows below any row.
struct Listed {
    id: String,
    /// Where the list stands that it is within.
    within: Option<usize>,
    key: String,
    question: Question,
    /// The values that are the key of the row above.
    above: Vec<String>,
}

/// Gives each form whose row is there the lines below it. A form that was sent shows
/// what was typed.
pub(super) async fn find(
    db: &Db,
    catalog: &Arc<Catalog>,
    scene: &Scene<'_>,
    (shown, answers): (&mut [Shown<'_>], &[Answer]),
) -> Result<(), Error> {
    let mut jobs = Vec::new();
    for (at, one) in shown.iter_mut().enumerate() {
        match job(scene, one, answers) {
            Ok(Some((lists, top))) => jobs.push(Job {
                shown: at,
                lists,
                top,
            }),
            Ok(None) => {}
            Err(trouble) => one.below = Err(trouble),
        }
    }
    if jobs.is_empty() {
        return Ok(());
    }
    let catalog = Arc::clone(catalog);
    let work = move |guarded: &Guarded| {
        guarded.at_once(|| {
            let each = jobs
                .iter()
                .map(|job| (job.shown, below(guarded, &catalog, job)));
            Ok::<_, Error>(each.collect::<Vec<_>>())
        })
    };
    for (at, found) in db.ask(Lane::Page, Budget::of(PATIENCE), work).await? {
        shown[at].below = found;
    }
    Ok(())
}

/// What has to be asked for a form; nothing where it has no lines or no row yet.
fn job(
    scene: &Scene<'_>,
    one: &Shown<'_>,
    answers: &[Answer],
) -> Result<Option<(Vec<Listed>, Value)>, Trouble> {
    let family = one.kind.family(one.widget);
    let is_tried = scene
        .tried
        .is_some_and(|tried| tried.widget == one.widget.id);
    let answer = one.answer.and_then(|at| answers[at].rows.as_ref().ok());
    let Some(rows) = answer
        .map(|page| &page.rows)
        .filter(|rows| !rows.is_empty())
    else {
        return Ok(None);
    };
    if is_tried || family.lists.iter().all(|list| list.load.is_none()) {
        return Ok(None);
    }
    let at = column(rows, family.key)?;
    Ok(Some((listed(scene, &family)?, Value::of(rows.get(0, at)))))
}

fn column(rows: &Rows, key: &str) -> Result<usize, Trouble> {
    let missing = || {
        Trouble::Query(format!(
            "the rows give no column `{key}`, by which lines are known"
        ))
    };
    rows.column(key).ok_or_else(missing)
}

fn listed(scene: &Scene<'_>, family: &Family<'_>) -> Result<Vec<Listed>, Trouble> {
    let mut lists: Vec<Listed> = Vec::new();
    for list in &family.lists {
        let Some(load) = list.load else { continue };
        let query = ask::own(scene.app, load)?;
        let within = { lists.iter() }.position(|known| Some(known.id.as_str()) == list.within);
        // Nothing is kept of what stands below lines that are not kept.
        if list.within.is_some() && within.is_none() {
            continue;
        }
        lists.push(Listed {
            id: list.id.to_owned(),
            within,
            key: list.key.to_owned(),
            question: below_any(scene, query)?,
            above: above(query),
        });
    }
    Ok(lists)
}

/// The question for the rows below some row, whose key comes later.
fn below_any(scene: &Scene<'_>, query: &Query) -> Result<Question, Trouble> {
    let mut values: Vec<(&str, Bound)> = Vec::with_capacity(query.params.len());
    for param in &query.params {
        let value = if matches!(param.source, Source::Parent(_)) {
            Bound::Integer(0)
        } else {
            let bound = param.bind_all(&scene.sent(param), &scene.context);
            bound.map_err(|fault| Trouble::Address(format!("`{}` {fault}", param.source.key())))?
        };
        values.push((&param.name, value));
    }
    let statement = query.statement(&values);
    statement
        .map(asked)
        .map_err(|error| Trouble::Query(error.to_string()))
}

fn above(query: &Query) -> Vec<String> {
    let params = query.params.iter();
    let above = params.filter(|param| matches!(param.source, Source::Parent(_)));
    above.map(|param| param.name.clone()).collect()
}

/// The lists of one form: first those below its row, then those below each line found.
fn below(guarded: &Guarded, catalog: &Catalog, job: &Job) -> Result<Vec<Below>, Trouble> {
    // The list, the path of the row above, and its key.
    let mut waiting: Vec<(usize, String, Value)> = Vec::new();
    let of =
        |within| { job.lists.iter().enumerate() }.filter(move |(_, list)| list.within == within);
    waiting.extend(of(None).map(|(at, _)| (at, String::new(), job.top.clone())));
    let mut found = Vec::new();
    let mut next = 0;
    while let Some((at, path, key)) = waiting.get(next).cloned() {
        next += 1;
        if next > ASKED {
            let said = format!("more than {ASKED} rows of this form have lines below them");
            return Err(Trouble::Query(said));
        }
        let list = &job.lists[at];
        let caps = Caps {
            rows: MOST,
            ..Caps::PAGE
        };
        let asked = fetch(guarded, catalog, &list.below(&key), caps);
        let rows = asked.map_err(|error| Trouble::Query(error.to_string()))?;
        let column = column(&rows, &list.key)?;
        let path = joined(&path, &list.id);
        for row in 0..rows.len() {
            let line = joined(&path, &row.to_string());
            let key = Value::of(rows.get(row, column));
            waiting.extend(of(Some(at)).map(|(below, _)| (below, line.clone(), key.clone())));
        }
        found.push(Below { path, rows });
    }
    Ok(found)
}

impl Listed {
    fn below(&self, key: &Value) -> Question {
        let values = self.question.values.iter();
        let values = values.map(|(name, value)| {
            let is_above = self.above.contains(name);
            (
                name.clone(),
                if is_above { key.clone() } else { value.clone() },
            )
        });
        Question {
            sql: self.question.sql.clone(),
            values: values.collect(),
        }
    }
}
