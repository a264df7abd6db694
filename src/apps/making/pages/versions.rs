//! Versions of an app: publishing the next one, looking back, going back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::editor::lines;
use super::{Apps, Author, Difference, Draft, Error, Level, Told, actions, fault, told};
use crate::apps::library::{Request, Version};
use crate::apps::sharing::{self, Act, MayLook, MayPublish};
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
    is_new: bool,
    is_same: bool,
    problems: Vec<Told>,
    is_ready: bool,
    note: String,
    fault: String,
    way: Way,
    /// What was asked for and is not decided.
    open: Option<Request>,
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
    let history = actions::history(apps, &author, app, None).await?;
    let current = history.draft.version;
    let used = actions::history(apps, &author, app, current).await?.text;
    let used = current.map(|_| used).unwrap_or_default();
    let difference = Difference::between(&used, &history.draft.text);
    let problems = actions::problems(&member.db, app, &history.draft.text).await;
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
        is_new: current.is_none(),
        is_same: current.is_some() && used == history.draft.text,
        is_ready: problems.iter().all(|problem| problem.level == Level::Note),
        problems: told(&problems),
        draft: history.draft,
        note: String::new(),
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
    draft_at: i64,
}

pub(super) async fn publish(
    State(apps): State<Apps>,
    MayPublish(member): MayPublish,
    Path(app): Path<String>,
    Form(form): Form<PublishForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let done = actions::publish(&apps, &author, &app, &form.note, Time(form.draft_at)).await;
    match done {
        Ok(version) => Ok(Done::to(format!("/apps/{app}"))
            .saying(format!("Version {version} is published"))
            .into_response()),
        Err(error) => again(&apps, &member, &app, form.note, error).await,
    }
}

/// The page again, with what stood in the way.
pub(super) async fn again(
    apps: &Apps,
    member: &Member,
    app: &str,
    note: String,
    error: Error,
) -> Result<Response> {
    let fault = match error {
        Error::Stale(by) => {
            format!("{by} saved the draft meanwhile: look at it again, then publish")
        }
        Error::Problems(_) => "the problems below stand in the way".to_owned(),
        other => fault(other)?,
    };
    let page = page(apps, member, app).await?;
    Ok(Again(Review {
        note,
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
    lines: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    version: Option<i64>,
}

pub(super) async fn list(
    State(apps): State<Apps>,
    MayLook(member): MayLook,
    Path(app): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<Versions>> {
    let author = Author::of(&member.viewer);
    let history = actions::history(&apps, &author, &app, asked.version).await?;
    let is_known = |version| {
        history
            .versions
            .iter()
            .any(|known| known.version == version)
    };
    if asked.version.is_some_and(|version| !is_known(version)) {
        return Err(web::Error::NotFound);
    }
    let difference = Difference::between(&history.before_text, &history.text);
    Ok(Page(Versions {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "versions",
        words: difference.words(),
        lines: lines(&difference),
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
