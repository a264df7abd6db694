//! Links: open ones by supplier, ones for single respondents, and where they lead at the end.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::linking::{ExitsForm, LinkForm, end, wanted};
use super::{Author, Head, actions, fault, reading};
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::surveys::panels::{self, Supplier};
use crate::surveys::projects::invited;
use crate::surveys::projects::model::{Error, Link};
use crate::surveys::projects::sql::{self, Listed, Unheard};
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Origin, Page, Picture, Result, Shell, picture};
use crate::workspaces::Member;

/// Links a page shows.
const SHOWN: u32 = 200;
/// Postbacks that did not arrive which a page shows.
const UNHEARD: u32 = 50;

#[derive(Template)]
#[template(path = "surveys/links.html")]
pub(super) struct Links {
    shell: Shell,
    tab: &'static str,
    head: Head,
    all: Vec<Shown>,
    is_more: bool,
    suppliers: Vec<Listed>,
    /// The kinds of suppliers there are.
    kinds: &'static [&'static dyn Supplier],
    told: Told,
    entries: String,
    /// A link just made, with a picture of it: shown once.
    made: Option<(String, String, Option<Picture>)>,
    typed: LinkForm,
    faults: Faults,
}

/// What suppliers' servers were told.
#[derive(Default)]
struct Told {
    /// By link: how many wait, arrived, were given up.
    counts: BTreeMap<String, [u64; 3]>,
    unheard: Vec<Unheard>,
}

impl Told {
    fn has(&self, link: &str) -> bool {
        self.counts.contains_key(link)
    }

    fn of(&self, link: &str) -> [u64; 3] {
        self.counts.get(link).copied().unwrap_or_default()
    }

    fn given_up(&self) -> u64 {
        self.counts.values().map(|[_, _, failed]| failed).sum()
    }
}

/// A link as the list has it.
struct Shown {
    of: Link,
    /// The values that come with it.
    entry: String,
    /// Lines of outcome and address.
    exits: String,
    postbacks: String,
}

impl Shown {
    fn exits_id(&self) -> String {
        format!("exits-{}", self.of.id)
    }

    fn postbacks_id(&self) -> String {
        format!("postbacks-{}", self.of.id)
    }

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
            postbacks: joined(pairs(&link.postbacks), " ", "\n"),
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
            sql::suppliers(conn, workspace)?,
        ))
    });
    let (mut links, suppliers) = found.await?;
    let told = if history.project.version.is_some() {
        let told = reading::look(&surveys.site, (workspace, survey), |conn| {
            Ok(Told {
                counts: sql::postback_counts(conn)?,
                unheard: sql::unheard(conn, UNHEARD)?,
            })
        });
        told.await?
    } else {
        Told::default()
    };
    let is_more = links.len() > SHOWN as usize;
    links.truncate(SHOWN as usize);
    let entries = history.survey().map(|survey| {
        let values = survey.entries.iter().filter(|entry| !entry.is_return);
        let names = values.map(|entry| entry.name.clone());
        names.collect::<Vec<_>>().join(", ")
    });
    Ok(Links {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "links",
        head: Head::of(&history.project),
        all: links.into_iter().map(Shown::of).collect(),
        is_more,
        suppliers,
        kinds: panels::ALL,
        told,
        entries: entries.unwrap_or_default(),
        made: None,
        typed: LinkForm::default(),
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

pub(super) async fn make(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let made = match wanted(&form) {
        Ok(wanted) => {
            let made = actions::make_link(&surveys.site, &author, &survey, wanted).await;
            match made {
                Ok(made) => Ok(made),
                Err(error) => {
                    let is_supplier = matches!(error, Error::NoSupplier(_));
                    let field = if is_supplier { "supplier" } else { "list" };
                    Err(Faults::of(field, fault(error)?))
                }
            }
        }
        Err(faults) => Err(faults),
    };
    let page = page(&surveys, &member, &survey).await?;
    match made {
        Ok(made) => {
            let address = format!("{origin}{}", made.path);
            let shown = picture(&address);
            let made = Some((made.name, address, shown));
            Ok(Page(Links { made, ..page }).into_response())
        }
        Err(faults) => {
            let typed = form;
            let page = Links {
                typed,
                faults,
                ..page
            };
            Ok(Again(page).into_response())
        }
    }
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

pub(super) async fn exits(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, link)): Path<(String, String)>,
    Form(form): Form<ExitsForm>,
) -> Result<Response> {
    let fields = (&*format!("exits-{link}"), &*format!("postbacks-{link}"));
    match end(&form.exits, &form.postbacks, fields) {
        Ok(end) => {
            let author = Author::of(&member.viewer);
            actions::set_end(&surveys.site, &author, (&survey, &link), end).await?;
            Ok(Done::to(format!("/surveys/{survey}/links"))
                .saying("What happens at the end is saved")
                .into_response())
        }
        Err(amiss) => {
            let mut page = page(&surveys, &member, &survey).await?;
            // What was typed stays in its field.
            for shown in page.all.iter_mut().filter(|shown| shown.of.id == link) {
                shown.exits.clone_from(&form.exits);
                shown.postbacks.clone_from(&form.postbacks);
            }
            for (field, words) in amiss {
                page.faults.add(&field, words);
            }
            Ok(Again(page).into_response())
        }
    }
}

/// Tells suppliers once more what they did not hear.
pub(super) async fn tell_again(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Done> {
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let author = Author::of(&member.viewer);
    let again = actions::tell_again(&surveys, &author, &survey).await?;
    let words = format!("Postbacks that wait again: {again}");
    Ok(Done::to(format!("/surveys/{survey}/links")).saying(words))
}
