//! A batch over HTTPS: where no socket gets through, and when the page goes.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::from_here;
use crate::surveys::live::exchange::Live;
use crate::web::{Origin, Result};

pub(super) async fn take(
    State(live): State<Live>,
    Path(slug): Path<String>,
    origin: Origin,
    headers: HeaderMap,
    sent: String,
) -> Result<Response> {
    live.at(&slug).await?;
    from_here(&origin, &headers)?;
    let ack = live.post(&slug, &sent).await?;
    Ok(([(CONTENT_TYPE, "application/json")], ack).into_response())
}
