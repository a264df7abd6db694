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
use crate::apps::render::{Who, asked, touched};
use crate::apps::using::actions::{self, Order};
use crate::apps::using::model::Error;
use crate::apps::widgets::{Once, Sends, Tried, address, named};
use crate::base::Time;
use crate::data::Question;
use crate::web::{self, Done, Faults, Fields, Result};
use crate::workspaces::Member;

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
    let member = &seat.member;
    let press = Press::read(&published, &query, &body)?;
    let now = apps.site().clock.now();
    let is_part = is_part(&headers);
    let faults = match press.question(member, now) {
        Err(faults) => faults,
        Ok(question) => {
            let order = press.order(member, question, now)?;
            match actions::run(member, order).await {
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
    let tried = Tried {
        widget: &press.widget.id,
        typed: &body,
        faults: &faults,
    };
    let only = [press.widget.id.clone()];
    let look = Look {
        fields: &press.at,
        tried: Some(tried),
        is_part,
        only: is_part.then_some(&only),
    };
    show(&apps, &seat, (&published.app, press.page), look).await
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
            Some((page, widget, sends, query))
        };
        let (page, widget, sends, query) = found().ok_or(web::Error::NotFound)?;
        let at = Fields::parse(body.get("_at").unwrap_or_default());
        Ok(Press {
            published,
            page,
            widget,
            sends,
            query,
            at,
            body,
        })
    }

    fn sent(&self, param: &'a Param) -> Vec<&str> {
        match &param.source {
            Source::Url(key) => self.at.all(key).collect(),
            Source::Form(key) => self.body.all(key).collect(),
            Source::Row(key) | Source::Page(key) => {
                // Beside a field of the same name stands what the row said before.
                let before: Vec<&str> = self.body.all(&format!("row.{key}")).collect();
                if !before.is_empty() && matches!(param.source, Source::Row(_)) {
                    return before;
                }
                let own: Vec<&str> = self.body.all(key).collect();
                if own.is_empty() {
                    self.at.all(key).collect()
                } else {
                    own
                }
            }
            Source::User(_) | Source::Server(_) | Source::App(_) => Vec::new(),
        }
    }

    /// The values bound, or what is wrong with each.
    fn question(&self, member: &Member, now: Time) -> Result<Question, Faults> {
        let app = &self.published.app;
        let who = Who::new(&member.viewer.person, now, &app.id);
        let context = who.context();
        let mut faults = Faults::default();
        let mut values = Vec::with_capacity(self.query.params.len());
        for param in &self.query.params {
            match param.bind_all(&self.sent(param), &context) {
                Ok(value) => values.push((param.name.as_str(), value)),
                Err(fault) => faults.add(param.source.key(), fault.0),
            }
        }
        let uses = app.uses.iter().find(|uses| uses.name == self.query.uses);
        if uses.is_none_or(|uses| uses.kind != "sqlite") {
            faults.add(
                "",
                "this app writes to a datasource that this version does not have",
            );
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let statement = self.query.statement(&values);
        statement
            .map(asked)
            .map_err(|error| Faults::of("", error.to_string()))
    }

    fn order(&self, member: &Member, question: Question, now: Time) -> Result<Order> {
        let once = self.body.get("_once").and_then(Once::parse);
        let once = once.ok_or_else(|| {
            web::Error::Invalid(
                "this form is incomplete; open its page again and repeat".to_owned(),
            )
        })?;
        let app = &self.published.app;
        let queries = app.queries.iter();
        let query = { queries }.position(|known| known.name == self.query.name);
        Ok(Order {
            published: Arc::clone(self.published),
            query: query.ok_or(web::Error::NotFound)?,
            question,
            once: format!(
                "{}/{}/{}/{once}",
                app.id, self.query.name, member.viewer.person.id
            ),
            now,
        })
    }

    /// What the person can put right, at the field it concerns.
    fn faults(&self, error: Error, member: &Member) -> Result<Faults> {
        let is_builder = member.viewer.may(web::Right::Build);
        let field = match &error {
            Error::Taken(column) | Error::Missing(column) => {
                let mut params = self.query.params.iter();
                let param =
                    params.find(|param| param.name == *column || param.source.key() == column);
                match param.filter(|param| matches!(param.source, Source::Form(_))) {
                    Some(param) => param.source.key(),
                    None => return Ok(Faults::of("", web::Error::from(error).to_string())),
                }
            }
            Error::Query(_) if !is_builder => {
                let said =
                    "this could not be saved, because the app has a mistake; tell whoever made it";
                return Ok(Faults::of("", said));
            }
            Error::Broken(_) | Error::Expected { .. } | Error::Query(_) => "",
            Error::Store(_) => return Err(error.into()),
        };
        Ok(Faults::of(field, error.to_string()))
    }

    fn is_button(&self) -> bool {
        !self
            .query
            .params
            .iter()
            .any(|param| matches!(param.source, Source::Form(_)))
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
            tried: None,
            is_part: true,
            only: Some(&only),
        };
        let mut response = show(apps, seat, of, look).await?;
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
