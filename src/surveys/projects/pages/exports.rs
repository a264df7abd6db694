//! The data as files.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::{Author, Error, Head, actions, reading};
use crate::data::sent;
use crate::data::writers::Spool;
use crate::store::Connection;
use crate::surveys::exports::{self, ALL, Format};
use crate::surveys::projects::exporting::{self, Wanted};
use crate::surveys::running::Surveys;
use crate::surveys::uploads;
use crate::web::{self, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/exports.html")]
pub(super) struct Exports {
    shell: Shell,
    tab: &'static str,
    head: Head,
    formats: Vec<(&'static str, &'static str, &'static str)>,
    langs: Vec<String>,
    wanted: Wanted,
    /// Variables that tell who somebody is.
    personal: usize,
    variables: usize,
    /// Files that respondents sent, and what they weigh in KiB.
    sent: (u64, u64),
}

fn parsed(query: Option<String>) -> Fields {
    query.map(|query| Fields::parse(&query)).unwrap_or_default()
}

pub(super) async fn page(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Exports>> {
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let map = history.map();
    let count = |conn: &Connection| Ok::<_, Error>(uploads::count(conn)?);
    let (files, bytes) = reading::look(&surveys.site, (member.workspace, &survey), count).await?;
    Ok(Page(Exports {
        sent: (files, bytes.div_ceil(1024)),
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "exports",
        head: Head::of(&history.project),
        formats: { ALL.iter() }
            .map(|format| (format.id(), format.name(), format.help()))
            .collect(),
        wanted: Wanted::of(&parsed(query), &map.langs),
        personal: map.variables.iter().filter(|each| each.is_personal).count(),
        variables: map.variables.len(),
        langs: map.langs,
    }))
}

pub(super) async fn download(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, format)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let format = exports::of(&format).ok_or(web::Error::NotFound)?;
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let wanted = Wanted::of(&parsed(query), &history.map().langs);
    file(&surveys, &member, &history, (format, wanted)).await
}

/// The file, made whole before its first byte leaves: a slow reader holds
/// nothing of the survey up, and what goes wrong is said instead of cut off.
pub(super) async fn file(
    surveys: &Surveys,
    member: &Member,
    history: &reading::History,
    (format, wanted): (&'static dyn Format, Wanted),
) -> Result<Response> {
    let (site, survey) = (&surveys.site, history.project.id.clone());
    let detail = json!({
        "format": format.id(), "which": wanted.which, "personal": wanted.has_personal,
    });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let of = (member.workspace, &*survey);
    let written = exporting::moment(site, of, (history, wanted), move |moment| {
        let mut out = std::io::BufWriter::new(Spool::begin(moment.folder)?);
        moment.write(format, &mut out)?;
        let spool = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        Ok(spool.end()?)
    });
    let whole = written.await?;
    let (ending, kind) = format.file();
    Ok(sent(
        &format!("{survey}-{}", format.id()),
        ending,
        kind,
        whole,
    ))
}
