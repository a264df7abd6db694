//! Versions of an app: publishing the next one, looking back, going back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::editor::lines;
use super::review::{Noted, noted};
use super::{Apps, Author, Difference, Draft, Error, Level, Read, Told, actions, fault, told};
use crate::apps::library::{Request, Version};
use crate::apps::making::changes::{Group, between};
use crate::apps::making::difference::Row;
use crate::apps::sharing::{self, Act, MayLook, MayPublish};
use crate::apps::sources::unheld;
use crate::base::Time;
use crate::web::{self, Again, Done, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/publish.html")]
pub(super) struct Review {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    /// The number it would get.
    next: i64,
    /// What changed since the version people use, in words and in lines.
    words: String,
    lines: String,
    /// The same by page, query, policy and so on; nothing for a first version.
    changes: Vec<Group>,
    is_new: bool,
    is_same: bool,
    problems: Vec<Told>,
    /// How many tests it has, which run first.
    tests: usize,
    is_ready: bool,
    note: String,
    /// What the rules found.
    findings: Vec<Noted>,
    why: String,
    fault: String,
    way: Way,
    /// What was asked for and is not decided.
    open: Option<Request>,
}

impl Review {
    /// Something was found that is published with a reason only.
    fn needs_why(&self) -> bool {
        self.findings.iter().any(|one| one.is_must)
    }
}

/// How the draft gets to people.
#[derive(PartialEq)]
enum Way {
    /// Whoever looks may publish it.
    Alone,
    /// A second person has to approve it.
    Together,
    /// Others publish it.
    ByOthers,
}

async fn page(apps: &Apps, member: &Member, app: &str) -> Result<Review> {
    let author = Author::of(&member.viewer);
    let history = actions::history(apps, &author, app, None, None).await?;
    let current = history.draft.version;
    let used = actions::history(apps, &author, app, current, None)
        .await?
        .text;
    let used = current.map(|_| used).unwrap_or_default();
    let difference = Difference::between(&used, &history.draft.text);
    let mut problems = actions::problems(&member.db, app, &history.draft.text).await;
    if let Some(read) = Read::of_app(&history.draft.text, app).app {
        let of = (history.draft.text.as_str(), &read);
        problems.extend(unheld(apps, member.workspace, of).await?);
    }
    let of = (app, history.draft.text.as_str());
    let findings = noted(actions::findings(apps, &author, of).await?);
    let (takes_two, open) = actions::open_request(apps, member.workspace, app).await?;
    let publishing = sharing::decision(apps, &member.viewer.person, app, Act::Publish);
    Ok(Review {
        way: match (takes_two, publishing.await?.is_given) {
            (true, _) => Way::Together,
            (false, true) => Way::Alone,
            (false, false) => Way::ByOthers,
        },
        open,
        shell: Shell::of(&member.viewer, "apps"),
        tab: "",
        next: history.versions.first().map_or(0, |newest| newest.version) + 1,
        words: difference.words(),
        lines: lines(&difference),
        changes: between(&used, &history.draft.text).unwrap_or_default(),
        is_new: current.is_none(),
        is_same: current.is_some() && used == history.draft.text,
        is_ready: problems.iter().all(|problem| problem.level == Level::Note),
        problems: told(&problems),
        tests: Read::of(&history.draft.text)
            .app
            .map_or(0, |app| app.tests.len()),
        draft: history.draft,
        note: String::new(),
        findings,
        why: String::new(),
        fault: String::new(),
    })
}

pub(super) async fn review(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
) -> Result<Page<Review>> {
    Ok(Page(page(&apps, &member, &app).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishForm {
    note: String,
    #[serde(default)]
    why: String,
    draft_at: i64,
}

pub(super) async fn publish(
    State(apps): State<Apps>,
    MayPublish(member): MayPublish,
    Path(app): Path<String>,
    Form(form): Form<PublishForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let said = (form.note.as_str(), form.why.as_str());
    let done = actions::publish(&apps, &author, &app, said, Time(form.draft_at)).await;
    match done {
        Ok(version) => Ok(Done::to(format!("/apps/{app}"))
            .saying(format!("Version {version} is published"))
            .into_response()),
        Err(error) => again(&apps, &member, &app, (form.note, form.why), error).await,
    }
}

/// The page again, with what stood in the way.
pub(super) async fn again(
    apps: &Apps,
    member: &Member,
    app: &str,
    (note, why): (String, String),
    error: Error,
) -> Result<Response> {
    let mut found = Vec::new();
    let fault = match error {
        Error::Stale(by) => {
            format!("{by} saved the draft meanwhile: look at it again, then publish")
        }
        Error::Problems(problems) => {
            found = problems;
            "the problems below stand in the way".to_owned()
        }
        other => fault(other)?,
    };
    let mut page = page(apps, member, app).await?;
    // What the text says is on the page; what only trying tells is not.
    for problem in told(&found) {
        if !page
            .problems
            .iter()
            .any(|known| known.message == problem.message)
        {
            page.problems.push(problem);
        }
    }
    Ok(Again(Review {
        note,
        why,
        fault,
        ..page
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "apps/versions.html")]
pub(super) struct Versions {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    all: Vec<Version>,
    shown: Option<i64>,
    before: Option<i64>,
    words: String,
    changes: Vec<Group>,
    /// One of the texts is no whole app.
    is_text_only: bool,
    rows: Vec<Side>,
    /// What is shown would be gone back to.
    may_go_back: bool,
}

impl Versions {
    fn is_shown(&self, version: &Version) -> bool {
        self.shown == Some(version.version)
    }

    fn is_before(&self, version: &Version) -> bool {
        self.before == Some(version.version)
    }
}

/// A line of both texts, as the page shows it.
struct Side {
    old: Option<(usize, String)>,
    new: Option<(usize, String)>,
    is_same: bool,
    skipped: usize,
}

impl Side {
    fn of(row: Row<'_>) -> Side {
        let owned = |(number, text): (usize, &str)| (number, text.to_owned());
        Side {
            old: row.old.map(owned),
            new: row.new.map(owned),
            is_same: row.is_same,
            skipped: row.skipped,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    version: Option<i64>,
    /// What it is compared with; the one before it, when nothing is said.
    from: Option<i64>,
}

pub(super) async fn list(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<Versions>> {
    let author = Author::of(&member.viewer);
    let history = actions::history(&apps, &author, &app, asked.version, asked.from).await?;
    let is_known = |version| {
        history
            .versions
            .iter()
            .any(|known| known.version == version)
    };
    let asked_for = [asked.version, asked.from];
    if asked_for
        .into_iter()
        .flatten()
        .any(|version| !is_known(version))
    {
        return Err(web::Error::NotFound);
    }
    let difference = Difference::between(&history.before_text, &history.text);
    let has_both = history.before.is_some();
    let changes = between(&history.before_text, &history.text).filter(|_| has_both);
    let publishing = sharing::decision(&apps, &member.viewer.person, &app, Act::Publish);
    let used = history.draft.version;
    let may_go_back = used.is_some() && history.before == used && history.shown != used;
    Ok(Page(Versions {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "versions",
        words: difference.words(),
        is_text_only: has_both && changes.is_none(),
        changes: changes.unwrap_or_default(),
        rows: difference.beside().into_iter().map(Side::of).collect(),
        may_go_back: may_go_back && publishing.await?.is_given,
        shown: history.shown,
        before: history.before,
        draft: history.draft,
        all: history.versions,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionForm {
    version: i64,
}

pub(super) async fn roll_back(
    State(apps): State<Apps>,
    MayPublish(member): MayPublish,
    Path(app): Path<String>,
    Form(form): Form<VersionForm>,
) -> Result<Done> {
    let author = Author::of(&member.viewer);
    let version = actions::roll_back(&apps, &author, &app, form.version).await?;
    let words = format!(
        "Version {version} is published, with the text of version {}",
        form.version
    );
    Ok(Done::to(format!("/edit/{app}/versions")).saying(words))
}
