//! A database elsewhere: entered, changed, tried step by step, let go.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use crate::data::Data;
use crate::data::sources::form::{NewSource, filled};
use crate::data::sources::model::{Bounds, Error, Guard, Step};
use crate::data::sources::trial::{Powers, Taken};
use crate::data::sources::{ALL, Kind, Source, SourceId, actions, database, named, sql};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "sources/edit.html")]
struct EditPage {
    shell: Shell,
    /// Those that one signs in to.
    kinds: Vec<&'static dyn Kind>,
    /// The one that is entered by its address, if that is what the form is for.
    api: Option<&'static dyn Kind>,
    /// `None`: a new one.
    source: Option<Source>,
    fields: Fields,
    faults: Faults,
    /// What a trial just now gave, step by step.
    steps: Vec<Line>,
    powers: Option<Powers>,
    /// What makes an account that only reads, if this one may do more.
    mending: String,
    /// Saved queries that ask it.
    queries: Vec<String>,
}

/// A step of a trial.
struct Line {
    step: Step,
    went: &'static str,
    badge: &'static str,
    text: String,
}

impl EditPage {
    fn of(member: &Member, source: Option<Source>, fields: Fields) -> EditPage {
        let known = fields.get("kind").and_then(named);
        let servers = ALL.iter().copied().filter(|kind| !kind.is_described());
        EditPage {
            shell: Shell::of(&member.viewer, "data"),
            kinds: servers.collect(),
            api: known.filter(|kind| kind.is_described()),
            source,
            fields,
            faults: Faults::default(),
            steps: Vec::new(),
            powers: None,
            mending: String::new(),
            queries: Vec::new(),
        }
    }

    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }

    fn errors(&self) -> Vec<(&str, &str)> {
        self.faults.iter().collect()
    }

    fn address(&self) -> String {
        match &self.source {
            Some(source) => format!("/sources/{}", source.id),
            None => "/sources".to_owned(),
        }
    }

    /// What the page is called.
    fn title(&self) -> &str {
        match (&self.source, self.api) {
            (Some(source), _) => &source.name,
            (None, Some(_)) => "Connect an API",
            (None, None) => "Connect a database",
        }
    }

    /// Words under the field for what the header says.
    fn secret_help(&self) -> &'static str {
        match &self.source {
            Some(source) if source.sealed.is_some() => {
                "One is kept, sealed for this address and header; empty leaves it. Another address, header or way of securing forgets it."
            }
            _ => {
                "The whole of what it says, such as Bearer and the key. Kept sealed, never shown again."
            }
        }
    }

    /// Words under the field for the password.
    fn password_help(&self) -> &'static str {
        match &self.source {
            Some(source) if !source.lacks_password() => {
                "One is kept, sealed for this place; empty leaves it. Another host, port, database, user or way of securing forgets it."
            }
            _ => "Kept sealed, never shown again.",
        }
    }

    /// Words under the field for the password of the account that changes rows.
    fn writer_help(&self) -> &'static str {
        match &self.source {
            Some(source) if source.can_write() => {
                "One is kept, sealed for this place and account; empty leaves it."
            }
            _ => "Kept sealed, never shown again.",
        }
    }

    /// What makes an account that changes rows, for that kind and database.
    fn writing(&self) -> String {
        let source = self.source.as_ref();
        let made = source.and_then(|source| {
            let database = &source.settings.place.database;
            Some(source.kind().ok()?.writer(database))
        });
        made.unwrap_or_default()
    }

    /// What deleting it does, in the words of the question before.
    fn deleting(&self) -> String {
        let mut said =
            "Its passwords are forgotten. The database itself stays as it is.".to_owned();
        if !self.queries.is_empty() {
            let names = self.queries.join(", ");
            said = format!("{said} These queries ask it and cannot be run any more: {names}.");
        }
        said
    }
}

fn usual() -> Fields {
    let bounds = Bounds::default();
    Fields::default()
        .with("port", Some("5432"))
        .with("tls", Some(Guard::Verify.name()))
        .with("connections", Some(&bounds.connections.to_string()))
        .with("seconds", Some(&bounds.seconds.to_string()))
        .with("rows", Some(&bounds.rows.to_string()))
}

pub(super) async fn new(member: Member, RawQuery(query): RawQuery) -> Response {
    let asked = Fields::parse(query.as_deref().unwrap_or_default());
    let kind = asked.get("kind");
    let example = kind.and_then(named).map(Kind::example);
    let fields = usual().with("kind", kind).with("tables", example);
    Page(EditPage::of(&member, None, fields)).into_response()
}

async fn page(data: &Data, member: &Member, id: &str) -> Result<EditPage> {
    let source = database(&data.site, member.workspace, id).await?;
    let (workspace, which) = (source.workspace, source.id);
    let queries = data
        .site
        .system
        .read(move |conn| sql::queries(conn, workspace, which));
    let fields = filled(&source);
    Ok(EditPage {
        queries: queries.await?,
        ..EditPage::of(member, Some(source), fields)
    })
}

pub(super) async fn show(
    State(data): State<Data>,
    member: Member,
    Path(source): Path<String>,
) -> Result<Response> {
    Ok(Page(page(&data, &member, &source).await?).into_response())
}

pub(super) async fn add(
    State(data): State<Data>,
    member: Member,
    fields: Fields,
) -> Result<Response> {
    keep(&data, &member, (None, fields)).await
}

pub(super) async fn save(
    State(data): State<Data>,
    member: Member,
    Path(source): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let id = SourceId::parse(&source).ok_or(web::Error::NotFound)?;
    // Before the form is read: what belongs to others is not found, whatever was sent.
    database(&data.site, member.workspace, &source).await?;
    keep(&data, &member, (Some(id), fields)).await
}

async fn keep(
    data: &Data,
    member: &Member,
    (was, fields): (Option<SourceId>, Fields),
) -> Result<Response> {
    let faults = match NewSource::parse(&fields) {
        Err(faults) => faults,
        Ok(new) => {
            let name = new.name.clone();
            match actions::save(data, member, (was, new)).await {
                Ok((id, lacks_password)) => {
                    let said = if lacks_password {
                        format!("{name} is kept; enter its password, none was given for this place")
                    } else {
                        format!("{name} is kept; test it now")
                    };
                    let done = Done::to(format!("/sources/{id}")).saying(said);
                    return Ok(done.into_response());
                }
                Err(error @ Error::Exists(_)) => Faults::of("name", error.to_string()),
                Err(error) => return Err(error.into()),
            }
        }
    };
    // What was typed stays, except the password: that never goes back.
    let fields = fields.with("password", None).with("writer_password", None);
    let page = match was {
        Some(id) => page(data, member, &id.to_string()).await?,
        None => EditPage::of(member, None, fields.clone()),
    };
    let again = EditPage {
        fields,
        faults,
        ..page
    };
    Ok(Again(again).into_response())
}

pub(super) async fn test(
    State(data): State<Data>,
    member: Member,
    Path(source): Path<String>,
) -> Result<Response> {
    let page = page(&data, &member, &source).await?;
    let Some(source) = &page.source else {
        return Err(web::Error::NotFound);
    };
    let (taken, powers) = actions::test(&data, &member, source).await?;
    let is_too_mighty = powers
        .as_ref()
        .is_some_and(|powers| !powers.too_many.is_empty());
    let mending = if is_too_mighty {
        source.kind()?.reader(&source.settings.place.database)
    } else {
        String::new()
    };
    let steps = taken.into_iter().map(line).collect();
    Ok(Page(EditPage {
        steps,
        powers,
        mending,
        ..page
    })
    .into_response())
}

fn line(taken: Taken) -> Line {
    let step = taken.step;
    match taken.went {
        Ok(text) => Line {
            step,
            went: "fine",
            badge: "good",
            text,
        },
        Err(why) => Line {
            step,
            went: "failed",
            badge: "bad",
            text: format!("{why}. {}", step.advice()),
        },
    }
}

pub(super) async fn delete(
    State(data): State<Data>,
    member: Member,
    Path(source): Path<String>,
) -> Result<Done> {
    let id = SourceId::parse(&source).ok_or(web::Error::NotFound)?;
    let name = actions::delete(&data, &member, id).await?;
    Ok(Done::to("/sources").saying(format!("{name} is disconnected")))
}
