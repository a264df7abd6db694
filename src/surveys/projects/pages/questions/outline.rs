//! All pages and questions of a survey, with what is wrong beside each.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::super::{Head, Told, reading, told};
use crate::base::Time;
use crate::surveys::assets::library;
use crate::surveys::blocks::{ALL, Kind, named};
use crate::surveys::editing::{Asked, Outline, Paged, Part};
use crate::surveys::format::{Outcome, Problem, is_name};
use crate::surveys::projects::model::{Project, Read};
use crate::surveys::projects::sql::Stood;
use crate::surveys::running::Surveys;
use crate::web::{Done, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// With more questions than that, one page at a time is open.
const MANY: usize = 40;
/// Letters of a question's text that are shown.
const SHORT: usize = 180;

#[derive(Template)]
#[template(path = "surveys/questions.html")]
pub(super) struct Questions {
    shell: Shell,
    tab: &'static str,
    head: Head,
    seen: Time,
    stood: Stood,
    /// Nothing where the text is no TOML.
    pages: Vec<Sheaf>,
    lists: Vec<String>,
    quotas: Vec<String>,
    exits: Vec<String>,
    outcomes: [&'static str; 7],
    kinds: &'static [&'static dyn Kind],
    /// Of the survey itself, not of one of its questions.
    problems: Vec<Told>,
    is_broken: bool,
    fault: String,
    /// The button that was pressed last: the keyboard stays there.
    pressed: String,
}

/// A page with its questions.
struct Sheaf {
    is: Paged,
    number: usize,
    rows: Vec<Row>,
    problems: Vec<Told>,
    is_open: bool,
    is_last: bool,
    /// Its id, where no other page has it.
    own: bool,
}

struct Row {
    is: Asked,
    number: usize,
    /// What its kind is called.
    kind: &'static str,
    text: String,
    problems: Vec<Told>,
    is_last: bool,
    own: bool,
}

pub(super) async fn open(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let asked = Fields::parse(&query.unwrap_or_default());
    if let Some(line) = asked.get("line").and_then(|line| line.parse().ok()) {
        let project = reading::project(&surveys.site, member.workspace, &survey).await?;
        let place = place(&project.text, line);
        return Ok(Done::to(format!("/surveys/{survey}/questions{place}")).into_response());
    }
    let page = shown(&surveys, &member, &survey, &asked).await?;
    Ok(Page(page).into_response())
}

/// Where the question is shown that a line of the text belongs to.
fn place(text: &str, line: usize) -> String {
    let Ok(outline) = Outline::of(text) else {
        return String::new();
    };
    let (at, on) = match outline.owner(line) {
        Some(Part::Page(at)) => (*at, None),
        Some(Part::Ask(at, on)) => (*at, Some(*on)),
        _ => return String::new(),
    };
    let page = &outline.pages[at];
    let place = match on.map(|on| &page.questions[on].id) {
        Some(id) => format!("q-{id}"),
        None => format!("p-{}", page.id),
    };
    // What is written there may be no name.
    let is_plain = is_name(&page.id) && is_name(&place);
    if is_plain {
        format!("?page={}#{place}", page.id)
    } else {
        String::new()
    }
}

/// The page, with what `asked` wants open.
pub(super) async fn shown(
    surveys: &Surveys,
    member: &Member,
    survey: &str,
    asked: &Fields,
) -> Result<Questions> {
    let of = (member.workspace, survey);
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let library = library(&surveys.site, of).await?;
    let read = Read::of_survey(&project.text, &project.id).among(&library);
    let stood = reading::stood(&surveys.site, member.workspace, survey).await?;
    let shell = Shell::of(&member.viewer, "surveys");
    Ok(drawn(shell, &project, &read.problems, (stood, asked)))
}

fn drawn(
    shell: Shell,
    project: &Project,
    problems: &[Problem],
    (stood, asked): (Stood, &Fields),
) -> Questions {
    let mut page = Questions {
        shell,
        tab: "editor",
        head: Head::of(project),
        seen: project.draft_at,
        stood,
        pages: Vec::new(),
        lists: Vec::new(),
        quotas: Vec::new(),
        exits: Vec::new(),
        outcomes: Outcome::NAMES,
        kinds: ALL,
        problems: Vec::new(),
        is_broken: true,
        fault: String::new(),
        pressed: asked.get("at").unwrap_or_default().to_owned(),
    };
    let Ok(outline) = Outline::of(&project.text) else {
        page.problems = told(problems);
        return page;
    };
    let of = |part: Option<&Part>| {
        let theirs = problems.iter().filter(|problem| {
            let owner = outline.owner(problem.line);
            match part {
                Some(_) => owner == part,
                None => !matches!(owner, Some(Part::Page(_) | Part::Ask(..))),
            }
        });
        told(&theirs.cloned().collect::<Vec<_>>())
    };
    page.is_broken = false;
    let open = asked.get("page").map(str::to_owned);
    page.pages = sheaves(&outline, &of, open.as_deref());
    (page.lists, page.quotas) = (outline.lists.clone(), outline.quotas.clone());
    page.exits.clone_from(&outline.exits);
    page.problems = of(None);
    page
}

fn sheaves(
    outline: &Outline,
    of: &dyn Fn(Option<&Part>) -> Vec<Told>,
    open: Option<&str>,
) -> Vec<Sheaf> {
    let count: usize = outline.pages.iter().map(|page| page.questions.len()).sum();
    let mut ids: Vec<&str> = Vec::new();
    for page in &outline.pages {
        ids.extend(page.questions.iter().map(|question| question.id.as_str()));
        ids.push(&page.id);
    }
    let own = |id: &str| is_name(id) && ids.iter().filter(|known| **known == id).count() == 1;
    let mut number = 0;
    let mut found = Vec::new();
    for (at, page) in outline.pages.iter().enumerate() {
        let rows = page.questions.iter().enumerate().map(|(on, question)| {
            number += 1;
            Row {
                is: question.clone(),
                number,
                kind: named(&question.kind).map_or("Unknown kind", Kind::title),
                text: short(&question.text),
                problems: of(Some(&Part::Ask(at, on))),
                is_last: number == count && at + 1 == outline.pages.len(),
                own: own(&question.id),
            }
        });
        let rows = rows.collect();
        found.push(Sheaf {
            number: at + 1,
            rows,
            problems: of(Some(&Part::Page(at))),
            is_open: count <= MANY || open.map_or(at == 0, |open| open == page.id),
            is_last: at + 1 == outline.pages.len(),
            own: own(&page.id),
            is: page.clone(),
        });
    }
    found
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl Questions {
    pub(super) fn saying(self, fault: String) -> Questions {
        Questions { fault, ..self }
    }

    fn is_pressed(&self, verb: &str, kind: &str, id: &str) -> bool {
        self.pressed == format!("{verb} {kind} {id}")
    }

    fn is_set(&self, outcome: &str) -> bool {
        self.exits.iter().any(|known| known == outcome)
    }
}
