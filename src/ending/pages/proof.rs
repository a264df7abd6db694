//! One ending: how far it is, and its certificate once it is over.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Endings;
use super::list::{ending, may_look};
use crate::ending::model::{Ending, EndingId, Error};
use crate::ending::sql::{self, Certified};
use crate::journal::hex;
use crate::store;
use crate::web::{self, Page, Result, Shell, Viewer, WorkspaceId};

#[derive(Template)]
#[template(path = "ending/ending.html")]
pub(super) struct EndingPage {
    shell: Shell,
    one: Ending,
    proof: Option<Proof>,
    /// The list it stands in.
    list: &'static str,
}

/// A certificate, as people read it.
struct Proof {
    went: Vec<(String, u64)>,
    method: Vec<String>,
    digest: String,
    signature: String,
    key: String,
    is_good: bool,
}

fn proof(certified: &Certified, public: &[u8]) -> Proof {
    let facts = certified.facts();
    let went = facts["went"].as_object().into_iter().flatten();
    let went = went.map(|(word, number)| (word.clone(), number.as_u64().unwrap_or_default()));
    let method = facts["method"].as_array().into_iter().flatten();
    Proof {
        went: went.collect(),
        method: method
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        digest: hex(&certified.digest),
        signature: hex(&certified.signature),
        key: hex(public),
        is_good: certified.fits(public),
    }
}

/// The ending and its certificate, if it is of that workspace.
async fn found(
    endings: &Endings,
    of: Option<WorkspaceId>,
    id: EndingId,
) -> Result<(Ending, Option<Certified>)> {
    let found = endings.site().system.read(move |conn| {
        let one = sql::one(conn, id)?;
        let certified = match sql::certificate(conn, id) {
            Err(store::Error::NotFound) => None,
            certified => Some(certified?),
        };
        Ok::<_, Error>((one, certified))
    });
    let (one, certified) = found.await?;
    if of.is_some_and(|workspace| workspace != one.workspace) {
        return Err(web::Error::NotFound);
    }
    Ok((one, certified))
}

pub(super) async fn show(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<EndingPage>> {
    may_look(&viewer)?;
    let (one, certified) = found(&endings, Some(viewer.person.workspace), ending(&id)?).await?;
    let public = endings.site().signer().public();
    Ok(Page(EndingPage {
        shell: Shell::of(&viewer, "deleting"),
        proof: certified.map(|certified| proof(&certified, &public)),
        one,
        list: "/deleting",
    }))
}

pub(super) async fn of_instance(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<EndingPage>> {
    let (one, certified) = found(&endings, None, ending(&id)?).await?;
    let public = endings.site().signer().public();
    Ok(Page(EndingPage {
        shell: Shell::of(&viewer, "deletion"),
        proof: certified.map(|certified| proof(&certified, &public)),
        // Running the server opens no workspace: what things are called is inside.
        one: Ending {
            object: String::new(),
            title: String::new(),
            ..one
        },
        list: "/deletion",
    }))
}

fn file(endings: &Endings, id: EndingId, certified: Option<Certified>) -> Result<Response> {
    let certified = certified.ok_or(web::Error::NotFound)?;
    let text = certified.to_json(&endings.site().signer().public());
    let text = serde_json::to_string_pretty(&text).map_err(web::Error::broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"deletion-{id}.json\""),
        ),
    ];
    Ok((headers, text).into_response())
}

pub(super) async fn json(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response> {
    may_look(&viewer)?;
    let id = ending(&id)?;
    let (_, certified) = found(&endings, Some(viewer.person.workspace), id).await?;
    file(&endings, id, certified)
}

pub(super) async fn json_of_instance(
    State(endings): State<Endings>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = ending(&id)?;
    let (_, certified) = found(&endings, None, id).await?;
    file(&endings, id, certified)
}
