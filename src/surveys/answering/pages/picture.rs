//! A picture of a page, for whoever is on their way through the survey.

use axum::extract::{Path, State};
use axum::response::Response;

use super::way::{known, place};
use crate::surveys::assets::{body, sent};
use crate::surveys::running::Surveys;
use crate::web::{Error, Result};

/// What the version of theirs shows, and nothing else that lies there.
pub(super) async fn show(
    State(surveys): State<Surveys>,
    Path((slug, token, hash)): Path<(String, String, String)>,
) -> Result<Response> {
    let (of, db) = place(&surveys, &slug, &token).await?;
    let respondent = known(&db, &token).await?;
    if respondent.outcome.is_some() {
        return Err(Error::NotFound);
    }
    let compiled = surveys.version(&of, respondent.version).await?;
    if !compiled.assets.has_hash(&hash) {
        return Err(Error::NotFound);
    }
    let found = db.read(move |conn| body(conn, &hash)).await?;
    found.map(sent).ok_or(Error::NotFound)
}
