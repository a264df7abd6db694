//! Responses as a grid, and one of them by itself.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::{Error, Head, files, reading};
use crate::base::Time;
use crate::base::text::shorten;
use crate::surveys::exports::shown;
use crate::surveys::format::Outcome;
use crate::surveys::live::{Noted, events_of};
use crate::surveys::map::{DataMap, Datum, Source, outcome_words};
use crate::surveys::projects::responses::record;
use crate::surveys::projects::sql::{self, Found, Visit};
use crate::surveys::running::Surveys;
use crate::surveys::uploads::{self, Upload};
use crate::web::{self, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// Respondents of one page.
const PAGE: u32 = 50;
/// Variables of the grid; the files have all of them.
const COLUMNS: usize = 80;
/// Events of a response that are shown; programs get all of them.
const EVENTS: u32 = 500;
/// Letters of a text in the grid.
const LETTERS: usize = 60;

#[derive(Template)]
#[template(path = "surveys/responses.html")]
pub(super) struct Grid {
    shell: Shell,
    tab: &'static str,
    head: Head,
    outcome: String,
    is_test: bool,
    choices: Vec<(&'static str, &'static str)>,
    columns: Vec<Column>,
    left_out: usize,
    rows: Vec<Line>,
    next: String,
    is_first: bool,
}

struct Column {
    name: String,
    label: String,
    is_number: bool,
}

struct Line {
    id: i64,
    outcome: &'static str,
    badge: &'static str,
    started: Time,
    cells: Vec<Shown>,
}

/// A value for people, and how it is missing where it is.
struct Shown {
    text: String,
    missing: &'static str,
    was_asked: bool,
    is_number: bool,
    /// Where the file is that it names.
    file: Option<String>,
}

impl Shown {
    fn of(variable: &crate::surveys::map::Variable, datum: &Datum, lang: &str) -> Shown {
        let missing = match datum {
            Datum::NotAsked => "not asked",
            Datum::NotAnswered => "not answered",
            Datum::Number(_) | Datum::Text(_) => "",
        };
        Shown {
            text: shown(variable, datum, lang),
            missing,
            was_asked: *datum != Datum::NotAsked,
            is_number: matches!(variable.kind, crate::surveys::map::Kind::Number { .. }),
            file: None,
        }
    }
}

fn badge(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Complete) => " good",
        Some(Outcome::Quality | Outcome::Duplicate | Outcome::Invalid) => " bad",
        Some(Outcome::Screenout | Outcome::QuotaFull | Outcome::Closed) => " warn",
        None => "",
    }
}

/// What can be asked for: its word in the address, and for people.
fn choices() -> Vec<(&'static str, &'static str)> {
    let outcomes = Outcome::ALL.into_iter();
    let outcomes = outcomes.map(|outcome| (outcome.name(), outcome_words(Some(outcome))));
    [("", "All")]
        .into_iter()
        .chain(outcomes)
        .chain([("partial", outcome_words(None))])
        .collect()
}

/// The answers of a map: not what is known of everybody, and nothing personal.
fn asked(map: DataMap) -> DataMap {
    let mut map = map.without_personal();
    map.variables
        .retain(|variable| !matches!(variable.source, Source::Standard(_)));
    map
}

pub(super) async fn grid(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Grid>> {
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let after: i64 = fields
        .get("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let is_test = fields.get("tests") == Some("yes");
    let choices = choices();
    let outcome = fields.get("outcome").unwrap_or_default().to_owned();
    let is_known = choices.iter().any(|(name, _)| *name == outcome);
    let wanted = (is_known && !outcome.is_empty()).then(|| outcome.clone());
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let map = history.map();
    let (lang, links) = (map.lang().to_owned(), history.links.clone());
    let found = reading::look(site, (member.workspace, &survey), move |conn| {
        let mut map = asked(reading::reached(conn, map)?);
        let left_out = map.variables.len().saturating_sub(COLUMNS);
        map.variables.truncate(COLUMNS);
        let found = sql::respondents(conn, (after, PAGE + 1), is_test, wanted.as_deref())?;
        let rows = found.into_iter().map(|one| {
            let record = record(conn, (&map, &links), &one, None)?;
            Ok::<_, Error>((one, record))
        });
        let rows = rows.collect::<std::result::Result<Vec<_>, _>>()?;
        Ok((map, left_out, rows))
    });
    let (map, left_out, mut rows) = found.await?;
    let is_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let last = rows.last().map(|(found, _)| found.id.to_string());
    let next = last.filter(|_| is_more).map(|last| {
        let query = fields.with("after", Some(&last)).query();
        format!("/surveys/{survey}/responses?{query}")
    });
    Ok(Page(Grid {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "responses",
        head: Head::of(&history.project),
        rows: rows.into_iter().map(|row| line(&map, row, &lang)).collect(),
        columns: { map.variables.iter() }
            .map(|variable| Column {
                name: variable.name.clone(),
                label: variable.full_label(&lang),
                is_number: matches!(variable.kind, crate::surveys::map::Kind::Number { .. }),
            })
            .collect(),
        left_out,
        next: next.unwrap_or_default(),
        is_first: after == 0,
        outcome,
        is_test,
        choices,
    }))
}

fn line(map: &DataMap, (found, record): (Found, Vec<Datum>), lang: &str) -> Line {
    let cells = map.variables.iter().zip(&record).map(|(variable, datum)| {
        let whole = Shown::of(variable, datum, lang);
        Shown {
            text: shorten(&whole.text, LETTERS).into_owned(),
            ..whole
        }
    });
    Line {
        id: found.id,
        outcome: outcome_words(found.outcome),
        badge: badge(found.outcome),
        started: found.started,
        cells: cells.collect(),
    }
}

#[derive(Template)]
#[template(path = "surveys/response.html")]
pub(super) struct One {
    shell: Shell,
    tab: &'static str,
    head: Head,
    found: Found,
    outcome: &'static str,
    badge: &'static str,
    /// Name, question and answer.
    answers: Vec<(String, String, Shown)>,
    hidden: usize,
    visits: Vec<Visit>,
    events: Vec<Noted>,
    has_more_events: bool,
}

pub(super) async fn one(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, respondent)): Path<(String, String)>,
) -> Result<Page<One>> {
    let id: i64 = respondent
        .parse()
        .map_err(|_no_number| web::Error::NotFound)?;
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let map = history.map();
    let (lang, links) = (map.lang().to_owned(), history.links.clone());
    let found = reading::look(site, (member.workspace, &survey), move |conn| {
        let all = reading::reached(conn, map)?;
        let personal = all.variables.iter().filter(|each| each.is_personal).count();
        let map = asked(all);
        let found = sql::respondent(conn, id)?.ok_or(Error::Missing)?;
        let record = record(conn, (&map, &links), &found, None)?;
        let noted = (sql::visits(conn, id)?, events_of(conn, id, EVENTS + 1)?);
        let sent = uploads::of_respondent(conn, id, None)?;
        Ok((map, personal, found, record, (noted, sent)))
    });
    let (map, hidden, found, record, (noted, sent)) = found.await?;
    let (visits, mut events) = noted;
    let has_more_events = events.len() > EVENTS as usize;
    events.truncate(EVENTS as usize);
    let answers = map.variables.iter().zip(&record).map(|(variable, datum)| {
        let is_it = |file: &&Upload| {
            (&file.block, file.turn) == (&variable.block, variable.turn.unwrap_or(0))
                && *datum == Datum::Text(file.name.clone())
        };
        let file = { sent.iter() }
            .filter(|_| variable.kind == crate::surveys::map::Kind::File)
            .find(is_it);
        let shown = Shown {
            file: file.map(|file| files::address(&survey, (id, file.id))),
            ..Shown::of(variable, datum, &lang)
        };
        (variable.name.clone(), variable.full_label(&lang), shown)
    });
    Ok(Page(One {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "responses",
        head: Head::of(&history.project),
        outcome: outcome_words(found.outcome),
        badge: badge(found.outcome),
        found,
        answers: answers.collect(),
        hidden,
        visits,
        events,
        has_more_events,
    }))
}
