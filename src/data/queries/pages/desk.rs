//! The desk where one query is written and kept.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as JsonValue, json};

use super::run::{Outcome, ResultPart};
use crate::data::queries::model::{Draft, Error, Param};
use crate::data::queries::{actions, sql};
use crate::data::{ColumnType, Data};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "queries/desk.html")]
pub(super) struct DeskPage {
    shell: Shell,
    draft: Draft,
    params: ParamsPart,
    faults: Faults,
    result: Option<ResultPart>,
}

#[derive(Template)]
#[template(path = "queries/params.html")]
pub(super) struct ParamsPart {
    params: Vec<Param>,
}

impl DeskPage {
    pub(super) fn of(member: &Member, draft: Draft, result: Option<ResultPart>) -> DeskPage {
        DeskPage {
            shell: Shell::of(&member.viewer, "queries"),
            params: ParamsPart {
                params: draft.params.clone(),
            },
            draft,
            faults: Faults::default(),
            result,
        }
    }
}

/// An empty desk, or one with all rows of a table on it.
pub(super) async fn new(
    State(data): State<Data>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Page<DeskPage>> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let asked = fields.get("table").and_then(|name| catalog.table(name));
    let table = asked.or(catalog.tables.first());
    let draft = Draft {
        sql: table
            .map(|table| format!("select *\nfrom {}\nlimit 100", table.name))
            .unwrap_or_default(),
        ..Draft::default()
    };
    Ok(Page(DeskPage::of(&member, draft, None)))
}

pub(super) async fn show(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Page<DeskPage>> {
    let workspace = member.workspace;
    let found = data
        .site
        .system
        .read(move |conn| sql::find(conn, workspace, &name))
        .await?;
    let query = found.ok_or(web::Error::NotFound)?;
    Ok(Page(DeskPage::of(&member, query.into(), None)))
}

/// The lines for the parameters of the statement as it stands now.
pub(super) async fn params(_: Member, fields: Fields) -> Page<ParamsPart> {
    Page(ParamsPart {
        params: Draft::of(&fields).params,
    })
}

/// What completion knows.
pub(super) async fn schema(State(data): State<Data>, member: Member) -> Result<Json<JsonValue>> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let tables = catalog.tables.iter().map(|table| {
        let columns = table.columns.iter();
        let columns: Vec<_> = columns
            .map(|column| json!({ "name": column.name, "type": column.kind.name() }))
            .collect();
        json!({ "name": table.name, "columns": columns })
    });
    Ok(Json(json!({
        "dialect": "sqlite",
        "tables": tables.collect::<Vec<_>>(),
        "params": [],
        "words": [],
    })))
}

pub(super) async fn save(
    State(data): State<Data>,
    member: Member,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let is_part = headers.contains_key("hx-request");
    let mut draft = Draft::of(&fields);
    let faults = match draft.check() {
        Err(faults) => faults,
        Ok(()) => match actions::save(&data, &member, draft.clone()).await {
            Ok(()) => {
                let to = format!("/queries/{}", draft.name);
                return Ok(saved(&to, &draft.name, is_part));
            }
            Err(error @ Error::Exists(_)) => Faults::of("name", error.to_string()),
            // The part brings the newer time along, so that saving again replaces it.
            Err(ref error @ Error::Changed(_, at)) => {
                draft.seen = at.0;
                Faults::of("sql", error.to_string())
            }
            Err(error) => return Err(error.into()),
        },
    };
    if is_part {
        let part = ResultPart::of(Outcome::Unsaved(faults), &draft);
        return Ok(Again(part).into_response());
    }
    let page = DeskPage::of(&member, draft, None);
    Ok(Again(DeskPage { faults, ..page }).into_response())
}

fn saved(to: &str, name: &str, is_part: bool) -> Response {
    let mut response = Done::to(to).saying(format!("{name} saved")).into_response();
    if is_part {
        // A part cannot be redirected, only the page around it.
        *response.status_mut() = axum::http::StatusCode::NO_CONTENT;
        if let Some(to) = response.headers_mut().remove(axum::http::header::LOCATION) {
            let redirect = HeaderName::from_static("hx-redirect");
            response.headers_mut().insert(redirect, to);
        }
    }
    response
}

pub(super) async fn delete(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Done> {
    let said = format!("{name} is deleted");
    actions::delete(&data, &member, name).await?;
    Ok(Done::to("/queries").saying(said))
}
