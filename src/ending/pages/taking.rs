//! A link to an archive: it is shown what it opens, and opens it once.

use std::fs::File;
use std::io::{self, Read};

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Extensions, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::Endings;
use crate::ending::actions;
use crate::ending::returns::{self, Return};
use crate::ending::sql;
use crate::journal::{Actor, hex, sha256};
use crate::web::{self, Page, Result, seen};

/// Bytes that are read and sent together.
const PIECE: usize = 256 << 10;

#[derive(Template)]
#[template(path = "ending/take.html")]
pub(super) struct TakePage {
    assets: &'static str,
    here: String,
    one: Return,
    digest: String,
}

pub(super) async fn show(
    State(endings): State<Endings>,
    Path(link): Path<String>,
) -> Result<Page<TakePage>> {
    let (hash, now) = (sha256(link.as_bytes()), endings.site().clock.now());
    let one = endings
        .site()
        .system
        .read(move |conn| sql::by_link(conn, &hash, now))
        .await?;
    Ok(Page(TakePage {
        assets: web::assets_prefix(),
        here: format!("/take/{link}"),
        digest: one.digest.as_deref().map(hex).unwrap_or_default(),
        one,
    }))
}

pub(super) async fn take(
    State(endings): State<Endings>,
    extensions: Extensions,
    Path(link): Path<String>,
) -> Result<Response> {
    let seen = seen(&extensions);
    let one = actions::take(endings.site(), Actor::stranger(&seen), &link).await?;
    let path = returns::path(endings.site(), one.workspace, one.id);
    let file = spawn_blocking(move || File::open(path)).await;
    let file = file.map_err(|_panicked| web::Error::Busy)??;
    let day = one.asked.rfc3339();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, one.bytes.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"onsight-{}.zip.age\"", &day[..10]),
        ),
    ];
    let pieces = futures_util::stream::unfold(Some(file), next);
    Ok((headers, Body::from_stream(pieces)).into_response())
}

async fn next(file: Option<File>) -> Option<(io::Result<Bytes>, Option<File>)> {
    let mut file = file?;
    let read = spawn_blocking(move || {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece)?;
        piece.truncate(read);
        Ok::<_, io::Error>((piece, file))
    });
    match read.await {
        Ok(Ok((piece, _))) if piece.is_empty() => None,
        Ok(Ok((piece, file))) => Some((Ok(piece.into()), Some(file))),
        Ok(Err(error)) => Some((Err(error), None)),
        Err(_panicked) => Some((Err(io::Error::other("the file could not be read")), None)),
    }
}
