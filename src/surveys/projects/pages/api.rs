//! What programs ask with a key that names the survey: the map, new responses,
//! files, and that a respondent is erased. Never what tells who somebody is: a key says nothing of that.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{Extensions, HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::exports::file;
use super::{Author, Error, actions, reading};
use crate::base::Time;
use crate::people;
use crate::surveys::exports::{self, line};
use crate::surveys::keeping;
use crate::surveys::projects::exporting::Wanted;
use crate::surveys::projects::openapi;
use crate::surveys::projects::responses::record;
use crate::surveys::projects::sql;
use crate::surveys::running::Surveys;
use crate::web::{self, Fields, KeyScope, Origin, Result, Right};
use crate::workspaces::Member;

/// Responses of one answer, unless it is asked for fewer.
const MOST: u32 = 1_000;
/// How long after its end a response is handed out: an end that is earlier on the
/// clock may reach the disk later, but not by that much.
const SETTLED: i64 = 10 * Time::SECOND;

/// A key acts as a user; what it reads here its owner may read as a builder, or
/// nobody may.
pub(super) async fn by_builder(surveys: &Surveys, member: &Member) -> Result<()> {
    let id = member.viewer.person.id;
    let owner = people::as_member(&surveys.site, member.workspace, id).await?;
    if owner.is_some_and(|owner| owner.role.may(Right::Build)) {
        return Ok(());
    }
    Err(web::Error::Forbidden)
}

pub(super) async fn datamap(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Json<Value>> {
    by_builder(&surveys, &member).await?;
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    Ok(Json(history.map().json()))
}

/// What can be asked here, for tools that read such documents.
pub(super) async fn openapi(
    State(surveys): State<Surveys>,
    member: Member,
    origin: Origin,
    Path(survey): Path<String>,
) -> Result<Json<Value>> {
    by_builder(&surveys, &member).await?;
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let most = openapi::Most {
        responses: MOST,
        events: super::events::MOST,
    };
    Ok(Json(openapi::document(&history, &most, &origin)))
}

/// Where a program was: the end and the number of the last response it has.
fn cursor(text: &str) -> Option<(i64, i64)> {
    if text.is_empty() {
        return Some((0, 0));
    }
    let (ended, id) = text.split_once('-')?;
    Some((ended.parse().ok()?, id.parse().ok()?))
}

/// Until when responses are handed out. Where only days are kept, a day is handed
/// out when it is over: else some of it would be left out.
fn settled(history: &reading::History, now: Time) -> Time {
    let mut versions = history.versions.iter();
    if versions.any(|(_, survey)| survey.is_anonymous) {
        return Time(now.0 - now.0.rem_euclid(Time::DAY) - 1);
    }
    now.plus(-SETTLED)
}

pub(super) async fn responses(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    by_builder(&surveys, &member).await?;
    let (since, most) = asked(query, cursor, MOST)?;
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let until = settled(&history, site.clock.now());
    let (map, links) = (history.map().without_personal(), history.links.clone());
    let found = reading::look(site, (member.workspace, &survey), move |conn| {
        let map = reading::reached(conn, map)?;
        let mut body = Vec::new();
        let mut last = since;
        let mut count = 0_u32;
        for one in sql::ended_since(conn, since, until, most)? {
            let record = record(conn, (&map, &links), &one, None)?;
            body.extend_from_slice(line(&map, &record).as_bytes());
            last = (one.ended.map_or(0, |ended| ended.0), one.id);
            count += 1;
        }
        Ok::<_, Error>((body, last, count))
    });
    let (body, (ended, id), count) = found.await?;
    let author = Author::of(&member.viewer);
    actions::read(site, &author, &survey, actions::Took::Responses(count)).await?;
    let next = if (ended, id) == (0, 0) {
        String::new()
    } else {
        format!("{ended}-{id}")
    };
    Ok(lines(body, next, count == most))
}

/// After what is asked for, as `cursor` reads it, and how many lines: at most so many, and
/// so many where nothing is said.
pub(super) fn asked<T>(
    query: Option<String>,
    cursor: impl FnOnce(&str) -> Option<T>,
    most: u32,
) -> Result<(T, u32)> {
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let Some(since) = cursor(fields.get("since").unwrap_or_default()) else {
        let words = "`since` is the cursor of an earlier answer, or left out";
        return Err(web::Error::Invalid(words.to_owned()));
    };
    match fields.get("limit").map(str::parse) {
        None => Ok((since, most)),
        Some(Ok(limit)) if (1..=most).contains(&limit) => Ok((since, limit)),
        Some(_) => {
            let words = format!("`limit` is a number from 1 to {most}");
            Err(web::Error::Invalid(words))
        }
    }
}

/// Lines of JSON, with what to ask by next, and whether there is more already.
pub(super) fn lines(body: Vec<u8>, next: String, is_more: bool) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (HeaderName::from_static("onsight-cursor"), next),
        (
            HeaderName::from_static("onsight-more"),
            if is_more { "yes" } else { "no" }.to_owned(),
        ),
    ];
    (headers, body).into_response()
}

/// One response, as far as it is, by a value that tells whose it is: for a host that
/// asks as soon as its respondent is back.
pub(super) async fn response(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    by_builder(&surveys, &member).await?;
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let mut asked = fields.iter();
    let (Some((name, value)), None) = (asked.next(), asked.next()) else {
        let words = "ask by one variable that comes with the link, like ?pid=7";
        return Err(web::Error::Invalid(words.to_owned()));
    };
    let (site, of) = (&surveys.site, (member.workspace, &*survey));
    let found = reading::response(site, of, (name, value), false).await?;
    let author = Author::of(&member.viewer);
    let count = u32::from(found.is_some());
    actions::read(site, &author, &survey, actions::Took::Responses(count)).await?;
    let body = found.ok_or(web::Error::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

pub(super) async fn export(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, format)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    by_builder(&surveys, &member).await?;
    let format = exports::of(&format).ok_or(web::Error::NotFound)?;
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let wanted = Wanted::of(&fields, &history.map().langs).without_personal();
    file(&surveys, &member, &history, (format, wanted)).await
}

/// Erases one respondent: by number, by the token of their address, or by a value
/// as `name=value`. The key has to be one that erases in this survey.
pub(super) async fn erase(
    State(surveys): State<Surveys>,
    member: Member,
    extensions: Extensions,
    Path((survey, respondent)): Path<(String, String)>,
) -> Result<Json<Value>> {
    by_builder(&surveys, &member).await?;
    let scope = extensions.get::<KeyScope>();
    if !scope.is_some_and(|scope| scope.erases(&survey)) {
        return Err(web::Error::OtherApps);
    }
    let way = keeping::Way::of_program(&respondent).ok_or_else(|| {
        let words = "name the respondent by number, by the token of their address, or by a value like pid=a7";
        web::Error::Invalid(words.to_owned())
    })?;
    let site = &surveys.site;
    reading::project(site, member.workspace, &survey).await?;
    let of = keeping::Of {
        workspace: member.workspace,
        survey,
    };
    let found = keeping::find(site, &of, way).await?;
    if found.respondents.len() > 1 {
        let words = format!(
            "{} respondents have that value; erase each by its number",
            found.respondents.len()
        );
        return Err(web::Error::Conflict(words));
    }
    let ids: Vec<i64> = found.respondents.iter().map(|one| one.id).collect();
    let links: Vec<String> = found.links.into_iter().map(|(link, _)| link).collect();
    let actor = member.viewer.actor();
    let (respondents, links) =
        keeping::erase(site, &actor, &of, (&ids, &links), "by a program").await?;
    Ok(Json(json!({ "erased": respondents, "links": links })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_was_handed_out_and_nothing_else() {
        assert_eq!(cursor(""), Some((0, 0)));
        assert_eq!(cursor("1800000000000-17"), Some((1_800_000_000_000, 17)));
        for wrong in ["17", "x-1", "1-", "1-2-3", "-"] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
    }
}
