//! A link to an archive, or to a delivery of a survey: it is shown what it opens, and opens
//! it once.

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
use crate::ending::returns;
use crate::ending::sql;
use crate::journal::{Actor, hex, sha256};
use crate::site::Site;
use crate::surveys::deliveries::{self, Delivered};
use crate::web::{self, Page, Result, seen};

/// Bytes that are read and sent together.
const PIECE: usize = 256 << 10;

#[derive(Template)]
#[template(path = "ending/take.html")]
pub(super) struct TakePage {
    assets: &'static str,
    here: String,
    /// The name of a delivery's file; empty: an archive of a workspace.
    file: String,
    bytes: u64,
    sealed: String,
    digest: String,
}

pub(super) async fn show(
    State(endings): State<Endings>,
    Path(link): Path<String>,
) -> Result<Page<TakePage>> {
    let (assets, here) = (web::assets_prefix(), format!("/take/{link}"));
    if let Some(one) = deliveries::found(endings.site(), &link).await? {
        let opens = one.opens();
        return Ok(Page(TakePage {
            assets,
            here,
            file: opens.file,
            bytes: opens.bytes,
            sealed: opens.sealed.to_owned(),
            digest: hex(&opens.digest),
        }));
    }
    let (hash, now) = (sha256(link.as_bytes()), endings.site().clock.now());
    let one = endings
        .site()
        .system
        .read(move |conn| sql::by_link(conn, &hash, now))
        .await?;
    Ok(Page(TakePage {
        assets,
        here,
        file: String::new(),
        bytes: one.bytes,
        digest: one.digest.as_deref().map(hex).unwrap_or_default(),
        sealed: one.sealed,
    }))
}

pub(super) async fn take(
    State(endings): State<Endings>,
    extensions: Extensions,
    Path(link): Path<String>,
) -> Result<Response> {
    let actor = Actor::stranger(&seen(&extensions));
    if let Some(one) = deliveries::take(endings.site(), actor.clone(), &link).await? {
        return delivered(endings.site(), one).await;
    }
    let one = actions::take(endings.site(), actor, &link).await?;
    let path = returns::path(endings.site(), one.workspace, one.id);
    let file = spawn_blocking(move || File::open(path)).await;
    let file = file.map_err(|_panicked| web::Error::Busy)??;
    let day = one.asked.rfc3339();
    let name = format!("onsight-{}.zip.age", &day[..10]);
    Ok(sent(&name, one.bytes, file))
}

async fn delivered(site: &Site, one: Delivered) -> Result<Response> {
    let (site, opens) = (site.clone(), one.opens());
    let file = spawn_blocking(move || deliveries::open(&site, &one)).await;
    let file = file.map_err(|_panicked| web::Error::Busy)??;
    Ok(sent(&opens.file, opens.bytes, file))
}

/// A whole file, read as it is sent.
fn sent(name: &str, bytes: u64, file: impl Read + Send + 'static) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    let pieces = futures_util::stream::unfold(Some(file), next);
    (headers, Body::from_stream(pieces)).into_response()
}

async fn next<F: Read + Send + 'static>(file: Option<F>) -> Option<(io::Result<Bytes>, Option<F>)> {
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
