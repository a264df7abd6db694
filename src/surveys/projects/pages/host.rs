//! A survey of somebody else that sends its respondents here for a while, played by us:
//! entry, return and the call for data, in a preview of the draft.

use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Head, reading};
use crate::surveys::format::{Entry, Survey};
use crate::surveys::projects::model::Read;
use crate::surveys::running::{Surveys, bring_preview, enter_preview};
use crate::web::{Again, Done, Faults, Fields, Origin, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/host.html")]
pub(super) struct Host {
    shell: Shell,
    tab: &'static str,
    head: Head,
    /// What tells who somebody is, and the address to go back to; `None`: the draft has
    /// none of them.
    entries: Option<(Entry, Entry)>,
    origin: String,
    slug: String,
    typed: HostForm,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "surveys/back.html")]
pub(super) struct Back {
    shell: Shell,
    tab: &'static str,
    head: Head,
    /// The parameters of the address, as they came back.
    came: Vec<(String, String)>,
    /// What a program is given when it asks, and how it asks.
    data: Option<String>,
    call: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HostForm {
    respondent: String,
    #[serde(default)]
    list: String,
    /// `raw` or `encoded`.
    #[serde(default)]
    link: String,
}

/// Whoever tells respondents apart, and where they go back to.
fn entries(survey: &Survey) -> Option<(Entry, Entry)> {
    let mut all = survey.entries.iter();
    let who = all.clone().find(|entry| entry.unique)?;
    let back = all.find(|entry| entry.is_return)?;
    Some((who.clone(), back.clone()))
}

async fn page(
    surveys: &Surveys,
    member: &Member,
    (survey, origin): (&str, String),
) -> Result<Host> {
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let draft = Read::of(&project.text).survey;
    Ok(Host {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "links",
        head: Head::of(&project),
        entries: draft.as_ref().and_then(entries),
        origin,
        slug: project.slug,
        typed: HostForm {
            respondent: "test-1".to_owned(),
            ..HostForm::default()
        },
        faults: Faults::default(),
    })
}

pub(super) async fn ask(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
) -> Result<Page<Host>> {
    Ok(Page(page(&surveys, &member, (&survey, origin)).await?))
}

/// Sends a respondent as a host would. What they enter is marked as a test and counts
/// for nothing, so it leaves no record.
pub(super) async fn send(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    Form(form): Form<HostForm>,
) -> Result<Response> {
    let page = page(&surveys, &member, (&survey, origin)).await?;
    let Some((who, back)) = &page.entries else {
        return Ok(Again(page).into_response());
    };
    let own = format!("{}/surveys/{survey}/host/back", page.origin);
    let encoded =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let id = encoded(form.respondent.trim());
    // As hosts do: a state of their own, and more than one parameter.
    let to = format!("{own}?state={id}&part=2");
    let link = match form.link.as_str() {
        "raw" => to,
        _ => encoded(&to),
    };
    let list = match form.list.trim() {
        "" => String::new(),
        list => format!("list={}&", encoded(list)),
    };
    let query = format!("{list}{}={id}&{}={link}", who.key, back.key);
    let of = surveys.at(&page.slug).await?;
    match bring_preview(&surveys, &of, (&query, &own)).await? {
        Ok(brought) => {
            let token = enter_preview(&surveys, &of, (0, brought)).await?;
            Ok(Done::to(format!("/s/{}/r/{token}", page.slug)).into_response())
        }
        Err(reason) => {
            let faults = Faults::of("respondent", reason.words());
            let typed = form;
            let page = Host {
                typed,
                faults,
                ..page
            };
            Ok(Again(page).into_response())
        }
    }
}

/// For people: a variable on each line.
fn laid_out(data: &str) -> String {
    let read = serde_json::from_str::<serde_json::Value>(data);
    let read = read.and_then(|data| serde_json::to_string_pretty(&data));
    read.unwrap_or_else(|_unread| data.to_owned())
}

/// The host's page that a respondent comes back to, and what it asks us then.
pub(super) async fn back(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    RawQuery(query): RawQuery,
) -> Result<Page<Back>> {
    let site = &surveys.site;
    let project = reading::project(site, member.workspace, &survey).await?;
    let fields = Fields::parse(&query.unwrap_or_default());
    let id = fields.get("state").unwrap_or_default().to_owned();
    let draft = Read::of(&project.text).survey;
    let who = draft.as_ref().and_then(entries).map(|(who, _)| who.name);
    let who = who.unwrap_or_else(|| "pid".to_owned());
    let of = (member.workspace, &*survey);
    let data = reading::response(site, of, (&who, &id), true).await?;
    let value: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    Ok(Page(Back {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "links",
        head: Head::of(&project),
        came: fields
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        data: data.map(|data| laid_out(&data)),
        call: format!("{origin}/api/v1/surveys/{survey}/response?{who}={value}"),
    }))
}
