//! The pictures of a survey: brought, looked at, replaced, removed.

use askama::Template;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;

use super::{Author, Head, actions, fault, reading};
use crate::store::project_file;
use crate::surveys::assets::{self, Listed, MOST_BYTES, clean, name_of};
use crate::surveys::projects::actions::Brought;
use crate::surveys::projects::model::Read;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// What pictures of one page may weigh together before somebody is told.
const HEAVY: u64 = 600 << 10;

#[derive(Template)]
#[template(path = "surveys/assets.html")]
pub(super) struct Gallery {
    shell: Shell,
    tab: &'static str,
    head: Head,
    all: Vec<Hung>,
    faults: Faults,
}

/// A picture, and who shows it.
struct Hung {
    of: Listed,
    in_draft: bool,
    /// What was published shows this very picture under this name.
    is_published: bool,
}

impl Hung {
    fn weight(&self) -> String {
        format!("{} KiB", self.of.asset.bytes.div_ceil(1024))
    }

    fn is_heavy(&self) -> bool {
        self.of.asset.bytes > HEAVY
    }
}

async fn page(surveys: &Surveys, member: &Member, survey: &str, faults: Faults) -> Result<Gallery> {
    let (site, of) = (&surveys.site, (member.workspace, survey));
    let project = reading::project(site, member.workspace, survey).await?;
    let kept = assets::kept(site, of).await?;
    let file = project_file(member.workspace, survey);
    // No file is made by looking.
    let listed = if site.files.is_there(&file)? {
        site.files.open(&file)?.read(assets::list).await?
    } else {
        Vec::new()
    };
    let read = Read::of(&project.text);
    let drawn = read.pictures();
    let hung = |of: Listed| Hung {
        in_draft: drawn.contains(&&*of.name),
        is_published: kept.iter().any(|(.., shown)| shown.get(&of.name).is_some()),
        of,
    };
    Ok(Gallery {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "assets",
        head: Head::of(&project),
        all: listed.into_iter().map(hung).collect(),
        faults,
    })
}

pub(super) async fn list(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Gallery>> {
    Ok(Page(
        page(&surveys, &member, &survey, Faults::default()).await?,
    ))
}

/// One of them, by its hash.
pub(super) async fn one(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, hash)): Path<(String, String)>,
) -> Result<Response> {
    let site = &surveys.site;
    reading::project(site, member.workspace, &survey).await?;
    let file = project_file(member.workspace, &survey);
    if !site.files.is_there(&file)? {
        return Err(web::Error::NotFound);
    }
    let find = move |conn: &crate::store::Connection| assets::body(conn, &hash);
    let found = site.files.open(&file)?.read(find).await?;
    found.map(assets::sent).ok_or(web::Error::NotFound)
}

/// Takes pictures in, one after the other: no more than one lies in memory.
pub(super) async fn bring(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    mut form: Multipart,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let (mut faults, mut came, mut replaces) = (Faults::default(), 0, false);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("replace") {
            replaces = true;
            continue;
        }
        let file = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some("file") || file.is_empty() {
            continue;
        }
        let said = match picture(field, &file).await? {
            Ok((name, clean)) => {
                let brought = Brought {
                    name,
                    clean,
                    replaces,
                };
                let done = actions::bring(&surveys, &author, &survey, brought).await;
                done.map_or_else(|error| fault(error).map(Some), |()| Ok(None))?
            }
            Err(words) => Some(words),
        };
        match said {
            Some(words) => faults.add("file", format!("{file}: {words}")),
            None => came += 1,
        }
    }
    if faults.is_empty() && came == 0 {
        faults.add("file", "choose one or more pictures: PNG, JPEG or WebP");
    }
    if !faults.is_empty() {
        return Ok(Again(page(&surveys, &member, &survey, faults).await?).into_response());
    }
    let said = match came {
        1 => "The picture is here".to_owned(),
        came => format!("{came} pictures are here"),
    };
    Ok(Done::to(format!("/surveys/{survey}/assets"))
        .saying(said)
        .into_response())
}

fn broken(_: MultipartError) -> web::Error {
    web::Error::Invalid("the pictures did not arrive whole; send them again".to_owned())
}

/// A picture as it is kept and its name, or what is wrong with it.
async fn picture(
    mut field: Field<'_>,
    file: &str,
) -> Result<std::result::Result<(String, assets::Clean), String>> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        // What is too long is read to its end and not kept: the next one may fit.
        if bytes.len() <= MOST_BYTES {
            bytes.extend_from_slice(&piece);
        }
    }
    if bytes.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Ok(Err(format!(
            "a picture has at most {most} MiB; make it smaller, respondents wait for it"
        )));
    }
    let looked = spawn_blocking(move || clean(&bytes)).await;
    let looked = looked.map_err(web::Error::broken)?;
    Ok(looked
        .map(|clean| (name_of(file, clean.form), clean))
        .map_err(|fault| fault.to_string()))
}

pub(super) async fn remove(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let name = fields.get("name").unwrap_or_default();
    let author = Author::of(&member.viewer);
    match actions::remove(&surveys, &author, &survey, name).await {
        Ok(()) => Ok(Done::to(format!("/surveys/{survey}/assets"))
            .saying(format!("{name} is removed"))
            .into_response()),
        Err(error) => {
            let faults = Faults::of("all", fault(error)?);
            Ok(Again(page(&surveys, &member, &survey, faults).await?).into_response())
        }
    }
}
