//! The test runner: the draft in a frame as a respondent gets it, and beside it what became
//! of every page and why. What is entered is marked as a test and counts for nothing, so
//! nothing of this leaves a record.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Response};

use super::chosen::{Choice, Chosen};
use super::tried::{Change, Way, values};
use super::{Head, Told, reading, told};
use crate::surveys::answering::lang_name;
use crate::surveys::format::Survey;
use crate::surveys::projects::model::{Project, Read};
use crate::surveys::running::{
    Changed, Fieldwork, Led, Run, Surveys, Trial, again, bring_preview, change, enter_trial, go,
    run,
};
use crate::web::{
    self, Access, Again, Done, Faults, Fields, Origin, Page, Result, Right, Routes, Shell, framing,
};
use crate::workspaces::Member;

pub(super) fn routes() -> Routes<Surveys> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/surveys/{survey}/try", build, show)
        .post("/surveys/{survey}/try", build, begin)
        .get("/surveys/{survey}/try/way", build, way)
        .post("/surveys/{survey}/try/go", build, lead)
        .post("/surveys/{survey}/try/answer", build, answer)
}

/// A value that comes with a respondent.
struct Entry {
    name: String,
    required: bool,
    typed: String,
}

impl Entry {
    /// Its field: no other field of the form is called so.
    fn field(&self) -> String {
        format!("e.{}", self.name)
    }
}

#[derive(Template)]
#[template(path = "surveys/try.html")]
pub(super) struct Try {
    shell: Shell,
    tab: &'static str,
    head: Head,
    /// Why there is nothing to be tried.
    problems: Vec<Told>,
    entries: Vec<Entry>,
    langs: Vec<(String, String)>,
    faults: Faults,
    /// The test that was asked for is gone.
    is_gone: bool,
    running: Option<Running>,
}

/// A test that is on.
struct Running {
    chosen: Chosen,
    /// The address of the frame.
    at: String,
    devices: Vec<Choice>,
    schemes: Vec<Choice>,
    langs: Vec<Choice>,
    way: Way,
}

#[derive(Template)]
#[template(path = "surveys/try_part.html")]
pub(super) struct Part {
    head: Head,
    way: Way,
}

fn blank(member: &Member, project: &Project) -> Try {
    let read = Read::of(&project.text);
    let langs = read.survey.iter().flat_map(|survey| &survey.langs);
    let langs = langs.map(|code| (code.clone(), lang_name(code).to_owned()));
    Try {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "editor",
        head: Head::of(project),
        langs: langs.collect(),
        entries: read
            .survey
            .as_ref()
            .map(|survey| entries(survey, None))
            .unwrap_or_default(),
        problems: match read.survey {
            Some(_) => Vec::new(),
            None => told(&read.problems),
        },
        faults: Faults::default(),
        is_gone: false,
        running: None,
    }
}

/// The variables of the address, with what was typed; what has to be there is filled in.
fn entries(survey: &Survey, typed: Option<&Fields>) -> Vec<Entry> {
    let all = survey
        .entries
        .iter()
        .filter(|entry| !entry.is_return || entry.required);
    all.map(|entry| Entry {
        name: entry.name.clone(),
        required: entry.required,
        typed: match typed {
            Some(typed) => {
                let typed = typed.get(&format!("e.{}", entry.name));
                typed.unwrap_or_default().to_owned()
            }
            None if entry.required && !entry.is_return => "test-1".to_owned(),
            None => String::new(),
        },
    })
    .collect()
}

/// The survey, and the test that stands in the address, if it is there.
async fn found(
    surveys: &Surveys,
    member: &Member,
    (survey, token): (&str, &str),
) -> Result<(Project, Fieldwork, Option<Run>)> {
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let of = surveys.at(&project.slug).await?;
    let is_readable = Read::of(&project.text).survey.is_some();
    let found = if token.is_empty() || !is_readable {
        None
    } else {
        run(surveys, &of, token).await?
    };
    Ok((project, of, found))
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let fields = Fields::parse(&query.unwrap_or_default());
    let chosen = Chosen::of(&fields);
    let (project, _, found) = found(&surveys, &member, (&survey, &chosen.run)).await?;
    let page = blank(&member, &project);
    let Some(run) = found else {
        return Ok(Page(Try {
            is_gone: !chosen.run.is_empty(),
            ..page
        })
        .into_response());
    };
    let opened = fields
        .get("change")
        .and_then(|at| Change::of(&run, at, None));
    Ok(shown(page, running(&project, (&run, chosen), opened)))
}

/// The page with a test on it, which may show another page of ours in a frame.
fn shown(page: Try, running: Running) -> Response {
    let has_faults = !page.faults.is_empty();
    let page = Try {
        running: Some(running),
        ..page
    };
    let mut answer = if has_faults {
        Again(page).into_response()
    } else {
        Page(page).into_response()
    };
    answer
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, framing());
    answer
}

fn running(project: &Project, (run, chosen): (&Run, Chosen), opened: Option<Change>) -> Running {
    let survey = &run.compiled.survey;
    let lang = Some(&chosen.lang).filter(|lang| survey.langs.contains(lang));
    let lang = lang.unwrap_or(&run.case.respondent.lang).clone();
    let langs = survey.langs.iter().map(|code| Choice {
        id: "",
        name: lang_name(code).to_owned(),
        href: chosen.with("lang", code),
        is_chosen: *code == lang,
    });
    Running {
        at: format!("/s/{}/r/{}?lang={lang}", project.slug, chosen.run),
        devices: chosen.devices(),
        schemes: chosen.schemes(),
        langs: langs.filter(|_| survey.langs.len() > 1).collect(),
        way: Way::of(run, &chosen, opened),
        chosen,
    }
}

/// The list by itself, for the page's own script.
pub(super) async fn way(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Part>> {
    let chosen = Chosen::of(&Fields::parse(&query.unwrap_or_default()));
    let (project, _, found) = found(&surveys, &member, (&survey, &chosen.run)).await?;
    let run = found.ok_or(web::Error::NotFound)?;
    Ok(Page(Part {
        head: Head::of(&project),
        way: Way::of(&run, &chosen, None),
    }))
}

/// Begins a test: with what was typed, or with what came with another one.
pub(super) async fn begin(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    sent: Fields,
) -> Result<Response> {
    let mut chosen = Chosen::of(&sent);
    let (project, of, _) = found(&surveys, &member, (&survey, "")).await?;
    if !chosen.run.is_empty() {
        let is_same = sent.get("chance") != Some("other");
        let begun = again(&surveys, &of, (&chosen.run, is_same)).await?;
        chosen.run = begun.ok_or(web::Error::NotFound)?;
        return Ok(Done::to(chosen.address(&survey)).into_response());
    }
    let page = blank(&member, &project);
    let Some(draft) = Read::of(&project.text).survey else {
        return Ok(Again(page).into_response());
    };
    let typed = entries(&draft, Some(&sent));
    let refused = |field: &str, why: &str| Try {
        faults: Faults::of(field, why),
        entries: entries(&draft, Some(&sent)),
        ..blank(&member, &project)
    };
    let Ok(seed) = seed(&sent) else {
        let page = refused("seed", "Write a whole number, or leave it empty.");
        return Ok(Again(page).into_response());
    };
    let query = query(&draft, &typed);
    let own = format!("{origin}/surveys/{survey}/host/back");
    let brought = match bring_preview(&surveys, &of, (&query, &own)).await? {
        Ok(brought) => brought,
        Err(reason) => return Ok(Again(refused("entries", reason.words())).into_response()),
    };
    let trial = Trial {
        version: 0,
        brought,
        lang: sent.get("lang").map(str::to_owned),
        seed,
    };
    chosen.run = enter_trial(&surveys, &of, trial).await?;
    chosen.lang = String::new();
    Ok(Done::to(chosen.address(&survey)).into_response())
}

/// The seed that was typed, if one was.
fn seed(sent: &Fields) -> std::result::Result<Option<i64>, std::num::ParseIntError> {
    let typed = sent.get("seed").map(str::trim);
    let typed = typed.filter(|seed| !seed.is_empty());
    typed.map(str::parse).transpose()
}

/// What an address with those values would bring.
fn query(draft: &Survey, typed: &[Entry]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for entry in &draft.entries {
        let value = typed.iter().find(|one| one.name == entry.name);
        if let Some(value) = value.filter(|value| !value.typed.trim().is_empty()) {
            query.append_pair(&entry.key, value.typed.trim());
        }
    }
    query.finish()
}

/// `PAGE/TURN`
fn place(text: &str) -> Option<(&str, u32)> {
    let (page, turn) = text.rsplit_once('/')?;
    Some((page, turn.parse().ok()?))
}

/// Leads the test to a page.
pub(super) async fn lead(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    sent: Fields,
) -> Result<Done> {
    let chosen = Chosen::of(&sent);
    let to = sent.get("to").and_then(place).ok_or(web::Error::NotFound)?;
    let (_, of, found) = found(&surveys, &member, (&survey, &chosen.run)).await?;
    found.ok_or(web::Error::NotFound)?;
    let led = go(&surveys, &of, (&chosen.run, to)).await?;
    let led = led.ok_or_else(|| {
        web::Error::Conflict(
            "this test has ended for good, or has no such page; start again".into(),
        )
    })?;
    Ok(Done::to(chosen.address(&survey)).saying(said(to.0, &led)))
}

/// What is said of how a test came to a page.
fn said(page: &str, led: &Led) -> String {
    let mut said = match led.filled {
        0 => format!("At {page}"),
        1 => format!("One page filled in to come to {page}"),
        filled => format!("{filled} pages filled in to come to {page}"),
    };
    if led.is_anew {
        said += "; what you had answered did not lead there, so other answers took its place";
    }
    if let Some((question, fault)) = led.passed.first() {
        let why = fault.why.say("en");
        let why = why.trim_end_matches('.');
        said = format!(
            "{said}; no answer to {question} was found that is taken ({why}), so its page is passed over"
        );
    }
    if led.is_forced {
        said += "; no way was found on which it is shown, so it was forced: the list says what stands against it";
    }
    said
}

/// Puts another answer in the place of one, and goes on from there.
pub(super) async fn answer(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    sent: Fields,
) -> Result<Response> {
    let chosen = Chosen::of(&sent);
    let at = sent.get("at").unwrap_or_default();
    let (at_page, block) = at.rsplit_once('/').ok_or(web::Error::NotFound)?;
    let (page, turn) = place(at_page).ok_or(web::Error::NotFound)?;
    let (project, of, found) = found(&surveys, &member, (&survey, &chosen.run)).await?;
    let run = found.ok_or(web::Error::NotFound)?;
    let values = values(&run, block, &sent).ok_or(web::Error::NotFound)?;
    match change(&surveys, &of, &chosen.run, ((page, turn, block), values)).await? {
        Changed::Done => Ok(Done::to(chosen.address(&survey))
            .saying(format!("{block} is changed; the survey goes on from there"))
            .into_response()),
        Changed::Elsewhere => Err(web::Error::Conflict(
            "that page is not on the way of this test any more; open its list again".into(),
        )),
        Changed::Faults(faults) => {
            let opened = Change::of(&run, at, Some(&sent));
            let mut page = blank(&member, &project);
            for (of, fault) in faults {
                page.faults
                    .add("value", format!("{of}: {}", fault.why.say("en")));
            }
            Ok(shown(page, running(&project, (&run, chosen), opened)))
        }
    }
}
