//! The records a filter finds, newest first.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};

use crate::audit::filter::{self, Filter, Scope};
use crate::audit::sql::{self, Found};
use crate::journal::Outcome;
use crate::site::Site;
use crate::web::{Again, Faults, Fields, Page, Result, Shell, Viewer};

/// Records on a page.
const LINES: u32 = 100;

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    shell: Shell,
    scope: Scope,
    fields: Fields,
    faults: Faults,
    found: Vec<Found>,
    /// How many fields of the filter say something.
    count: usize,
    /// The filter as an address carries it.
    query: String,
    /// Name and filter.
    views: Vec<(String, String)>,
    is_first: bool,
    /// The address of the page of older records.
    older: String,
    results: [Outcome; 3],
}

impl ListPage {
    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }

    fn tab(&self) -> &'static str {
        match self.scope {
            Scope::Instance => "instance",
            Scope::Workspace(_) => "workspace",
        }
    }

    fn is_instance(&self) -> bool {
        self.scope == Scope::Instance
    }
}

pub(super) async fn workspace(
    State(site): State<Site>,
    viewer: Viewer,
    RawQuery(asked): RawQuery,
) -> Result<Response> {
    let scope = Scope::Workspace(viewer.person.workspace);
    list(&site, &viewer, scope, asked).await
}

pub(super) async fn instance(
    State(site): State<Site>,
    viewer: Viewer,
    RawQuery(asked): RawQuery,
) -> Result<Response> {
    list(&site, &viewer, Scope::Instance, asked).await
}

async fn list(
    site: &Site,
    viewer: &Viewer,
    scope: Scope,
    asked: Option<String>,
) -> Result<Response> {
    let fields = asked.map(|asked| Fields::parse(&asked)).unwrap_or_default();
    let (filter, faults) = Filter::parse(&fields);
    let before = fields.get("before").and_then(|before| before.parse().ok());
    let edge = before.unwrap_or(i64::MAX);
    let (wanted, person) = (filter.clone(), (viewer.person.workspace, viewer.person.id));
    let (found, views) = site
        .system
        .read(move |conn| {
            let found = sql::older(conn, (scope, &wanted), edge, LINES)?;
            Ok::<_, crate::store::Error>((found, sql::views(conn, person.0, person.1)?))
        })
        .await?;
    let query = filter::query(&fields);
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == LINES);
    let oldest = found.last().filter(|_| is_full).map(|found| found.link.seq);
    let page = ListPage {
        shell: Shell::of(viewer, "audit"),
        older: oldest.map_or_else(String::new, |seq| {
            let join = if query.is_empty() { "" } else { "&" };
            format!("{}?{query}{join}before={seq}", scope.home())
        }),
        scope,
        count: filter.count(),
        query,
        views,
        is_first: before.is_none(),
        results: Outcome::ALL,
        found,
        fields,
        faults,
    };
    Ok(if page.faults.is_empty() {
        Page(page).into_response()
    } else {
        Again(page).into_response()
    })
}
