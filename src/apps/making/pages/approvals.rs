//! Where publishing takes two: what was asked for, and the yes or no of a
//! second person.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::editor::lines;
use super::{Apps, Author, Difference, Error, Told, actions, fault, told};
use crate::apps::library::{Request, Verdict};
use crate::apps::making::changes::{Group, between};
use crate::apps::sharing::{self, Act, MayEdit};
use crate::base::Time;
use crate::web::{self, Again, Done, Page, Result, Right, Shell, Viewer};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "publishing/list.html")]
pub(super) struct List {
    shell: Shell,
    is_wanted: bool,
    open: Vec<Request>,
    decided: Vec<Request>,
}

#[derive(Template)]
#[template(path = "publishing/request.html")]
pub(super) struct RequestPage {
    shell: Shell,
    request: Request,
    words: String,
    lines: String,
    changes: Vec<Group>,
    is_same: bool,
    /// They may say yes or no.
    may_decide: bool,
    may_withdraw: bool,
    reason: String,
    fault: String,
    problems: Vec<Told>,
}

/// May they do one of these things to the app?
async fn may(apps: &Apps, viewer: &Viewer, app: &str, acts: &[Act]) -> Result<bool> {
    match sharing::hold(apps, &viewer.person, app, acts).await {
        Ok(()) => Ok(true),
        Err(Error::Missing | Error::NotYours) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn list(State(apps): State<Apps>, viewer: Viewer) -> Result<Page<List>> {
    if !viewer.may(Right::Build) && !viewer.may(Right::ReadSettings) {
        return Err(web::Error::Forbidden);
    }
    let two = actions::requests(&apps, viewer.person.workspace).await?;
    let mut seen = Vec::new();
    for request in two.requests {
        if may(&apps, &viewer, &request.app, &[Act::Edit, Act::Publish]).await? {
            seen.push(request);
        }
    }
    let (open, decided) = seen.into_iter().partition(|one| one.verdict.is_none());
    Ok(Page(List {
        shell: Shell::of(&viewer, "publishing"),
        is_wanted: two.is_wanted,
        open,
        decided,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TwoForm {
    two: String,
}

pub(super) async fn set(
    State(apps): State<Apps>,
    viewer: Viewer,
    Form(form): Form<TwoForm>,
) -> Result<Done> {
    let is_wanted = form.two == "yes";
    actions::set_two(&apps, &viewer, is_wanted).await?;
    let said = if is_wanted {
        "From now on publishing takes two people"
    } else {
        "From now on one person may publish alone"
    };
    Ok(Done::to("/publishing").saying(said))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskForm {
    note: String,
    #[serde(default)]
    why: String,
    draft_at: i64,
}

pub(super) async fn ask(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let said = (form.note.as_str(), form.why.as_str());
    match actions::ask(&apps, &author, &app, said, Time(form.draft_at)).await {
        Ok(id) => Ok(Done::to(format!("/publishing/{id}"))
            .saying("Asked; a second person finds it under Publishing")
            .into_response()),
        Err(error) => {
            super::versions::again(&apps, &member, &app, (form.note, form.why), error).await
        }
    }
}

async fn page(apps: &Apps, viewer: &Viewer, id: &str) -> Result<RequestPage> {
    let asked = actions::asked(apps, viewer.person.workspace, id).await?;
    let app = asked.request.app.as_str();
    let both = [Act::Edit, Act::Publish];
    sharing::hold(apps, &viewer.person, app, &both).await?;
    let is_open = asked.request.verdict.is_none();
    let is_mine = asked.request.by == viewer.person.id.to_string();
    let may_publish = may(apps, viewer, app, &[Act::Publish]).await?;
    let difference = Difference::between(&asked.used, &asked.draft.text);
    Ok(RequestPage {
        shell: Shell::of(viewer, "publishing"),
        words: difference.words(),
        lines: lines(&difference),
        changes: between(&asked.used, &asked.draft.text).unwrap_or_default(),
        is_same: asked.is_same,
        may_decide: is_open && !is_mine && may_publish,
        may_withdraw: is_open && (is_mine || viewer.may(Right::ManageMembers)),
        request: asked.request,
        reason: String::new(),
        fault: String::new(),
        problems: Vec::new(),
    })
}

pub(super) async fn show(
    State(apps): State<Apps>,
    viewer: Viewer,
    Path(request): Path<String>,
) -> Result<Page<RequestPage>> {
    Ok(Page(page(&apps, &viewer, &request).await?))
}

/// The request's page again, with what stood in the way.
async fn again(apps: &Apps, viewer: &Viewer, id: &str, error: Error) -> Result<RequestPage> {
    let mut page = page(apps, viewer, id).await?;
    if let Error::Problems(problems) = &error {
        page.problems = told(problems);
    }
    page.fault = fault(error)?;
    Ok(page)
}

/// Who may publish the app may decide about it.
async fn hold(apps: &Apps, member: &Member, id: &str) -> Result<()> {
    let asked = actions::asked(apps, member.workspace, id).await?;
    let person = &member.viewer.person;
    sharing::hold(apps, person, &asked.request.app, &[Act::Publish]).await?;
    Ok(())
}

pub(super) async fn approve(
    State(apps): State<Apps>,
    member: Member,
    Path(request): Path<String>,
) -> Result<Response> {
    hold(&apps, &member, &request).await?;
    let author = Author::of(&member.viewer);
    match actions::approve(&apps, &author, &request).await {
        Ok((app, version)) => Ok(Done::to(format!("/apps/{app}"))
            .saying(format!("Version {version} is published"))
            .into_response()),
        Err(error) => {
            let page = again(&apps, &member.viewer, &request, error).await?;
            Ok(Again(page).into_response())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseForm {
    reason: String,
}

pub(super) async fn refuse(
    State(apps): State<Apps>,
    member: Member,
    Path(request): Path<String>,
    Form(form): Form<RefuseForm>,
) -> Result<Response> {
    hold(&apps, &member, &request).await?;
    let author = Author::of(&member.viewer);
    match actions::refuse(&apps, &author, &request, &form.reason).await {
        Ok(()) => Ok(Done::to("/publishing")
            .saying("Refused; the author finds your reason here")
            .into_response()),
        Err(error) => {
            let page = again(&apps, &member.viewer, &request, error).await?;
            let reason = form.reason;
            Ok(Again(RequestPage { reason, ..page }).into_response())
        }
    }
}

pub(super) async fn withdraw(
    State(apps): State<Apps>,
    member: Member,
    Path(request): Path<String>,
) -> Result<Response> {
    let page = page(&apps, &member.viewer, &request).await?;
    if !page.may_withdraw {
        return Err(web::Error::Forbidden);
    }
    let author = Author::of(&member.viewer);
    match actions::withdraw(&apps, &author, &request).await {
        Ok(()) => Ok(Done::to(format!("/edit/{}/publish", page.request.app))
            .saying("The request is withdrawn")
            .into_response()),
        Err(error) => {
            let page = again(&apps, &member.viewer, &request, error).await?;
            Ok(Again(page).into_response())
        }
    }
}
