//! What each workspace may use, and what it does use.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::base::Bound;
use crate::base::text::thousands;
use crate::operate::model::{NewLimits, Place};
use crate::operate::{actions, sql};
use crate::site::Site;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell, Viewer, WorkspaceId};

#[derive(Template)]
#[template(path = "operate/limits.html")]
pub(super) struct LimitsPage {
    shell: Shell,
    places: Vec<Line>,
}

/// A workspace with its figures, ready to be read.
struct Line {
    place: Place,
    used: String,
    storage: String,
    percent: u64,
    is_own: bool,
}

pub(super) async fn list(State(site): State<Site>, viewer: Viewer) -> Result<Page<LimitsPage>> {
    let places = site.system.read(sql::workspaces).await?;
    let usual = site.files.usual_limits();
    let mut lines = Vec::new();
    for place in places {
        let id = place.id.to_string();
        let (used, limits) = (site.files.used(&id)?, site.files.limits(&id));
        lines.push(Line {
            place,
            used: thousands(used >> 20),
            storage: thousands(limits.get(Bound::Storage)),
            percent: used.saturating_mul(100) / limits.storage().max(1),
            is_own: limits != usual,
        });
    }
    Ok(Page(LimitsPage {
        shell: Shell::of(&viewer, "security"),
        places: lines,
    }))
}

#[derive(Template)]
#[template(path = "operate/limit.html")]
pub(super) struct LimitPage {
    shell: Shell,
    place: Place,
    used: String,
    fields: Vec<Field>,
}

struct Field {
    bound: Bound,
    value: String,
    help: String,
    fault: String,
}

async fn page(
    site: &Site,
    viewer: &Viewer,
    id: WorkspaceId,
    typed: Option<(&Fields, Faults)>,
) -> Result<LimitPage> {
    let find = move |conn: &crate::store::Connection| {
        Ok::<_, crate::store::Error>((sql::workspace(conn, id)?, sql::limits(conn, id)?))
    };
    let (place, set) = site.system.read(find).await?;
    let usual = site.files.usual_limits();
    let fields = Bound::ALL.map(|bound| {
        let kept = set.iter().find(|(known, _)| *known == bound);
        let kept = kept.map(|(_, value)| value.to_string()).unwrap_or_default();
        let (least, most) = bound.range();
        let (usual, most) = (thousands(usual.get(bound)), thousands(most));
        Field {
            bound,
            value: match &typed {
                Some((fields, _)) => fields.get(bound.name()).unwrap_or_default().to_owned(),
                None => kept,
            },
            help: format!("From {least} to {most}; usually {usual}"),
            fault: match &typed {
                Some((_, faults)) => faults.at(bound.name()).unwrap_or_default().to_owned(),
                None => String::new(),
            },
        }
    });
    Ok(LimitPage {
        shell: Shell::of(viewer, "security"),
        used: thousands(site.files.used(&id.to_string())? >> 20),
        place,
        fields: fields.into(),
    })
}

fn workspace(id: &str) -> Result<WorkspaceId> {
    WorkspaceId::parse(id).ok_or(web::Error::NotFound)
}

pub(super) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<LimitPage>> {
    Ok(Page(page(&site, &viewer, workspace(&id)?, None).await?))
}

pub(super) async fn set(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let id = workspace(&id)?;
    match NewLimits::parse(&fields) {
        Ok(new) => {
            actions::set_limits(&site, viewer.actor(), id, new).await?;
            Ok(Done::to("/security/limits")
                .saying("Limits saved")
                .into_response())
        }
        Err(faults) => {
            let page = page(&site, &viewer, id, Some((&fields, faults))).await?;
            Ok(Again(page).into_response())
        }
    }
}
