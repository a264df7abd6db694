//! The data as files.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::{Author, Error, Head, actions, reading};
use crate::data::sent;
use crate::data::writers::Spool;
use crate::store::Connection;
use crate::surveys::exports::{self, ALL, Format, Job};
use crate::surveys::format::Outcome;
use crate::surveys::projects::responses::{Responses, Which};
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

/// What a file is to hold.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    lang: String,
    /// `complete`, `all` or `tests`.
    which: String,
    has_personal: bool,
}

impl Wanted {
    pub(super) fn of(fields: &Fields, langs: &[String]) -> Wanted {
        let lang = langs
            .iter()
            .find(|lang| Some(lang.as_str()) == fields.get("lang"));
        let which = match fields.get("which") {
            Some("all") => "all",
            Some("tests") => "tests",
            _ => "complete",
        };
        Wanted {
            lang: lang
                .or(langs.first())
                .cloned()
                .unwrap_or_else(|| "en".to_owned()),
            which: which.to_owned(),
            has_personal: fields.get("personal") == Some("yes"),
        }
    }

    /// The same without what tells who somebody is: for programs.
    pub(super) fn without_personal(self) -> Wanted {
        Wanted {
            has_personal: false,
            ..self
        }
    }

    fn query(&self) -> String {
        let personal = if self.has_personal {
            "&personal=yes"
        } else {
            ""
        };
        format!("lang={}&which={}{personal}", self.lang, self.which)
    }

    fn responses(&self) -> Which {
        Which {
            is_test: self.which == "tests",
            outcome: (self.which == "complete").then(|| Outcome::Complete.name().to_owned()),
        }
    }
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
    let folder = site.files.staging(&member.workspace.to_string())?;
    let detail = json!({
        "format": format.id(), "which": wanted.which, "personal": wanted.has_personal,
    });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let links = history.links.clone();
    let (map, now, stem) = (history.map(), site.clock.now(), survey.clone());
    let written = reading::look(site, (member.workspace, &survey), move |conn| {
        let map = if wanted.has_personal {
            map
        } else {
            map.without_personal()
        };
        let map = reading::reached(conn, map)?;
        let mut responses = Responses {
            conn,
            map: &map,
            links: &links,
            which: wanted.responses(),
        };
        let job = Job {
            map: &map,
            lang: &wanted.lang,
            stem: &stem,
            now,
            folder: &folder,
        };
        let mut out = std::io::BufWriter::new(Spool::begin(&folder)?);
        format.write(&job, &mut responses, &mut out)?;
        let spool = out
            .into_inner()
            .map_err(|error| exports::Error::Disk(error.into_error()))?;
        spool
            .end()
            .map_err(|error| Error::Export(exports::Error::Disk(error)))
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
