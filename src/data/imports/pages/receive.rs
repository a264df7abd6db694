//! Sending a file.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{address, bringer};
use crate::data::imports::actions::{self, Receiving};
use crate::data::imports::model::{Error, Upload};
use crate::data::imports::run::Wish;
use crate::data::imports::{Imports, keep, sql};
use crate::store::Connection;
use crate::web::{Again, Done, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "imports/receive.html")]
pub(super) struct ReceivePage {
    shell: Shell,
    /// The table the rows are for.
    into: Option<String>,
    waiting: Vec<Upload>,
    errors: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    into: Option<String>,
}

async fn shown(imports: &Imports, member: &Member, into: Option<String>) -> Result<ReceivePage> {
    keep::sweep(imports, member.workspace, &member.db).await?;
    let workspace = member.workspace;
    let list = move |conn: &Connection| sql::list(conn, workspace);
    let waiting = imports.site().system.read(list).await?;
    let catalog = imports.data.catalog(workspace, &member.db).await?;
    Ok(ReceivePage {
        shell: Shell::of(&member.viewer, "data"),
        into: into.filter(|into| catalog.table(into).is_some()),
        waiting,
        errors: Vec::new(),
    })
}

pub(super) async fn page(
    State(imports): State<Imports>,
    member: Member,
    Query(wanted): Query<Wanted>,
) -> Result<Page<ReceivePage>> {
    Ok(Page(shown(&imports, &member, wanted.into).await?))
}

/// Takes the file in, piece by piece, and starts to look at it.
pub(super) async fn take(
    State(imports): State<Imports>,
    member: Member,
    headers: HeaderMap,
    body: Multipart,
) -> Result<Response> {
    let mut wanted = None;
    match received(&imports, &member, body, &mut wanted).await {
        Ok(upload) => {
            let to = address(upload.id);
            actions::look(&imports, upload, Wish::default()).await?;
            // The script that sends files follows `Location`; a plain form is redirected.
            Ok(if headers.contains_key("x-upload") {
                (StatusCode::CREATED, [(header::LOCATION, to)]).into_response()
            } else {
                Done::to(to).into_response()
            })
        }
        Err(error @ (Error::NoFile | Error::Broken)) => {
            let page = shown(&imports, &member, wanted).await?;
            let errors = vec![("file".to_owned(), error.to_string())];
            Ok(Again(ReceivePage { errors, ..page }).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn received(
    imports: &Imports,
    member: &Member,
    mut body: Multipart,
    wanted: &mut Option<String>,
) -> Result<Upload, Error> {
    while let Some(mut field) = body.next_field().await.map_err(|_broken| Error::Broken)? {
        if field.name() == Some("into") {
            let table = field.chunk().await.map_err(|_broken| Error::Broken)?;
            let table = table.map(|table| String::from_utf8_lossy(&table).into_owned());
            *wanted = table.filter(|table| !table.is_empty() && table.len() <= 60);
            continue;
        }
        let name = match (field.name(), field.file_name()) {
            (Some("file"), Some(name)) if !name.is_empty() => name.to_owned(),
            _ => continue,
        };
        let receiving = Receiving::begin(imports.site(), member.workspace)?;
        while let Some(piece) = field.chunk().await.map_err(|_broken| Error::Broken)? {
            if receiving.push(piece).await.is_err() {
                break;
            }
        }
        return receiving
            .finish(imports, &bringer(member), &name, wanted.clone())
            .await;
    }
    Err(Error::NoFile)
}
