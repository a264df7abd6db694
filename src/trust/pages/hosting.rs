//! Facts about where this runs: listed, added, changed.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::site::Site;
use crate::trust::hosting::{FactId, Hosting, Kind, Shown, Typed, shown};
use crate::trust::{actions, sql};
use crate::web::{Again, Done, Error, Faults, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "trust/hosting.html")]
pub(super) struct HostingPage {
    shell: Shell,
    facts: Vec<Shown>,
    typed: Typed,
    faults: Faults,
}

async fn page(site: &Site, viewer: &Viewer, typed: (Typed, Faults)) -> Result<HostingPage> {
    let (typed, faults) = typed;
    Ok(HostingPage {
        shell: Shell::of(viewer, "security"),
        facts: shown(site.system.read(sql::hosting).await?, site.clock.now()),
        typed,
        faults,
    })
}

pub(super) async fn list(State(site): State<Site>, viewer: Viewer) -> Result<Page<HostingPage>> {
    let typed = Typed {
        kind: Kind::Certificate.name().to_owned(),
        ..Typed::default()
    };
    Ok(Page(
        page(&site, &viewer, (typed, Faults::default())).await?,
    ))
}

pub(super) async fn add(
    State(site): State<Site>,
    viewer: Viewer,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    match typed.parse() {
        Ok(new) => {
            let said = format!("{} is written down", new.name);
            actions::add_fact(&site, &viewer, new).await?;
            Ok(Done::to("/security/hosting").saying(said).into_response())
        }
        Err(faults) => {
            let again = page(&site, &viewer, (typed, faults)).await?;
            Ok(Again(again).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "trust/fact.html")]
pub(super) struct FactPage {
    shell: Shell,
    fact: Hosting,
    typed: Typed,
    faults: Faults,
}

async fn find(site: &Site, id: &str) -> Result<(FactId, Hosting)> {
    let id = FactId::parse(id).ok_or(Error::NotFound)?;
    let fact = site.system.read(move |conn| sql::fact(conn, id)).await?;
    Ok((id, fact))
}

pub(super) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<FactPage>> {
    let (_, fact) = find(&site, &id).await?;
    Ok(Page(FactPage {
        shell: Shell::of(&viewer, "security"),
        typed: Typed::of(&fact),
        fact,
        faults: Faults::default(),
    }))
}

pub(super) async fn change(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (id, fact) = find(&site, &id).await?;
    match typed.parse() {
        Ok(new) => {
            let said = format!("{} is changed", new.name);
            actions::set_fact(&site, &viewer, (id, new)).await?;
            Ok(Done::to("/security/hosting").saying(said).into_response())
        }
        Err(faults) => Ok(Again(FactPage {
            shell: Shell::of(&viewer, "security"),
            fact,
            typed,
            faults,
        })
        .into_response()),
    }
}

pub(super) async fn delete(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let id = FactId::parse(&id).ok_or(Error::NotFound)?;
    let name = actions::drop_fact(&site, &viewer, id).await?;
    Ok(Done::to("/security/hosting").saying(format!("{name} is taken away")))
}
