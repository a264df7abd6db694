//! The list of the test runner: every page and question, what became of it, and why.

use super::chosen::Chosen;
use crate::surveys::blocks::{Decision, Role};
use crate::surveys::format::{Block, Survey};
use crate::surveys::map::{Datum, Kind, Variable, outcome_words};
use crate::surveys::running::{
    AskTrace, Because, Fate, LeaveTrace, PageTrace, QuotaTrace, Run, Sort, Step, trace,
};
use crate::web::Fields;

pub(super) struct Way {
    pub(super) pages: Vec<PageLine>,
    pub(super) quotas: Vec<QuotaTrace>,
    /// How it ended.
    pub(super) end: String,
    /// What came with it.
    pub(super) entries: Vec<(String, String)>,
    pub(super) lang: String,
    pub(super) seed: i64,
    /// Nothing joins it to its answers any more.
    pub(super) is_parted: bool,
    pub(super) chosen: Chosen,
    pub(super) opened: Option<Change>,
    /// The page it stands at.
    pub(super) at: String,
}

/// A page of the list.
pub(super) struct PageLine {
    pub(super) of: PageTrace,
    /// `PAGE/TURN`
    pub(super) place: String,
}

/// An answer that is being changed.
pub(super) struct Change {
    /// `PAGE/TURN/QUESTION`
    pub(super) at: String,
    pub(super) fields: Vec<Field>,
}

/// One of its variables.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) is_flag: bool,
    /// Codes and their words.
    pub(super) codes: Vec<(String, String)>,
}

impl Way {
    pub(super) fn of(run: &Run, chosen: &Chosen, opened: Option<Change>) -> Way {
        let case = &run.case;
        let trace = trace(case, &run.compiled, &run.others, run.now);
        let is_parted = case.respondent.id == 0;
        let line = |of: PageTrace| PageLine {
            place: format!("{}/{}", of.id, of.step.turn),
            of,
        };
        let pages = trace.pages.into_iter().filter(|_| !is_parted).map(line);
        let pages: Vec<PageLine> = pages.collect();
        let here = pages.iter().find(|page| is_at(run, page.of.step));
        Way {
            at: here.map(|page| page.of.id.clone()).unwrap_or_default(),
            pages,
            quotas: if is_parted { Vec::new() } else { trace.quotas },
            end: match &trace.end {
                None => String::new(),
                Some((outcome, way)) if way.is_empty() => outcome_words(Some(*outcome)).to_owned(),
                Some((outcome, way)) => format!("{}, by {way}", outcome_words(Some(*outcome))),
            },
            entries: case.entries.clone(),
            lang: case.respondent.lang.clone(),
            seed: case.respondent.seed,
            is_parted,
            chosen: chosen.clone(),
            opened,
        }
    }

    /// The form of that question, where it is the one that is being changed.
    pub(super) fn opened_at(&self, page: &PageLine, ask: &AskTrace) -> Option<&Change> {
        let at = page.at(ask);
        self.opened.as_ref().filter(|change| change.at == at)
    }

    /// The address at which the form of that question is open.
    pub(super) fn change(&self, page: &PageLine, ask: &AskTrace) -> String {
        let at = page.at(ask);
        let at: String = form_urlencoded::byte_serialize(at.as_bytes()).collect();
        format!("{}&change={at}", self.chosen.with("run", &self.chosen.run))
    }

    pub(super) fn is_here(&self, page: &PageLine) -> bool {
        page.of.id == self.at && page.of.fate != Fate::Skipped
    }
}

/// Does the respondent stand at that page?
fn is_at(run: &Run, step: Step) -> bool {
    let whole = run.case.walk(&run.compiled, run.now);
    run.case.respondent.outcome.is_none() && run.case.place(&run.compiled, &whole) == Some(step)
}

impl PageLine {
    fn at(&self, ask: &AskTrace) -> String {
        format!("{}/{}", self.place, ask.id)
    }

    /// Its badge: a class, and a word.
    pub(super) fn badge(&self) -> (&'static str, &'static str) {
        match self.of.fate {
            _ if self.of.is_forced => (" warn", "forced"),
            Fate::Sent => (" good", "sent"),
            Fate::Here => (" good", "next"),
            Fate::Skipped => ("", "skipped"),
            Fate::Ahead => ("", "not reached"),
            Fate::Never => ("", "not reached: the way ended before"),
        }
    }

    /// The names of its questions are enough: it was not come to, or its own condition says why.
    pub(super) fn is_brief(&self) -> bool {
        match self.of.fate {
            Fate::Sent | Fate::Here => false,
            Fate::Skipped => !self.is_bare(),
            Fate::Ahead | Fate::Never => true,
        }
    }

    /// The names of its questions.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.of.asks.iter().map(|ask| &*ask.id).collect();
        names.join(", ")
    }

    /// Why it is skipped, where no condition of its own stands against it.
    pub(super) fn is_bare(&self) -> bool {
        let skipped = self.of.fate == Fate::Skipped && self.of.because.is_empty();
        skipped && !self.of.about.starts_with("no turn")
    }
}

/// Nobody sees it: its value is worked out.
pub(super) fn is_decided(ask: &AskTrace) -> bool {
    matches!(ask.role, Role::Decided(_))
}

/// Somebody answered it, and can have answered otherwise.
pub(super) fn is_answered(ask: &AskTrace) -> bool {
    ask.fate == Fate::Sent && ask.role == Role::Asks && !ask.takes_files
}

/// Another machine gives its answer, and whoever tries the survey out can give another.
pub(super) fn is_called(ask: &AskTrace) -> bool {
    let is_come_to = matches!(ask.fate, Fate::Sent | Fate::Here);
    is_come_to && ask.role == Role::Decided(Decision::Called)
}

/// What became of a question, in words; empty where its answer says it.
pub(super) fn fate(ask: &AskTrace) -> &'static str {
    match ask.fate {
        Fate::Skipped => "not asked",
        Fate::Sent if ask.role == Role::Shows => "shown",
        Fate::Sent if ask.answer.is_empty() => "no answer",
        Fate::Here if ask.role == Role::Asks => "asked now",
        Fate::Here if is_called(ask) => "waits for its answer",
        Fate::Sent | Fate::Here | Fate::Ahead | Fate::Never => "",
    }
}

/// What a condition belongs to, in words.
pub(super) fn owner(because: &Because) -> String {
    match because.sort {
        Sort::Section => format!("section {}", because.of),
        Sort::Page => "page".to_owned(),
        Sort::Question => "question".to_owned(),
        Sort::Leave => format!("way out {}", because.of),
        Sort::Quota => format!("quota {}", because.of),
    }
}

/// The parts to tell: not the one that is the whole condition again.
pub(super) fn parts(because: &Because) -> Vec<(String, String)> {
    let part = |(text, values): &(String, String)| {
        let is_whole = *text == because.written.trim();
        let text = if is_whole {
            String::new()
        } else {
            text.clone()
        };
        (text, values.clone())
    };
    because.parts.iter().map(part).collect()
}

pub(super) fn left(leave: &LeaveTrace) -> &'static str {
    match (leave.is_taken, leave.is_passed) {
        (true, _) => "taken",
        (false, true) => "not taken: a page behind it was forced",
        (false, false) => "not taken",
    }
}

pub(super) fn gate(quota: &QuotaTrace) -> &'static str {
    let is_full = quota.taken >= quota.target;
    match (quota.counts, is_full) {
        (None, _) => "not known yet",
        (Some(false), _) => "does not count this test",
        (Some(true), false) => "has a place for it; a test takes none",
        (Some(true), true) => "is full: a respondent would end here. A test goes on",
    }
}

fn block<'a>(survey: &'a Survey, at: &str) -> Option<&'a Block> {
    survey.block(at.rsplit('/').next()?)
}

/// Variables a form can change: not the files.
fn variables(block: &Block) -> Vec<Variable> {
    let mut variables = block.kind.variables(block);
    variables.retain(|variable| variable.kind != Kind::File);
    if block.kind.role() == Role::Decided(Decision::Called) {
        // How it went is said by itself.
        variables.retain(|variable| variable.key != block.id);
    }
    variables
}

impl Change {
    /// The question at `PAGE/TURN/QUESTION`, as it was answered, or as it was typed.
    pub(super) fn of(run: &Run, at: &str, typed: Option<&Fields>) -> Option<Change> {
        let (place, _) = at.rsplit_once('/')?;
        let turn: u32 = place.rsplit_once('/')?.1.parse().ok()?;
        let survey = &run.compiled.survey;
        let lang = &*run.case.respondent.lang;
        let field = |variable: Variable| {
            let name = format!("v.{}", variable.key);
            let kept = || match run.case.kept.get(&variable.key, turn) {
                Datum::Number(number) => number.to_string(),
                Datum::Text(text) => text.trim_end_matches('Z').to_owned(),
                Datum::NotAsked | Datum::NotAnswered => String::new(),
            };
            let value = typed.map_or_else(kept, |typed| {
                typed.get(&name).unwrap_or_default().to_owned()
            });
            let codes = variable.codes.iter();
            Field {
                label: match variable.label.text(lang) {
                    "" => variable.key.clone(),
                    label => label.to_owned(),
                },
                is_flag: variable.kind == Kind::Flag,
                codes: codes
                    .map(|code| (code.code.to_string(), code.label.text(lang).to_owned()))
                    .collect(),
                value,
                name,
            }
        };
        Some(Change {
            at: at.to_owned(),
            fields: variables(block(survey, at)?)
                .into_iter()
                .map(field)
                .collect(),
        })
    }
}

/// What a form says of a question's variables. `None`: there is no such question.
pub(super) fn values(run: &Run, block: &str, sent: &Fields) -> Option<Vec<(String, Datum)>> {
    let block = run.compiled.survey.block(block)?;
    let value = |variable: Variable| {
        let text = sent.get(&format!("v.{}", variable.key)).unwrap_or_default();
        let datum = match (variable.kind.is_numeric(), text.trim()) {
            (true, "") if variable.kind == Kind::Flag => Datum::Number(0.0),
            (_, "") => Datum::NotAnswered,
            (true, number) => match number.parse() {
                Ok(number) => Datum::Number(number),
                // The question says what is wrong with it.
                Err(_) => Datum::Text(number.to_owned()),
            },
            (false, _) => Datum::Text(text.to_owned()),
        };
        (variable.key, datum)
    };
    Some(variables(block).into_iter().map(value).collect())
}
