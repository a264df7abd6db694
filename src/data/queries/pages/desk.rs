//! The desk where one query is written and kept.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as JsonValue, json};

use super::run::{Outcome, ResultPart};
use super::whither::{self, Whither, gone};
use crate::data::queries::model::{Draft, Error, Param};
use crate::data::queries::{actions, sql};
use crate::data::sources::{self, Source};
use crate::data::sql_text::Dialect;
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
    /// The databases elsewhere that can be asked.
    sources: Vec<Source>,
}

#[derive(Template)]
#[template(path = "queries/params.html")]
pub(super) struct ParamsPart {
    params: Vec<Param>,
}

impl DeskPage {
    pub(super) async fn of(
        data: &Data,
        member: &Member,
        draft: Draft,
        result: Option<ResultPart>,
    ) -> Result<DeskPage> {
        let workspace = member.workspace;
        let sources = data
            .site
            .system
            .read(move |conn| sources::list(conn, workspace));
        Ok(DeskPage {
            shell: Shell::of(&member.viewer, "queries"),
            params: ParamsPart {
                params: draft.params.clone(),
            },
            draft,
            faults: Faults::default(),
            result,
            sources: sources.await?,
        })
    }

    fn asks(&self, source: &Source) -> bool {
        self.draft.source == source.id.to_string()
    }

    /// The database it asked is not connected any more.
    fn is_orphan(&self) -> bool {
        !self.draft.source.is_empty() && !self.sources.iter().any(|source| self.asks(source))
    }
}

/// An empty desk, or one with all rows of a table on it.
pub(super) async fn new(
    State(data): State<Data>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Page<DeskPage>> {
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    if fields
        .get("source")
        .is_some_and(|source| !source.is_empty())
    {
        let (draft, _) = whither::draft(&data, &member, &fields).await?;
        let table = fields
            .get("table")
            .map(|name| format!("select *\nfrom {name}\nlimit 100"));
        let sql = table.unwrap_or_default();
        let draft = Draft { sql, ..draft };
        return Ok(Page(DeskPage::of(&data, &member, draft, None).await?));
    }
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let asked = fields.get("table").and_then(|name| catalog.table(name));
    let table = asked.or(catalog.tables.first());
    let draft = Draft {
        sql: table
            .map(|table| format!("select *\nfrom {}\nlimit 100", table.name))
            .unwrap_or_default(),
        ..Draft::default()
    };
    Ok(Page(DeskPage::of(&data, &member, draft, None).await?))
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
    let (draft, _) = whither::kept(&data, &member, query.into()).await?;
    Ok(Page(DeskPage::of(&data, &member, draft, None).await?))
}

/// The lines for the parameters of the statement as it stands now.
pub(super) async fn params(
    State(data): State<Data>,
    member: Member,
    fields: Fields,
) -> Result<Page<ParamsPart>> {
    let (draft, _) = whither::draft(&data, &member, &fields).await?;
    Ok(Page(ParamsPart {
        params: draft.params,
    }))
}

/// What completion knows: of the database that `source` names, or of the own tables.
pub(super) async fn schema(
    State(data): State<Data>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Json<JsonValue>> {
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let (_, whither) = whither::draft(&data, &member, &fields).await?;
    let (dialect, tables) = match whither {
        // What cannot be asked now has nothing to complete; the desk says why when it is run.
        Whither::Elsewhere(source) => {
            let named = source.dialect().name();
            let rows = sources::columns(&data, &member, &source)
                .await
                .unwrap_or_default();
            (named, sources::tables(&source, &rows))
        }
        Whither::Gone => (Dialect::Sqlite.name(), Vec::new()),
        Whither::Here => (Dialect::Sqlite.name(), own_tables(&data, &member).await?),
    };
    let tables = tables.into_iter().map(|(name, columns)| {
        let columns = columns.into_iter();
        let columns: Vec<_> = columns
            .map(|(name, kind)| json!({ "name": name, "type": kind }))
            .collect();
        json!({ "name": name, "columns": columns })
    });
    Ok(Json(json!({
        "dialect": dialect,
        "tables": tables.collect::<Vec<_>>(),
        "params": [],
        "words": [],
    })))
}

async fn own_tables(data: &Data, member: &Member) -> Result<Vec<sources::TableColumns>> {
    let catalog = data.catalog(member.workspace, &member.db).await?;
    let tables = catalog.tables.iter().map(|table| {
        let columns = table.columns.iter();
        let columns = columns.map(|column| (column.name.clone(), column.kind.name().to_owned()));
        (table.name.clone(), columns.collect())
    });
    Ok(tables.collect())
}

pub(super) async fn save(
    State(data): State<Data>,
    member: Member,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let is_part = headers.contains_key("hx-request");
    let (mut draft, whither) = whither::draft(&data, &member, &fields).await?;
    let checked = match whither {
        Whither::Gone => Err(Faults::of("source", gone().to_string())),
        Whither::Here | Whither::Elsewhere(_) => draft.check(),
    };
    let faults = match checked {
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
    let page = DeskPage::of(&data, &member, draft, None).await?;
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
