//! Where points go: how each destination does, a test of it, another one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::backup::actions::{NewDestination, Step};
use crate::backup::model::{DestinationId, Error};
use crate::backup::{Standing, actions, places};
use crate::base::Secret;
use crate::site::Site;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "backup/destinations.html")]
pub(super) struct Destinations {
    shell: Shell,
    all: Standing,
    kinds: Vec<(&'static str, &'static str)>,
    typed_name: String,
    address: String,
    pin: String,
    is_required: bool,
    faults: Faults,
    /// The one that was tested just now, and its steps.
    tested: Option<(String, Vec<Step>)>,
}

impl Destinations {
    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }

    /// How many points it holds.
    fn count(&self, name: &str) -> usize {
        let points = self.all.points.iter();
        points
            .filter(|point| point.copies.iter().any(|copy| copy == name))
            .count()
    }
}

async fn page(
    site: &Site,
    viewer: &Viewer,
    typed: Option<(&Fields, Faults)>,
) -> Result<Destinations> {
    let all = actions::standing(site).await?;
    let (fields, faults) = match typed {
        Some((fields, faults)) => (Some(fields), faults),
        None => (None, Faults::default()),
    };
    let said = |name: &str| {
        fields
            .and_then(|fields| fields.get(name))
            .unwrap_or_default()
            .to_owned()
    };
    Ok(Destinations {
        shell: Shell::of(viewer, "backup"),
        kinds: places::ALL
            .iter()
            .map(|kind| (kind.title(), kind.example()))
            .collect(),
        typed_name: said("name"),
        address: said("address"),
        pin: said("pin"),
        is_required: fields.is_none_or(|fields| fields.get("required").is_some()),
        all,
        faults,
        tested: None,
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<Destinations>> {
    Ok(Page(page(&site, &viewer, None).await?))
}

pub(super) async fn add(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let typed = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let secret = typed("secret");
    let new = NewDestination {
        name: typed("name"),
        address: typed("address"),
        secret: (!secret.is_empty()).then(|| Secret::from(secret)),
        pin: typed("pin"),
        is_required: fields.get("required").is_some(),
    };
    let mut faults = Faults::default();
    if new.name.is_empty() {
        faults.add("name", "give it a name, such as NAS in the cellar");
    }
    if places::of_address(&new.address).is_none() {
        faults.add("address", "write an address like one of the examples");
    }
    if faults.is_empty() {
        match actions::add_destination(&site, viewer.actor(), new).await {
            Ok(_) => {
                let said = "It answers and is this instance’s own now";
                return Ok(Done::to("/backup/destinations")
                    .saying(said)
                    .into_response());
            }
            Err(Error::Taken(why)) => faults.add("name", why),
            Err(error @ (Error::Store(_) | Error::Io(_))) => return Err(error.into()),
            Err(error) => faults.add("address", error.to_string()),
        }
    }
    // What was typed stays, but not the secret: it is typed once more.
    Ok(Again(page(&site, &viewer, Some((&fields, faults))).await?).into_response())
}

fn id(text: &str) -> Result<DestinationId> {
    DestinationId::parse(text).ok_or(web::Error::NotFound)
}

pub(super) async fn test(
    State(site): State<Site>,
    viewer: Viewer,
    Path(destination): Path<String>,
) -> Result<Page<Destinations>> {
    let id = id(&destination)?;
    let steps = actions::check(&site, viewer.actor(), id).await?;
    let page = page(&site, &viewer, None).await?;
    let name = { page.all.destinations.iter() }
        .find(|one| one.id == id)
        .map(|one| one.name.clone())
        .unwrap_or_default();
    Ok(Page(Destinations {
        tested: Some((name, steps)),
        ..page
    }))
}

pub(super) async fn remove(
    State(site): State<Site>,
    viewer: Viewer,
    Path(destination): Path<String>,
    fields: Fields,
) -> Result<Done> {
    let anyway = fields.get("anyway").is_some();
    actions::remove_destination(&site, viewer.actor(), (id(&destination)?, anyway)).await?;
    Ok(Done::to("/backup/destinations").saying("Removed, and what lay there is in the ledger"))
}
