//! What is looked at before an app is published: what the rules find, and its tests, run
//! when somebody asks.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{Apps, Author, Draft, Read, actions};
use crate::apps::format::Test;
use crate::apps::making::lint::{self, Finding, Fix, Weight};
use crate::apps::making::trying::Outcome;
use crate::apps::sharing::MayLook;
use crate::base::text::sentence;
use crate::web::{self, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/review.html")]
pub(super) struct Review {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    tests: Vec<Listed>,
    /// What they said, together; nothing before they are run.
    said: Option<String>,
    /// The text loads, so that there is something to run.
    is_whole: bool,
    findings: Vec<Noted>,
    /// How many rules there are.
    rules: usize,
    /// What would be undone.
    undo: Option<String>,
    pub(super) fault: String,
}

/// A finding in a list.
pub(super) struct Noted {
    pub(super) id: String,
    pub(super) is_must: bool,
    pub(super) line: usize,
    pub(super) place: String,
    pub(super) why: String,
    pub(super) todo: String,
    /// What the button says that puts it right.
    pub(super) fix: Option<String>,
}

pub(super) fn noted(findings: Vec<Finding>) -> Vec<Noted> {
    let one = |finding: Finding| Noted {
        is_must: finding.weight == Weight::Must,
        fix: finding.fix.as_ref().map(Fix::label),
        id: finding.id,
        line: finding.line,
        place: finding.place,
        why: sentence(&finding.why),
        todo: sentence(&finding.todo),
    };
    findings.into_iter().map(one).collect()
}

/// A test in the list.
struct Listed {
    name: String,
    query: String,
    line: usize,
    state: Mark,
}

#[derive(PartialEq)]
enum Mark {
    /// Not run yet.
    Idle,
    /// It runs as soon as those before it are done.
    Waiting,
    Passed,
    Failed(String),
}

#[derive(Template)]
#[template(path = "apps/tests.html")]
struct List<'a> {
    draft: &'a Draft,
    tests: Vec<Listed>,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "apps/test.html")]
struct One<'a> {
    draft: &'a Draft,
    test: Listed,
}

impl Listed {
    fn of(test: &Test, state: Mark) -> Listed {
        Listed {
            name: test.name.clone(),
            query: test.run.clone(),
            line: test.position.line,
            state,
        }
    }

    fn done(outcome: Outcome) -> Listed {
        Listed {
            state: outcome.instead.map_or(Mark::Passed, Mark::Failed),
            name: outcome.name,
            query: outcome.query,
            line: outcome.line,
        }
    }
}

/// "3 tests passed", "1 of 3 tests failed"
pub(super) fn told(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|one| !one.is_passed()).count();
    let tests = |count: usize| if count == 1 { "test" } else { "tests" };
    let all = outcomes.len();
    match failed {
        0 => format!("{all} {} passed", tests(all)),
        failed => format!("{failed} of {all} {} failed", tests(all)),
    }
}

pub(super) async fn page(apps: &Apps, member: &Member, app: &str) -> Result<Review> {
    let draft = actions::look(apps, member.workspace, app).await?;
    let read = Read::of_app(&draft.text, app).app;
    let tests = read.iter().flat_map(|app| &app.tests);
    let (author, of) = (Author::of(&member.viewer), (app, draft.text.as_str()));
    let findings = actions::findings(apps, &author, of).await?;
    let stood = actions::stood(apps, member.workspace, app).await?;
    Ok(Review {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "review",
        tests: tests.map(|test| Listed::of(test, Mark::Idle)).collect(),
        said: None,
        is_whole: read.is_some(),
        findings: noted(findings),
        rules: lint::ALL.len(),
        undo: stood.undo,
        fault: String::new(),
        draft,
    })
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
) -> Result<Page<Review>> {
    Ok(Page(page(&apps, &member, &app).await?))
}

/// Runs the tests: all of them for a form, one after the other for a script, which
/// first gets the list and then asks for each.
pub(super) async fn run(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let page = page(&apps, &member, &app).await?;
    let (author, draft) = (Author::of(&member.viewer), page.draft);
    let of = (app.as_str(), draft.text.as_str());
    if let Some(test) = fields.get("test") {
        let outcome = actions::rehearse_one(&apps, &author, of, test).await?;
        let test = Listed::done(outcome.ok_or(web::Error::NotFound)?);
        let draft = &draft;
        return Ok(Page(One { draft, test }).into_response());
    }
    if fields.get("list").is_some() {
        let waiting = page.tests.into_iter().map(|test| Listed {
            state: Mark::Waiting,
            ..test
        });
        return Ok(Page(List {
            draft: &draft,
            tests: waiting.collect(),
            said: None,
        })
        .into_response());
    }
    let outcomes = actions::rehearse(&apps, &author, of).await?;
    Ok(Page(Review {
        said: Some(told(&outcomes)),
        tests: outcomes.into_iter().map(Listed::done).collect(),
        draft,
        ..page
    })
    .into_response())
}
