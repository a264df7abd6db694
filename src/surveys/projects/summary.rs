//! What one respondent said, question by question: the form in which hosts of other
//! platforms are used to ask for it.

use serde_json::{Map, Value, json};

use super::model::{Error, Version};
use super::reading::{History, reached};
use super::responses::record;
use super::sql::{self, Found, Visit};
use crate::base::Time;
use crate::store::Connection;
use crate::surveys::exports::value;
use crate::surveys::format::{Outcome, Survey};
use crate::surveys::map::{DataMap, Datum, Variable};
use crate::surveys::personal::Marks;

/// What hosts of other platforms call the value that tells respondents apart.
const USUAL: [&str; 2] = ["respondent_id", "respondentid"];

/// Which part of whose response is meant.
pub(super) struct Target {
    /// The variable of a link that tells respondents apart, and its value.
    pub(super) who: (String, String),
    /// A page or a question; the whole survey where it is `None`.
    pub(super) block: Option<String>,
}

/// What was found of a respondent: what stands under `data` of an answer.
///
/// `None`: nobody came with that value, or nothing was said there yet. The file is read as
/// it stands at one moment.
pub(super) fn summary(
    conn: &Connection,
    history: &History,
    (target, marks): (&Target, &Marks),
) -> Result<Option<Map<String, Value>>, Error> {
    let (name, who) = &target.who;
    let Some(found) = sql::by_value(conn, (name, who), marks, false)? else {
        return Ok(None);
    };
    let Some(survey) = of_version(history, found.version) else {
        return Ok(None);
    };
    let map = reached(conn, history.map().without_personal())?;
    let said = record(conn, (&map, &history.links), &found, None)?;
    let part = Part::of(survey, target.block.as_deref());
    let questions = part.questions(survey, (&map, &said), &found.lang);
    let visits = part.visits(sql::visits(conn, found.id)?);
    if part.is_some() && questions.is_empty() && visits.is_empty() {
        return Ok(None);
    }
    let spent: i64 = visits.iter().filter_map(|visit| visit.spent).sum();
    let is_complete = found.outcome.is_some() || (part.is_some() && !visits.is_empty());
    let mut data = Map::new();
    let mut say = |name: &str, value: Value| drop(data.insert(name.to_owned(), value));
    say("data_complete", is_complete.into());
    say("run_id", found.id.to_string().into());
    say("outcome", found.outcome.map(Outcome::name).into());
    say("survey_version", found.version.into());
    say("language", found.lang.clone().into());
    say("start_time", part.began(&found, &visits).rfc3339().into());
    say(
        "end_time",
        part.ended(&found, &visits).map(Time::rfc3339).into(),
    );
    say("exercise_duration", spent.into());
    say("questions", questions.into());
    Ok(Some(data))
}

/// As it was when they began; the newest where that version is not known any more.
fn of_version(history: &History, number: i64) -> Option<&Survey> {
    let mut all = history.versions.iter();
    let exact = all.find(|(version, _): &&(Version, Survey)| version.number == number);
    exact.or(history.versions.first()).map(|(_, survey)| survey)
}

/// Is there a page or a question of that name in any version?
pub(super) fn is_known(history: &History, block: &str) -> bool {
    let mut all = history.versions.iter();
    all.any(|(_, survey)| survey.page(block).is_some() || survey.block(block).is_some())
}

/// The variable by which a program names a respondent.
pub(super) fn identity(history: &History) -> Option<String> {
    let (_, newest) = history.versions.first()?;
    let unique = || newest.entries.iter().filter(|entry| entry.unique);
    let usual = unique().find(|entry| USUAL.contains(&entry.key.as_str()));
    let entry = usual.or_else(|| unique().next())?;
    Some(entry.name.clone())
}

/// A part of a survey: its page, and its questions.
struct Part<'a> {
    pages: Vec<&'a str>,
    /// `None`: all there are.
    blocks: Option<Vec<&'a str>>,
}

impl<'a> Part<'a> {
    fn of(survey: &'a Survey, block: Option<&'a str>) -> Part<'a> {
        let Some(wanted) = block else {
            return Part {
                pages: survey.pages.iter().map(|page| page.id.as_str()).collect(),
                blocks: None,
            };
        };
        if let Some(page) = survey.page(wanted) {
            return Part {
                pages: vec![&page.id],
                blocks: Some(page.blocks.iter().map(|block| block.id.as_str()).collect()),
            };
        }
        let mut pages = survey.pages.iter();
        let page = pages.find(|page| page.blocks.iter().any(|block| block.id == wanted));
        Part {
            pages: page.iter().map(|page| page.id.as_str()).collect(),
            blocks: Some(vec![wanted]),
        }
    }

    /// It is not the whole.
    fn is_some(&self) -> bool {
        self.blocks.is_some()
    }

    fn has(&self, block: &str) -> bool {
        let blocks = self.blocks.as_ref();
        !block.is_empty() && blocks.is_none_or(|blocks| blocks.contains(&block))
    }

    /// The times one of its pages was sent.
    fn visits(&self, all: Vec<Visit>) -> Vec<Visit> {
        let mine = all.into_iter();
        mine.filter(|visit| self.pages.contains(&visit.page.as_str()))
            .collect()
    }

    fn began(&self, found: &Found, visits: &[Visit]) -> Time {
        match visits.first() {
            Some(first) if self.is_some() => first.at.plus(-first.spent.unwrap_or_default()),
            _ => found.started,
        }
    }

    fn ended(&self, found: &Found, visits: &[Visit]) -> Option<Time> {
        if self.is_some() {
            return visits.last().map(|last| last.at);
        }
        found.ended
    }

    /// One object for each question that was asked, and each turn of it.
    fn questions(
        &self,
        survey: &Survey,
        (map, said): (&DataMap, &[Datum]),
        lang: &str,
    ) -> Vec<Value> {
        let mut questions: Vec<(&Variable, Map<String, Value>)> = Vec::new();
        for (variable, datum) in map.variables.iter().zip(said) {
            let Some(value) = value(datum).filter(|_| self.has(&variable.block)) else {
                continue;
            };
            let is_same =
                |known: &Variable| (&known.block, known.turn) == (&variable.block, variable.turn);
            let last = questions.last_mut();
            if let Some((_, values)) = last.filter(|(known, _)| is_same(known)) {
                values.insert(variable.name.clone(), value);
            } else {
                let values = Map::from_iter([(variable.name.clone(), value)]);
                questions.push((variable, values));
            }
        }
        let each = questions.into_iter().map(|(variable, values)| {
            let block = survey.block(&variable.block);
            json!({
                "questionID": variable.block,
                "questionTitle": variable.question.text(lang),
                "qType": block.map(|block| block.kind.name()),
                "turn": variable.turn,
                "qResponseData": values,
            })
        });
        each.collect()
    }
}
