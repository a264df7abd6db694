//! A page of a published app.

use std::fmt::Write;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::menu::{Known, Menu};
use super::{Seat, entered, fields};
use crate::apps::Apps;
use crate::apps::format::{App, Page};
use crate::apps::library::Published;
use crate::apps::render::{self, Ask, Drawn, Turned};
use crate::apps::sharing::{self, Act};
use crate::apps::using::view_as;
use crate::apps::widgets::{Reach, Tried, address};
use crate::web::{self, Fields, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/use_page.html")]
struct UsePage<'a> {
    shell: Shell,
    app: &'a App,
    base: &'a str,
    may_edit: bool,
    page: &'a Page,
    /// Title, address and whether it is this one.
    menu: Vec<(&'a str, String, bool)>,
    grid: &'a str,
    /// Whom they see it as, if not as themselves.
    seen_as: Option<&'a str>,
    may_view_as: bool,
    /// Where it hears of changes, and from which place on; nowhere, for most.
    follows: Option<(String, u64)>,
    /// Where there is something to keep or to open.
    views: Option<Menu>,
    /// What the address says.
    shown: String,
    /// The app stands first in the list of whoever looks.
    is_starred: bool,
}

/// The header of a request that wants the widgets alone, to put them into a page that
/// is open.
const PART: &str = "onsight-part";

/// The header that names the widgets which are wanted, and no others.
const ONLY: &str = "onsight-only";

pub(super) fn is_part(headers: &HeaderMap) -> bool {
    headers.contains_key(PART)
}

/// The widgets an open page asks for again.
fn only(headers: &HeaderMap) -> Option<Vec<String>> {
    let names = headers
        .get(ONLY)
        .filter(|_| is_part(headers))?
        .to_str()
        .ok()?;
    Some(names.split(' ').map(str::to_owned).collect())
}

/// How a page is asked for.
pub(super) struct Look<'a> {
    pub(super) fields: &'a Fields,
    /// The address says nothing, not even that everything is wanted: a lone `?` does.
    pub(super) is_plain: bool,
    /// A form has to be put right.
    pub(super) tried: Option<Tried<'a>>,
    /// The widgets without the page around them.
    pub(super) is_part: bool,
    /// These widgets and no others.
    pub(super) only: Option<&'a [String]>,
}

impl<'a> Look<'a> {
    fn of(
        (fields, only): (&'a Fields, Option<&'a [String]>),
        headers: &HeaderMap,
        is_plain: bool,
    ) -> Look<'a> {
        Look {
            fields,
            is_plain,
            tried: None,
            is_part: is_part(headers),
            only,
        }
    }
}

pub(super) async fn home(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let (published, seat) = entered(&apps, member, &app).await?;
    let (app, is_plain) = (&published.app, query.is_none());
    let first = app.page_at("/").or_else(|| app.menu().first().copied());
    let page = first.or(app.pages.first()).ok_or(web::Error::NotFound)?;
    let (fields, only) = (fields(query), only(&headers));
    let look = Look::of((&fields, only.as_deref()), &headers, is_plain);
    show(&apps, &seat, (&published, page), look).await
}

pub(super) async fn page(
    State(apps): State<Apps>,
    member: Member,
    Path((app, path)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let (published, seat) = entered(&apps, member, &app).await?;
    let (app, is_plain) = (&published.app, query.is_none());
    let page = app
        .page_at(&format!("/{path}"))
        .ok_or(web::Error::NotFound)?;
    let (fields, only) = (fields(query), only(&headers));
    let look = Look::of((&fields, only.as_deref()), &headers, is_plain);
    show(&apps, &seat, (&published, page), look).await
}

/// The page, or the page again with a form to put right; or the way to the view it opens
/// with.
pub(super) async fn show(
    apps: &Apps,
    seat: &Seat,
    (published, page): (&Published, &Page),
    look: Look<'_>,
) -> Result<Response> {
    let app = &published.app;
    let known = if look.is_part {
        None
    } else {
        Some(Known::of(apps, seat, published).await?)
    };
    let first = known.as_ref().filter(|_| look.is_plain);
    if let Some(to) = first.and_then(|known| known.opens_with(page)) {
        return Ok(Redirect::to(&to).into_response());
    }
    // A line more or less is no fault.
    let is_wrong = look.tried.is_some_and(|tried| !tried.faults.is_empty());
    let base = format!("/apps/{}", app.id);
    let ask = Ask {
        app,
        page,
        fields: look.fields,
        base: &base,
        is_preview: false,
        is_read_only: seat.really.is_some(),
    };
    let turned = Turned {
        tried: look.tried,
        only: look.only,
    };
    // Asked before the rows are: what changes meanwhile is heard of.
    let follows = follows(apps, &seat.member, (page, &base));
    let drawn = render::draw(apps, &seat.member, ask, turned).await?;
    let status = if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let Some(known) = known else {
        return Ok((status, Html(drawn.html)).into_response());
    };
    apps.openings.note(seat.actor(), &app.id);
    let mut response = framed(apps, seat, (&known, page), (look.fields, &drawn, follows)).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// The widgets with the page around them.
async fn framed(
    apps: &Apps,
    seat: &Seat,
    (known, page): (&Known<'_>, &Page),
    (fields, drawn, follows): (&Fields, &Drawn, Option<(String, u64)>),
) -> Result<Response> {
    let (app, viewer) = (known.app(), &seat.actor().viewer);
    let shell = Shell::of(viewer, "apps");
    let is_builder = shell.builder;
    let editing = sharing::decision(apps, &viewer.person, &app.id, Act::Edit);
    let may_edit = is_builder && editing.await?.is_given;
    let base = format!("/apps/{}", app.id);
    let view = UsePage {
        shell,
        app,
        base: &base,
        may_edit,
        page,
        menu: menu(app, page, &base),
        grid: &drawn.html,
        seen_as: seat.seen_as(),
        may_view_as: view_as::may(seat.actor()),
        follows,
        views: known.menu(page, fields),
        shown: fields.query(),
        is_starred: is_starred(apps, seat.actor(), &app.id).await?,
    };
    let mut html = String::with_capacity(view.grid.len() + (16 << 10));
    view.render_into(&mut html).map_err(web::Error::broken)?;
    let mut response = Html(html).into_response();
    reach(
        &drawn.reach,
        &apps.site().config.shown,
        response.headers_mut(),
    );
    if is_builder && let Ok(timing) = HeaderValue::from_str(&timing(&drawn.timings)) {
        let name = HeaderName::from_static("server-timing");
        response.headers_mut().insert(name, timing);
    }
    Ok(response)
}

async fn is_starred(apps: &Apps, member: &Member, app: &str) -> Result<bool> {
    let all = { apps.mine((member.workspace, member.viewer.person.id)) }.await?;
    Ok(all.iter().any(|one| one.app == app && one.is_starred))
}

/// Where an open page hears of changes, and up to which it shows them.
fn follows(apps: &Apps, member: &Member, (page, base): (&Page, &str)) -> Option<(String, u64)> {
    if !page.live.follows() {
        return None;
    }
    let changes = apps.site().files.changes(&member.workspace.to_string());
    Some((format!("{base}/follow/{}", page.id), changes.now()))
}

/// The entries of the app's menu: title, address, and whether it is this page.
fn menu<'a>(app: &'a App, page: &Page, base: &str) -> Vec<(&'a str, String, bool)> {
    let entry = |other: &'a Page| {
        let at = address(base, app, &other.id);
        (other.title.as_str(), at, other.id == page.id)
    };
    app.menu().into_iter().map(entry).collect()
}

/// Lets the browser fetch what the page's widgets show of other machines: from where
/// an operator allowed it, and nothing on any other page.
fn reach(reach: &[Reach], shown: &[String], headers: &mut HeaderMap) {
    let of = |wanted: Reach| {
        if reach.contains(&wanted) { shown } else { &[] }
    };
    let (pictures, frames) = (of(Reach::Pictures), of(Reach::Frames));
    if pictures.is_empty() && frames.is_empty() {
        return;
    }
    if let Some(policy) = web::showing(pictures, frames) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        // Sites elsewhere do not say that they may be embedded by us.
        let name = HeaderName::from_static("cross-origin-embedder-policy");
        headers.insert(name, HeaderValue::from_static("unsafe-none"));
    }
}

fn timing(timings: &[(String, Duration)]) -> String {
    let mut out = String::new();
    for (query, took) in timings {
        let mark = if out.is_empty() { "" } else { ", " };
        let _ = write!(out, "{mark}{query};dur={:.2}", took.as_secs_f64() * 1e3);
    }
    out
}
