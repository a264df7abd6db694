//! Forms and buttons that were pressed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::show::{Look, is_part, show};
use super::{Seat, entered};
use crate::apps::Apps;
use crate::apps::format::{Page, Param, Query, QueryKind, Source, Widget};
use crate::apps::library::Published;
use crate::apps::render::{Who, strange, touched};
use crate::apps::sources::Places;
use crate::apps::using::actions::{self, Order};
use crate::apps::using::elsewhere;
use crate::apps::using::family;
use crate::apps::using::model::Error;
use crate::apps::using::row::Row;
use crate::apps::using::sent::Sent;
use crate::apps::widgets::{Family, Once, Sends, Tried, address, joined, named};
use crate::base::Time;
use crate::web::{self, Done, Faults, Fields, Result};
use crate::workspaces::Member;

/// As many fields are read; more are no form of ours.
const FIELDS: usize = 10_000;

/// What was pressed, and what came with it.
struct Press<'a> {
    published: &'a Arc<Published>,
    page: &'a Page,
    widget: &'a Widget,
    sends: Sends<'a>,
    query: &'a Query,
    /// What the address of the page said.
    at: Fields,
    body: &'a Fields,
    family: Family<'a>,
}

pub(super) async fn run(
    State(apps): State<Apps>,
    member: Member,
    Path((app, query)): Path<(String, String)>,
    headers: HeaderMap,
    body: Fields,
) -> Result<Response> {
    let (published, seat) = entered(&apps, member, &app).await?;
    if let Some(name) = seat.seen_as() {
        return Err(web::Error::Invalid(format!(
            "nothing is sent while you see this app as {name}; end that first"
        )));
    }
    if body.iter().count() > FIELDS {
        let said = format!("a form has at most {FIELDS} fields; save some of its lines first");
        return Err(web::Error::Invalid(said));
    }
    let press = Press::read(&published, &query, &body)?;
    let is_part = is_part(&headers);
    if let Some(turned) = body
        .get("_do")
        .and_then(|act| press.family.turned(&body, act))
    {
        return press
            .again(&apps, &seat, &turned, (&Faults::default(), is_part))
            .await;
    }
    let member = &seat.member;
    let now = apps.site().clock.now();
    let faults = match press.row(&apps, member, now).await? {
        Err(faults) => faults,
        Ok(row) => {
            let order = press.order(member, row, now)?;
            let places = Places::of(&apps, member.workspace, &published.app).await?;
            let done = match places.of_query(press.query) {
                Ok(None) => actions::run(member, order).await,
                Ok(Some(place)) => elsewhere::run(&apps, member, place, order).await,
                Err(why) => Err(Error::Query(why)),
            };
            match done {
                Ok(()) if is_part => return press.refreshed(&apps, &seat).await,
                Ok(()) => return Ok(press.done().into_response()),
                Err(error) => press.faults(error, member)?,
            }
        }
    };
    if press.is_button() {
        let said: Vec<&str> = faults.iter().map(|(_, fault)| fault).collect();
        return Err(web::Error::Invalid(said.join("; ")));
    }
    press.again(&apps, &seat, &body, (&faults, is_part)).await
}

impl<'a> Press<'a> {
    /// A query runs only from a widget that sends it.
    fn read(published: &'a Arc<Published>, query: &str, body: &'a Fields) -> Result<Press<'a>> {
        let app = &published.app;
        let found = || {
            let page = app.page(body.get("_page")?)?;
            let id = body.get("_widget")?;
            let widget = page.widgets.iter().find(|widget| widget.id == id)?;
            let sends = named(&widget.kind)?.sends(widget);
            let sends = sends.into_iter().find(|sends| sends.query == query)?;
            let query = app
                .query(query)
                .filter(|known| known.kind == QueryKind::Write && known.name == sends.query)?;
            let family = named(&widget.kind)?.family(widget);
            Some((page, widget, (sends, family), query))
        };
        let (page, widget, (sends, family), query) = found().ok_or(web::Error::NotFound)?;
        let at = Fields::parse(body.get("_at").unwrap_or_default());
        Ok(Press {
            published,
            page,
            widget,
            sends,
            query,
            at,
            body,
            family,
        })
    }

    /// The form with what was typed: to be put right, or with a line more or less.
    async fn again(
        &self,
        apps: &Apps,
        seat: &Seat,
        typed: &Fields,
        (faults, is_part): (&Faults, bool),
    ) -> Result<Response> {
        let tried = Tried {
            widget: &self.widget.id,
            typed,
            faults,
        };
        let only = [self.widget.id.clone()];
        let look = Look {
            fields: &self.at,
            is_plain: false,
            tried: Some(tried),
            is_part,
            only: is_part.then_some(&only),
        };
        show(apps, seat, (self.published, self.page), look).await
    }

    /// What is to be written, or what is wrong with it.
    async fn row(
        &self,
        apps: &Apps,
        member: &Member,
        now: Time,
    ) -> Result<std::result::Result<Row, Faults>> {
        let app = &self.published.app;
        let who = Who::new(&member.viewer.person, now, &app.id);
        let sent = Sent {
            app,
            context: who.context(),
            at: &self.at,
            body: self.body,
        };
        let is_there = self.family.change == Some(self.query.name.as_str());
        let (row, chosen) = match family::read(&sent, &self.family, self.query, is_there) {
            Ok(read) => read,
            Err(faults) => return Ok(Err(faults)),
        };
        if chosen.is_empty() {
            return Ok(Ok(row));
        }
        let mut faults = Faults::default();
        for field in strange(apps, member, chosen).await? {
            faults.add(&field, "this is not one of the choices; choose again");
        }
        Ok(if faults.is_empty() {
            Ok(row)
        } else {
            Err(faults)
        })
    }

    fn order(&self, member: &Member, row: Row, now: Time) -> Result<Order> {
        let once = self.body.get("_once").and_then(Once::parse);
        let once = once.ok_or_else(|| {
            web::Error::Invalid(
                "this form is incomplete; open its page again and repeat".to_owned(),
            )
        })?;
        let app = &self.published.app;
        Ok(Order {
            published: Arc::clone(self.published),
            row,
            once: format!(
                "{}/{}/{}/{once}",
                app.id, self.query.name, member.viewer.person.id
            ),
            now,
        })
    }

    /// What the person can put right, at the field it concerns.
    fn faults(&self, error: Error, member: &Member) -> Result<Faults> {
        let (path, query, error) = match error {
            Error::Within {
                path,
                query,
                source,
            } => (path, &self.published.app.queries[query], *source),
            error => (String::new(), self.query, error),
        };
        let field = match &error {
            Error::Taken(column) | Error::Missing(column) => {
                let mut params = query.params.iter();
                let param =
                    params.find(|param| param.name == *column || param.source.key() == column);
                match param.filter(|param| matches!(param.source, Source::Form(_))) {
                    Some(param) => joined(&path, param.source.key()),
                    None => return Ok(Faults::of(&path, web::Error::from(error).to_string())),
                }
            }
            Error::Query(_) if !member.viewer.may(web::Right::Build) => {
                let said =
                    "this could not be saved, because the app has a mistake; tell whoever made it";
                return Ok(Faults::of(&path, said));
            }
            Error::Broken(_)
            | Error::Expected { .. }
            | Error::Query(_)
            | Error::Away(_)
            | Error::Unknown => path,
            Error::Store(_) | Error::Within { .. } => return Err(error.into()),
        };
        Ok(Faults::of(&field, error.to_string()))
    }

    fn is_button(&self) -> bool {
        let typed = |param: &Param| matches!(param.source, Source::Form(_));
        self.family.lists.is_empty() && !self.query.params.iter().any(typed)
    }

    /// What looks different now, for the page that is open; or where that is to go.
    async fn refreshed(&self, apps: &Apps, seat: &Seat) -> Result<Response> {
        if self.sends.goto.is_some() {
            let mut response = self.done().into_response();
            *response.status_mut() = StatusCode::NO_CONTENT;
            return Ok(response);
        }
        let of = (&self.published.app, self.page);
        let only = touched(apps, &seat.member, of, (self.widget, &self.sends)).await?;
        let look = Look {
            fields: &self.at,
            is_plain: false,
            tried: None,
            is_part: true,
            only: Some(&only),
        };
        let mut response = show(apps, seat, (self.published, self.page), look).await?;
        let said = self.sends.toast.unwrap_or("Saved");
        let said: String = form_urlencoded::byte_serialize(said.as_bytes()).collect();
        if let Ok(said) = HeaderValue::from_str(&said) {
            let name = HeaderName::from_static("onsight-said");
            response.headers_mut().insert(name, said);
        }
        Ok(response)
    }

    /// On to the page that follows, with a word about what happened.
    fn done(&self) -> Done {
        let app = &self.published.app;
        let base = format!("/apps/{}", app.id);
        let mut to = address(&base, app, self.sends.goto.unwrap_or(&self.page.id));
        let told = if self.sends.goto.is_none() {
            self.at.query()
        } else {
            let with = self.sends.with.iter();
            let value = |from: &str| self.body.get(from).or_else(|| self.at.get(from));
            let told = with.filter_map(|(name, from)| Some((*name, value(from)?)));
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(told)
                .finish()
        };
        if !told.is_empty() {
            to.push('?');
            to.push_str(&told);
        }
        Done::to(to).saying(self.sends.toast.unwrap_or("Saved"))
    }
}
