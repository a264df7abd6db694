//! Records on their way out as a file that proves itself, piece by piece.

use bytes::Bytes;

use super::file::{Export, Format};
use super::filter::{self, Filter, Scope};
use super::sql;
use crate::base::Time;
use crate::journal;
use crate::site::Site;
use crate::store::Error;
use crate::web::{Fields, WorkspaceId};

/// Records that are read at a time: no connection is held while they travel.
const AT_ONCE: u32 = 500;

/// An export under way.
pub struct Leaving {
    site: Site,
    scope: Scope,
    filter: Filter,
    export: Export,
    /// The first row, until it has left.
    first: Option<String>,
    after: i64,
    is_done: bool,
}

/// The records of a period as NDJSON: of one workspace, or of the instance.
pub async fn extract(
    site: &Site,
    workspace: Option<WorkspaceId>,
    (from, to): (Time, Time),
) -> Result<Leaving, Error> {
    let scope = workspace.map_or(Scope::Instance, Scope::Workspace);
    let filter = Filter {
        from: Some(from),
        to: Some(to),
        ..Filter::default()
    };
    let words = Fields::default()
        .with("from", Some(&from.rfc3339()))
        .with("to", Some(&to.rfc3339()));
    let words = filter::query(&words);
    Leaving::begin(site.clone(), Format::Ndjson, (scope, filter), &words).await
}

impl Leaving {
    /// What happened until now is in the file, too, and signed.
    pub(super) async fn begin(
        site: Site,
        format: Format,
        (scope, filter): (Scope, Filter),
        words: &str,
    ) -> Result<Leaving, Error> {
        site.checkpoint().await?;
        let now = site.clock.now();
        let (export, first) = Export::begin(format, site.signer(), words, now.0);
        Ok(Leaving {
            site,
            scope,
            filter,
            export,
            first: Some(first),
            after: 0,
            is_done: false,
        })
    }

    /// The next piece of the file; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
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
