//! The records a filter finds, as a file that proves itself.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::audit::actions;
use crate::audit::file::Format;
use crate::audit::filter::{self, Filter, Scope};
use crate::audit::leaving::Leaving;
use crate::site::Site;
use crate::web::{Error, Fields, Result, Viewer};

pub(super) async fn workspace(
    State(site): State<Site>,
    viewer: Viewer,
    Path(format): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response> {
    let scope = Scope::Workspace(viewer.person.workspace);
    export(site, &viewer, (scope, &format), asked).await
}

pub(super) async fn instance(
    State(site): State<Site>,
    viewer: Viewer,
    Path(format): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response> {
    export(site, &viewer, (Scope::Instance, &format), asked).await
}

async fn export(
    site: Site,
    viewer: &Viewer,
    (scope, format): (Scope, &str),
    asked: Option<String>,
) -> Result<Response> {
    let format = Format::named(format).ok_or(Error::NotFound)?;
    let fields = asked.map(|asked| Fields::parse(&asked)).unwrap_or_default();
    let (filter, faults) = Filter::parse(&fields);
    if let Some((_, fault)) = faults.iter().next() {
        return Err(Error::Invalid(fault.to_owned()));
    }
    let words = filter::query(&fields);
    actions::exported(&site, viewer.actor(), (format.name(), words.clone())).await?;
    let now = site.clock.now();
    let leaving = Leaving::begin(site, format, (scope, filter), &words).await?;
    let pieces = stream::unfold(leaving, async |mut leaving| {
        let piece = leaving.next().await.transpose()?;
        Some((piece, leaving))
    });
    let day = &now.rfc3339()[..10];
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"audit-{day}.{name}\""),
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
