//! Links: open ones by supplier, ones for single respondents, and where they lead at the end.

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Author, Head, actions, reading};
use crate::base::{Secret, Time};
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::surveys::projects::invited;
use crate::surveys::projects::model::{Link, exits as read_exits};
use crate::surveys::projects::sql;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Origin, Page, Picture, Result, Shell, picture};
use crate::workspaces::Member;

/// Links a page shows.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "surveys/links.html")]
pub(super) struct Links {
    shell: Shell,
    tab: &'static str,
    head: Head,
    all: Vec<Shown>,
    is_more: bool,
    keys: Vec<(String, Time)>,
    entries: String,
    /// A link just made, with a picture of it: shown once.
    made: Option<(String, String, Option<Picture>)>,
    supplier: String,
    exits: String,
    faults: Faults,
}

/// A link as the list has it.
struct Shown {
    of: Link,
    /// The values that come with it.
    entry: String,
    /// Lines of outcome and address.
    exits: String,
}

impl Shown {
    fn of(link: Link) -> Shown {
        let pairs = |json: &str| -> Vec<(String, String)> {
            let table: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(json).unwrap_or_default();
            let texts = table.into_iter();
            texts
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
                .collect()
        };
        let joined = |pairs: Vec<(String, String)>, between: &str, line: &str| {
            let lines = pairs
                .into_iter()
                .map(|(name, value)| format!("{name}{between}{value}"));
            lines.collect::<Vec<_>>().join(line)
        };
        Shown {
            entry: joined(pairs(&link.entry), " = ", ", "),
            exits: joined(pairs(&link.exits), " ", "\n"),
            of: link,
        }
    }
}

async fn page(surveys: &Surveys, member: &Member, survey: &str) -> Result<Links> {
    let history = reading::history(&surveys.site, member.workspace, survey).await?;
    let (workspace, id) = (member.workspace, survey.to_owned());
    let system = &surveys.site.system;
    let found = system.read(move |conn| {
        Ok::<_, crate::store::Error>((
            sql::links(conn, workspace, &id, SHOWN + 1)?,
            sql::keys(conn, workspace)?,
        ))
    });
    let (mut links, keys) = found.await?;
    let is_more = links.len() > SHOWN as usize;
    links.truncate(SHOWN as usize);
    let entries = history.survey().map(|survey| {
        let names = survey.entries.iter().map(|entry| entry.name.clone());
        names.collect::<Vec<_>>().join(", ")
    });
    Ok(Links {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "links",
        head: Head::of(&history.project),
        all: links.into_iter().map(Shown::of).collect(),
        is_more,
        keys,
        entries: entries.unwrap_or_default(),
        made: None,
        supplier: String::new(),
        exits: String::new(),
        faults: Faults::default(),
    })
}

pub(super) async fn list(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Links>> {
    Ok(Page(page(&surveys, &member, &survey).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    name: String,
    #[serde(default)]
    exits: String,
}

pub(super) async fn make(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let mut faults = Faults::default();
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 120 {
        faults.add(
            "name",
            "write a name of at most 120 characters, such as the supplier's",
        );
    }
    let exits = read_exits(&form.exits).map_err(|words| faults.add("exits", words));
    let Ok(exits) = exits.and_then(|exits| {
        if faults.is_empty() {
            Ok(exits)
        } else {
            Err(())
        }
    }) else {
        let page = page(&surveys, &member, &survey).await?;
        return Ok(Again(Links {
            faults,
            supplier: form.name,
            exits: form.exits,
            ..page
        })
        .into_response());
    };
    let wanted = actions::Wanted {
        kind: "open",
        name,
        exits,
    };
    let author = Author::of(&member.viewer);
    let made = actions::make_link(&surveys.site, &author, &survey, wanted).await?;
    let address = format!("{origin}{}", made.path);
    let page = page(&surveys, &member, &survey).await?;
    let shown = picture(&address);
    Ok(Page(Links {
        made: Some((made.name, address, shown)),
        ..page
    })
    .into_response())
}

/// A list of respondents in, a list of links out.
pub(super) async fn invite(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    mut form: Multipart,
) -> Result<Response> {
    let broken = |_| web::Error::Invalid("the list did not arrive whole; send it again".to_owned());
    let (mut text, mut kind) = (String::new(), "personal");
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        match name.as_str() {
            "file" => text = String::from_utf8_lossy(&bytes).into_owned(),
            "kind" if bytes.as_ref() == b"single" => kind = "single",
            _ => {}
        }
    }
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let entries = history
        .survey()
        .map(|survey| survey.entries)
        .unwrap_or_default();
    let known: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    let list = match invited::read(&text, &known) {
        Ok(list) => list,
        Err(words) => {
            let page = page(&surveys, &member, &survey).await?;
            let faults = Faults::of("file", words);
            return Ok(Again(Links { faults, ..page }).into_response());
        }
    };
    let author = Author::of(&member.viewer);
    let made = actions::invite(&surveys.site, &author, &survey, (list, kind)).await?;
    let mut out = Vec::new();
    Csv::default().heading(["name", "link"], &mut out);
    for one in &made {
        let address = format!("{origin}{}", one.path);
        Csv::default().row([Cell::Text(&one.name), Cell::Text(&address)], &mut out);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{survey}-links.csv\""),
        ),
    ];
    Ok((headers, out).into_response())
}

async fn turn(
    surveys: &Surveys,
    member: &Member,
    (survey, link): (String, String),
    is_open: bool,
) -> Result<Done> {
    let author = Author::of(&member.viewer);
    actions::open_link(&surveys.site, &author, (&survey, &link), is_open).await?;
    let words = if is_open {
        "The link lets people in again"
    } else {
        "The link lets nobody in any more"
    };
    Ok(Done::to(format!("/surveys/{survey}/links")).saying(words))
}

pub(super) async fn shut(
    State(surveys): State<Surveys>,
    member: Member,
    Path(place): Path<(String, String)>,
) -> Result<Done> {
    turn(&surveys, &member, place, false).await
}

pub(super) async fn open(
    State(surveys): State<Surveys>,
    member: Member,
    Path(place): Path<(String, String)>,
) -> Result<Done> {
    turn(&surveys, &member, place, true).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExitsForm {
    exits: String,
}

pub(super) async fn exits(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, link)): Path<(String, String)>,
    Form(form): Form<ExitsForm>,
) -> Result<Response> {
    match read_exits(&form.exits) {
        Ok(exits) => {
            let author = Author::of(&member.viewer);
            actions::set_exits(&surveys.site, &author, (&survey, &link), exits).await?;
            Ok(Done::to(format!("/surveys/{survey}/links"))
                .saying("Exit addresses saved")
                .into_response())
        }
        Err(words) => {
            let mut page = page(&surveys, &member, &survey).await?;
            // What was typed stays in its field.
            for shown in &mut page.all {
                if shown.of.id == link {
                    shown.exits.clone_from(&form.exits);
                }
            }
            let faults = Faults::of(&format!("exits-{link}"), words);
            Ok(Again(Links { faults, ..page }).into_response())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyForm {
    key: String,
    secret: Secret,
}

pub(super) async fn keep_key(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<KeyForm>,
) -> Result<Response> {
    let name = form.key.trim();
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut faults = Faults::default();
    if name.is_empty() || name.len() > 60 || !name.chars().all(fine) {
        faults.add(
            "key",
            "write a name of letters, digits, - and _, as the definition names it",
        );
    }
    if !(16..=500).contains(&form.secret.reveal().len()) {
        faults.add("secret", "write a secret of 16 to 500 characters");
    }
    if !faults.is_empty() {
        let page = page(&surveys, &member, &survey).await?;
        return Ok(Again(Links { faults, ..page }).into_response());
    }
    // Only where the survey is theirs.
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let author = Author::of(&member.viewer);
    actions::keep_key(&surveys.site, &author, name, &form.secret).await?;
    Ok(Done::to(format!("/surveys/{survey}/links"))
        .saying(format!("The secret {name} is kept"))
        .into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgetForm {
    key: String,
}

pub(super) async fn forget_key(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<ForgetForm>,
) -> Result<Done> {
    reading::project(&surveys.site, member.workspace, &survey).await?;
    actions::forget_key(&surveys.site, &Author::of(&member.viewer), &form.key).await?;
    Ok(Done::to(format!("/surveys/{survey}/links")).saying("The secret is forgotten"))
}
