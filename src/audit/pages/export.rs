//! The records a filter finds, as a file that proves itself.

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::audit::file::{Export, Format};
use crate::audit::filter::{self, Filter, Scope};
use crate::audit::{actions, sql};
use crate::journal;
use crate::site::Site;
use crate::store;
use crate::web::{Error, Fields, Result, Viewer};

/// Records that are read at a time: no connection is held while they travel.
const AT_ONCE: u32 = 500;

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

/// An export under way.
struct Leaving {
    site: Site,
    scope: Scope,
    filter: Filter,
    export: Export,
    /// The first row, until it has left.
    first: Option<String>,
    after: i64,
    is_done: bool,
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
    // What just happened is in the file, too, and signed.
    site.checkpoint().await?;
    let now = site.clock.now();
    let (export, first) = Export::begin(format, site.signer(), &words, now.0);
    let leaving = Leaving {
        site,
        scope,
        filter,
        export,
        first: Some(first),
        after: 0,
        is_done: false,
    };
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

impl Leaving {
    /// The next piece of the file; `None` after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, store::Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first.into()));
        }
        if self.is_done {
            return Ok(None);
        }
        let (scope, filter, after) = (self.scope, self.filter.clone(), self.after);
        let found = self
            .site
            .system
            .read(move |conn| sql::newer(conn, (scope, &filter), after, AT_ONCE))
            .await?;
        let mut text = String::new();
        for found in &found {
            text.push_str(&self.export.record(&found.link, &found.before));
            self.after = found.link.seq;
        }
        if u32::try_from(found.len()).is_ok_and(|count| count < AT_ONCE) {
            self.is_done = true;
            let data = self.site.config.data.clone();
            let checkpoints = self
                .site
                .system
                .read(move |conn| journal::checkpoints(conn, &data))
                .await?;
            text.push_str(&self.export.end(self.site.signer(), &checkpoints));
        }
        Ok(Some(text.into()))
    }
}
