//! Inviting many people at once: the list, what is wrong with it, the links.

use std::collections::HashSet;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::people::actions::{self, MadeLink};
use crate::people::bulk::{self, List};
use crate::people::model::Error;
use crate::people::writing::{Occasion, by_mail};
use crate::people::{review, sql};
use crate::web::{self, Again, Fields, Origin, Page, Result, Shell, Viewer};

use super::People;

/// What a list may weigh.
const MOST: usize = 200 << 10;

#[derive(Template)]
#[template(path = "people/bulk.html")]
pub(super) struct BulkPage {
    shell: Shell,
    text: String,
    fault: Option<String>,
    list: Option<List>,
    links: Vec<MadeLink>,
    /// They are on their way by mail, too.
    mailed: bool,
    origin: String,
}

impl BulkPage {
    fn of(viewer: &Viewer, text: String) -> BulkPage {
        BulkPage {
            shell: Shell::of(viewer, "members"),
            text,
            fault: None,
            list: None,
            links: Vec::new(),
            mailed: false,
            origin: String::new(),
        }
    }
}

pub(super) async fn page(viewer: Viewer) -> Page<BulkPage> {
    Page(BulkPage::of(&viewer, String::new()))
}

/// The list as a file or as text; a file that was chosen counts.
pub(super) async fn preview(
    State(people): State<People>,
    viewer: Viewer,
    mut body: Multipart,
) -> Result<Response> {
    let broken = |_| web::Error::Invalid("the list did not arrive whole; send it again".to_owned());
    let mut text = String::new();
    while let Some(field) = body.next_field().await.map_err(broken)? {
        let is_file = field.name() == Some("file");
        let bytes = field.bytes().await.map_err(broken)?;
        if !bytes.is_empty() && (is_file || text.is_empty()) {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    looked_at(&people, &viewer, text, None).await
}

async fn looked_at(
    people: &People,
    viewer: &Viewer,
    text: String,
    fault: Option<String>,
) -> Result<Response> {
    let mut page = BulkPage::of(viewer, text);
    match read(people, viewer, &page.text).await? {
        Ok(list) => page.list = Some(list),
        Err(wrong) => page.fault = Some(wrong),
    }
    page.fault = fault.or(page.fault);
    if page.fault.is_some() {
        return Ok(Again(page).into_response());
    }
    Ok(Page(page).into_response())
}

async fn read(people: &People, viewer: &Viewer, text: &str) -> Result<Result<List, String>> {
    if text.len() > MOST {
        return Ok(Err("this list is too long; send a part of it".to_owned()));
    }
    let workspace = viewer.person.workspace;
    let members = people
        .site
        .system
        .read(move |conn| sql::members(conn, workspace))
        .await?;
    let here: HashSet<String> = members.into_iter().map(|member| member.email).collect();
    Ok(bulk::read(text, &here))
}

pub(super) async fn invite(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    fields: Fields,
) -> Result<Response> {
    let text = fields.get("text").unwrap_or_default().to_owned();
    let list = match read(&people, &viewer, &text).await? {
        Ok(list) if !list.fine.is_empty() => list,
        _ => return looked_at(&people, &viewer, text, None).await,
    };
    let links = match actions::invite(&people, &viewer, list.fine).await {
        Ok(links) => links,
        Err(Error::EmailTaken) => {
            let said = "somebody on this list was invited a moment ago; nobody else was yet";
            return looked_at(&people, &viewer, text, Some(said.to_owned())).await;
        }
        Err(error) => return Err(error.into()),
    };
    let how = (&*origin, Occasion::Invited);
    let mailed = by_mail(&people, &viewer, &links, how).await;
    if fields.get("as") == Some("csv") {
        return Ok(file(&links, &origin));
    }
    let page = BulkPage::of(&viewer, String::new());
    Ok(Page(BulkPage {
        links,
        mailed,
        origin,
        ..page
    })
    .into_response())
}

fn file(links: &[MadeLink], origin: &str) -> Response {
    let mut out = review::line(["email", "link"]);
    for link in links {
        out.push_str(&review::line([
            &*link.email,
            &format!("{origin}{}", link.path),
        ]));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"invitations.csv\"",
        ),
    ];
    (headers, out).into_response()
}
