//! Webhooks of a survey: the list with what became of messages, and one with its form.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{Author, Head, actions, fault, reading};
use crate::base::Secret;
use crate::surveys::hooks::sql::Counts;
use crate::surveys::hooks::{
    Event, Hook, HookId, Message, MessageId, MessageState, NewHook, Step, board,
};
use crate::surveys::keeping::Of;
use crate::surveys::projects::model::Project;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// Messages a page shows.
const LINES: u32 = 60;

/// A form as it was filled in, or is to be.
struct Typed {
    name: String,
    address: String,
    events: Vec<String>,
    has_answers: bool,
    is_on: bool,
    ca: String,
}

impl Typed {
    fn nothing() -> Typed {
        Typed {
            name: String::new(),
            address: String::new(),
            events: vec!["response.complete".to_owned()],
            has_answers: false,
            is_on: true,
            ca: String::new(),
        }
    }

    fn of(hook: &Hook) -> Typed {
        Typed {
            name: hook.name.clone(),
            address: hook.address.clone(),
            events: { hook.events.iter() }
                .map(|event| event.name().to_owned())
                .collect(),
            has_answers: hook.has_answers,
            is_on: hook.is_on,
            ca: hook.ca.clone(),
        }
    }

    fn sent(fields: &Fields) -> Typed {
        let word = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
        Typed {
            name: word("name"),
            address: word("address"),
            events: fields.all("event").map(str::to_owned).collect(),
            has_answers: fields.get("answers").is_some(),
            is_on: fields.get("on").is_some(),
            ca: word("ca"),
        }
    }

    fn has(&self, event: &str) -> bool {
        self.events.iter().any(|name| name == event)
    }
}

/// A message as the list has it.
struct Line {
    of: Message,
    /// What its webhook is called.
    whose: String,
}

impl Line {
    fn has_fault(&self) -> bool {
        !self.of.fault.is_empty()
    }

    fn waits(&self) -> bool {
        self.of.state == MessageState::Waiting
    }
}

#[derive(Template)]
#[template(path = "surveys/webhooks.html")]
pub(super) struct List {
    shell: Shell,
    tab: &'static str,
    head: Head,
    is_anonymous: bool,
    hooks: Vec<(Hook, Counts)>,
    log: Vec<Line>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "surveys/webhook.html")]
pub(super) struct One {
    shell: Shell,
    tab: &'static str,
    head: Head,
    is_anonymous: bool,
    hook: Hook,
    counts: Counts,
    /// Shown this once.
    secret: Option<Secret>,
    steps: Vec<Step>,
    typed: Typed,
    faults: Faults,
}

async fn known(surveys: &Surveys, member: &Member, survey: &str) -> Result<(Project, bool, Of)> {
    let history = reading::history(&surveys.site, member.workspace, survey).await?;
    let said = history.survey();
    let of = Of {
        workspace: member.workspace,
        survey: survey.to_owned(),
    };
    let is_anonymous = said.is_some_and(|survey| survey.is_anonymous);
    Ok((history.project, is_anonymous, of))
}

async fn page(surveys: &Surveys, member: &Member, survey: &str) -> Result<List> {
    let (project, is_anonymous, of) = known(surveys, member, survey).await?;
    let (hooks, log) = board(&surveys.site, &of, LINES).await?;
    let name_of = |id: HookId| {
        let mut all = hooks.iter().map(|(hook, _)| hook);
        let found = all.find(|hook| hook.id == id);
        found.map(|hook| hook.name.clone()).unwrap_or_default()
    };
    let log = log.into_iter().map(|of| Line {
        whose: name_of(of.hook),
        of,
    });
    Ok(List {
        log: log.collect(),
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "webhooks",
        head: Head::of(&project),
        is_anonymous,
        hooks,
        typed: Typed::nothing(),
        faults: Faults::default(),
    })
}

async fn one(surveys: &Surveys, member: &Member, (survey, id): (&str, &str)) -> Result<One> {
    let (project, is_anonymous, of) = known(surveys, member, survey).await?;
    let (hooks, _) = board(&surveys.site, &of, 0).await?;
    let id = HookId::parse(id).ok_or(web::Error::NotFound)?;
    let mut found = hooks.into_iter().filter(|(hook, _)| hook.id == id);
    let (hook, counts) = found.next().ok_or(web::Error::NotFound)?;
    Ok(One {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "webhooks",
        head: Head::of(&project),
        is_anonymous,
        typed: Typed::of(&hook),
        hook,
        counts,
        secret: None,
        steps: Vec::new(),
        faults: Faults::default(),
    })
}

fn there(survey: &str) -> String {
    format!("/surveys/{survey}/webhooks")
}

fn id_of(hook: &str) -> Result<HookId> {
    HookId::parse(hook).ok_or(web::Error::NotFound)
}

pub(super) async fn list(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<List>> {
    Ok(Page(page(&surveys, &member, &survey).await?))
}

/// What is wrong with the form; also an address that nobody is ever sent to.
fn read(fields: &Fields, surveys: &Surveys) -> std::result::Result<NewHook, Faults> {
    let new = NewHook::parse(fields)?;
    match surveys.site.egress.never(&new.address) {
        Some(why) => Err(Faults::of("address", why)),
        None => Ok(new),
    }
}

pub(super) async fn add(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    // Only where the survey is theirs.
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let author = Author::of(&member.viewer);
    let faults = match read(&fields, &surveys) {
        Err(faults) => faults,
        Ok(new) => match actions::add_hook(&surveys, &author, &survey, new).await {
            Ok((hook, secret)) => {
                let id = hook.id.to_string();
                let mut page = one(&surveys, &member, (&survey, &id)).await?;
                page.secret = Some(secret);
                return Ok(Page(page).into_response());
            }
            Err(error) => Faults::of("name", fault(error)?),
        },
    };
    let mut page = page(&surveys, &member, &survey).await?;
    (page.typed, page.faults) = (Typed::sent(&fields), faults);
    Ok(Again(page).into_response())
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
) -> Result<Page<One>> {
    Ok(Page(one(&surveys, &member, (&survey, &hook)).await?))
}

pub(super) async fn change(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let mut page = one(&surveys, &member, (&survey, &hook)).await?;
    match read(&fields, &surveys) {
        Err(faults) => {
            (page.typed, page.faults) = (Typed::sent(&fields), faults);
            Ok(Again(page).into_response())
        }
        Ok(new) => {
            let author = Author::of(&member.viewer);
            actions::change_hook(&surveys, &author, (&survey, page.hook.id), new).await?;
            Ok(Done::to(there(&survey))
                .saying("The webhook is changed")
                .into_response())
        }
    }
}

pub(super) async fn renew(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
) -> Result<Page<One>> {
    let author = Author::of(&member.viewer);
    let secret = actions::renew_hook(&surveys, &author, (&survey, id_of(&hook)?)).await?;
    let mut page = one(&surveys, &member, (&survey, &hook)).await?;
    page.secret = Some(secret);
    Ok(Page(page))
}

pub(super) async fn test(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
) -> Result<Page<One>> {
    let author = Author::of(&member.viewer);
    let steps = actions::try_hook(&surveys, &author, (&survey, id_of(&hook)?)).await?;
    let mut page = one(&surveys, &member, (&survey, &hook)).await?;
    page.steps = steps;
    Ok(Page(page))
}

pub(super) async fn again(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
    fields: Fields,
) -> Result<Done> {
    let which = match fields.get("message") {
        Some(message) => Some(MessageId::parse(message).ok_or(web::Error::NotFound)?),
        None => None,
    };
    let (author, id) = (Author::of(&member.viewer), id_of(&hook)?);
    let count = actions::send_hook_again(&surveys, &author, (&survey, id), which).await?;
    let words = format!("Messages that wait again: {count}");
    Ok(Done::to(there(&survey)).saying(words))
}

pub(super) async fn remove(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hook)): Path<(String, String)>,
) -> Result<Done> {
    let author = Author::of(&member.viewer);
    actions::remove_hook(&surveys, &author, (&survey, id_of(&hook)?)).await?;
    Ok(Done::to(there(&survey)).saying("The webhook is removed: nothing more is sent there"))
}
