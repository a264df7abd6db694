//! Notices what requests looked at or were refused, so that reads have their
//! record without a write on their way.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::{Time, text};
use crate::journal::{self, Actor, Entry, Seen, Via};
use crate::site::Site;
use crate::web::{self, Viewer};

/// Reads that leave a record: route, action, and for how long one record stands
/// for the same person, session and page.
const READS: &[(&str, &str, i64)] = &[
    ("/apps/{app}/p/{*path}", "report.viewed", Time::HOUR),
    ("/api/v1/apps/{app}/queries/{query}", "api.read", Time::HOUR),
    ("/data/{table}", "table.viewed", Time::HOUR),
    (
        "/surveys/{survey}/responses",
        "responses.viewed",
        Time::HOUR,
    ),
    (
        "/surveys/{survey}/responses/{respondent}",
        "responses.viewed",
        Time::HOUR,
    ),
    ("/trust/root.crt", "certificate.downloaded", Time::HOUR),
    ("/audit", "audit.viewed", Time::HOUR),
    ("/audit/instance", "audit.viewed", Time::HOUR),
];
/// Letters of a path that a record keeps.
const PATH: usize = 200;

/// What is known of a request before it is answered.
struct Asked {
    viewer: Option<Viewer>,
    seen: Arc<Seen>,
    route: Option<MatchedPath>,
    path: String,
    method: Method,
}

pub async fn notice(State(site): State<Site>, request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Viewer>().cloned();
    let asked = Asked {
        seen: viewer.as_ref().map_or_else(
            || web::seen(request.extensions()),
            |viewer| Arc::clone(&viewer.seen),
        ),
        viewer,
        route: request.extensions().get::<MatchedPath>().cloned(),
        path: text::shorten(request.uri().path(), PATH).into_owned(),
        method: request.method().clone(),
    };
    let response = next.run(request).await;
    asked.note(&site, response.status());
    response
}

impl Asked {
    fn actor(&self) -> Actor {
        match &self.viewer {
            Some(viewer) => viewer.actor(),
            None => Actor::stranger(&self.seen),
        }
    }

    /// The session, key or address that asks, and what for.
    fn name(&self, what: &str) -> String {
        let (seen, path) = (&self.seen, &self.path);
        format!("{what}|{}|{}|{path}", seen.session, seen.address)
    }

    fn note(&self, site: &Site, status: StatusCode) {
        let now = site.clock.now();
        let is_program = |viewer: &Viewer| viewer.person.via == Via::Api;
        if self.viewer.as_ref().is_some_and(is_program) {
            let name = format!("key|{}|{}", self.seen.session, self.seen.address);
            site.notes.add_once(name, (now, Time::DAY), || {
                let actor = self.actor();
                Entry::new(now, &actor, "key.used", actor.name.clone())
                    .on("key", self.seen.session.clone())
            });
        }
        // Whoever owes a second factor is sent to set it up: that refuses nothing.
        let owes = |viewer: &Viewer| viewer.standing.owes_factor;
        let is_detour = self.viewer.as_ref().is_some_and(owes);
        if status == StatusCode::FORBIDDEN && !is_detour {
            site.notes
                .add_once(self.name("403"), (now, Time::MINUTE), || {
                    let object = format!("{} {}", self.method, self.path);
                    Entry::new(now, &self.actor(), "access.refused", object)
                        .on("page", self.path.clone())
                        .refused("the role does not carry the right")
                });
        } else if status == StatusCode::NOT_FOUND && self.viewer.is_some() {
            self.note_miss(site, now);
        } else if self.method == Method::GET && status.is_success() {
            self.note_read(site, now);
        }
    }

    /// One after the other, these tell of somebody who searches. What was typed
    /// may be the name of a thing elsewhere: its hash tells one miss from another.
    fn note_miss(&self, site: &Site, now: Time) {
        site.notes
            .add_once(self.name("404"), (now, Time::MINUTE), || {
                let route = self.route.as_ref().map_or("no page", MatchedPath::as_str);
                let object = format!("{} {route}", self.method);
                let hash = journal::hex(&journal::sha256(self.path.as_bytes()));
                Entry::new(now, &self.actor(), "page.missed", object)
                    .on("page", &hash[..16])
                    .failed("there is nothing there")
            });
    }

    fn note_read(&self, site: &Site, now: Time) {
        let Some(route) = self.route.as_ref().map(MatchedPath::as_str) else {
            return;
        };
        let Some((_, action, window)) = READS.iter().find(|(read, ..)| *read == route) else {
            return;
        };
        site.notes.add_once(self.name(action), (now, *window), || {
            let kind = action.split('.').next().unwrap_or_default();
            Entry::new(now, &self.actor(), *action, object(&self.path)).on(kind, self.path.clone())
        });
    }
}

/// `/apps/orders/p/list` is `orders/p/list` to people.
fn object(path: &str) -> String {
    let path = path.trim_start_matches('/');
    let rest = path.split_once('/').map_or(path, |(_, rest)| rest);
    rest.to_owned()
}
