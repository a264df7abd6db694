//! Notices what requests looked at or were refused, so that reads have their
//! record without a write on their way.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::{Time, text};
use crate::journal::{Actor, Entry, Via};
use crate::site::Site;
use crate::web::{self, Viewer};

/// Reads that leave a record: route, action, and for how long one record stands
/// for the same person, session and page.
const READS: &[(&str, &str, i64)] = &[
    ("/apps/{app}", "app.opened", Time::HOUR),
    ("/apps/{app}/p/{*path}", "report.viewed", Time::HOUR),
    ("/api/v1/apps/{app}/queries/{query}", "api.read", Time::HOUR),
    ("/data/{table}", "table.viewed", Time::HOUR),
    ("/edit/{app}/export", "app.downloaded", 0),
    ("/trust/root.crt", "certificate.downloaded", Time::HOUR),
    ("/audit", "audit.viewed", Time::HOUR),
    ("/audit/instance", "audit.viewed", Time::HOUR),
];
/// Letters of a path that a record keeps.
const PATH: usize = 200;

/// What is known of a request before it is answered.
struct Asked {
    viewer: Option<Viewer>,
    actor: Actor,
    route: String,
    path: String,
    method: Method,
    has_key: bool,
}

pub async fn notice(State(site): State<Site>, request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Viewer>().cloned();
    let actor = match &viewer {
        Some(viewer) => viewer.actor(),
        None => Actor::stranger(&web::seen(request.extensions())),
    };
    let route = request.extensions().get::<MatchedPath>();
    let asked = Asked {
        viewer,
        actor,
        route: route.map_or_else(String::new, |route| route.as_str().to_owned()),
        path: text::shorten(request.uri().path(), PATH).into_owned(),
        method: request.method().clone(),
        has_key: request.headers().contains_key(header::AUTHORIZATION),
    };
    let response = next.run(request).await;
    note(&site, &asked, response.status());
    response
}

fn note(site: &Site, asked: &Asked, status: StatusCode) {
    let now = site.clock.now();
    let who = format!("{}|{}", asked.actor.seen.session, asked.actor.seen.address);
    if asked.viewer.is_some() && asked.actor.via == Via::Api {
        let (actor, name) = (asked.actor.clone(), format!("key|{who}"));
        site.notes.add_once(name, (now, Time::DAY), || {
            let key = actor.seen.session.clone();
            Entry::new(now, &actor, "key.used", actor.name.clone()).on("key", key)
        });
    }
    if status == StatusCode::FORBIDDEN {
        let name = format!("403|{who}|{}", asked.path);
        site.notes.add_once(name, (now, Time::MINUTE), || {
            let object = format!("{} {}", asked.method, asked.path);
            Entry::new(now, &asked.actor, "access.refused", object)
                .on("page", asked.path.clone())
                .refused("the role does not carry the right")
        });
    } else if status == StatusCode::UNAUTHORIZED && asked.has_key && asked.viewer.is_none() {
        site.notes
            .add_once(format!("401|{who}"), (now, Time::MINUTE), || {
                Entry::new(now, &asked.actor, "key.refused", asked.path.clone())
                    .refused("the key is unknown, revoked or expired")
            });
    } else if asked.method == Method::GET && status.is_success() {
        let read = READS.iter().find(|(route, ..)| *route == asked.route);
        if let Some((_, action, window)) = read {
            let name = format!("{action}|{who}|{}", asked.path);
            site.notes.add_once(name, (now, *window), || {
                let object = object(&asked.path);
                Entry::new(now, &asked.actor, *action, object).on(
                    action.split('.').next().unwrap_or_default(),
                    asked.path.clone(),
                )
            });
        }
    }
}

/// `/apps/orders/p/list` is `orders/p/list` to people.
fn object(path: &str) -> String {
    let path = path.trim_start_matches('/');
    let rest = path.split_once('/').map_or(path, |(_, rest)| rest);
    rest.to_owned()
}
