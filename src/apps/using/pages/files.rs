//! Parts of a report fetched later, choices that are searched, and reports as files.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{Seat, entered, fields};
use crate::apps::Apps;
use crate::apps::render::{self, ListingOf, Step};
use crate::apps::using::actions::{Leaving, exported};
use crate::base::text::slug;
use crate::data::writers::{self, Csv, Xlsx};
use crate::web::{Error, Result};
use crate::workspaces::Member;

/// Bytes of a file that travel together.
const PIECE: usize = 64 << 10;

type Piece = std::result::Result<Bytes, Error>;

pub(super) async fn part(
    State(apps): State<Apps>,
    member: Member,
    Path((app, page, widget, part)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>> {
    let (published, Seat { member, .. }) = entered(&apps, member, &app).await?;
    if let Some(field) = part.strip_prefix("choices.") {
        let of = (&published.app, page.as_str(), widget.as_str());
        let found = render::search(&apps, &member, of, (field, &fields(query))).await?;
        return Ok(Html(found));
    }
    let of = ListingOf::find(&published.app, &page, &widget).ok_or(Error::NotFound)?;
    Ok(Html(
        render::part(&apps, &member, &of, &fields(query), &part).await?,
    ))
}

pub(super) async fn export(
    State(apps): State<Apps>,
    member: Member,
    Path((app, page, widget, format)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let (published, seat) = entered(&apps, member, &app).await?;
    let of = ListingOf::find(&published.app, &page, &widget).ok_or(Error::NotFound)?;
    if !of.listing.files.contains(&format.as_str()) {
        return Err(Error::NotFound);
    }
    let title = of.listing.title.unwrap_or(&of.page.title).to_owned();
    let export = render::export(&apps, &seat.member, &of, &fields(query)).await?;
    let folder = apps
        .site()
        .files
        .staging(&seat.member.workspace.to_string())?;
    let leaving = Leaving {
        published: Arc::clone(&published),
        query: of.listing.query.to_owned(),
        format: format.clone(),
        now: apps.site().clock.now(),
    };
    exported(seat.actor(), leaving).await?;
    let member = seat.member;
    let (pieces, mut waiting) = mpsc::channel::<Piece>(4);
    let is_csv = format == "csv";
    let sheet = (title.clone(), folder);
    tokio::spawn(async move {
        let done = if is_csv {
            export.run(&member, csv(pieces.clone())).await
        } else {
            Box::pin(export.run(&member, xlsx(sheet, pieces.clone()))).await
        };
        if let Err(error) = done {
            // The file ends broken off, so that nobody takes it for whole.
            let _ = pieces.send(Err(error.into())).await;
        }
    });
    // What goes wrong before the first byte is still a page that says so.
    let first = waiting.recv().await.ok_or(Error::Busy)??;
    let rest = stream::unfold(waiting, async |mut waiting| {
        let piece = waiting.recv().await?;
        Some((piece.map_err(std::io::Error::other), waiting))
    });
    let first = stream::iter([Ok::<_, std::io::Error>(first)]);
    let body = Body::from_stream(futures_util::StreamExt::chain(first, rest));
    let name = slug(&title);
    let name = if name.is_empty() {
        of.widget.id.clone()
    } else {
        name
    };
    Ok(file(&name, &format, body))
}

fn file(name: &str, format: &str, body: Body) -> Response {
    let kind = if format == "csv" {
        "text/csv; charset=utf-8"
    } else {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{format}\""),
        ),
    ];
    (headers, body).into_response()
}

/// Writes the rows as they come; a piece is sent when it is full.
fn csv(pieces: mpsc::Sender<Piece>) -> impl FnMut(Step<'_>) -> ControlFlow<()> {
    let mut buffer = Vec::with_capacity(PIECE * 2);
    move |step| {
        let is_end = matches!(step, Step::End);
        match step {
            Step::Heading(columns) => {
                let names = columns.iter().map(|column| column.name.as_str());
                Csv::default().heading(names, &mut buffer);
            }
            Step::Row(cells) => Csv::default().row(cells.iter().copied(), &mut buffer),
            Step::End => {}
        }
        if buffer.len() < PIECE && !is_end {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut buffer, Vec::with_capacity(PIECE * 2));
        send(&pieces, Ok(Bytes::from(full)))
    }
}

/// Fills a workbook and sends it when it is whole.
fn xlsx(
    (title, folder): (String, PathBuf),
    pieces: mpsc::Sender<Piece>,
) -> impl FnMut(Step<'_>) -> ControlFlow<()> {
    let mut book: Option<Xlsx> = None;
    move |step| {
        let done = match step {
            Step::Heading(columns) => {
                Xlsx::new(&title, columns, &folder).map(|new| book = Some(new))
            }
            Step::Row(cells) => match &mut book {
                Some(book) => book.row(cells.iter().copied()),
                None => Ok(()),
            },
            Step::End => book.take().map_or(Ok(()), |book| {
                let mut file = book.finish()?;
                loop {
                    let mut piece = Vec::with_capacity(PIECE);
                    (&mut file).take(PIECE as u64).read_to_end(&mut piece)?;
                    if piece.is_empty() || send(&pieces, Ok(piece.into())).is_break() {
                        return Ok(());
                    }
                }
            }),
        };
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(error @ (writers::Error::TooManyRows | writers::Error::TooManyColumns)) => {
                send(&pieces, Err(Error::Invalid(error.to_string())))?;
                ControlFlow::Break(())
            }
            Err(error) => {
                send(&pieces, Err(Error::broken(error)))?;
                ControlFlow::Break(())
            }
        }
    }
}

/// Breaks off when nobody waits for the file any more.
fn send(pieces: &mpsc::Sender<Piece>, piece: Piece) -> ControlFlow<()> {
    match pieces.blocking_send(piece) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
