//! Our own surface, asked as a stranger would ask it: what answers is on the list,
//! wears its headers, and gives no cookie that a script could read.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use axum::response::Response;
use tower::ServiceExt;

use super::Trust;
use crate::trust::facts::Long;
use crate::trust::finding::{count, some};
use crate::web::Route;

/// Everything that answers without a sign-in. A route that is open and stands not
/// here fails the scan, and a test.
pub const PUBLIC: &[&str] = &[
    "GET /.well-known/security.txt",
    "GET /assets/{build}/{*path}",
    "GET /healthz",
    "GET /readyz",
    // Behind a token of its own.
    "GET /metrics",
    // Once, by a link that an admin asked for.
    "GET /take/{link}",
    "POST /take/{link}",
    "GET /link/{link}",
    "POST /link/{link}",
    "GET /schema/app.json",
    // Whoever has the address of a survey, or of their own answers.
    "GET /s/{slug}",
    "POST /s/{slug}",
    "GET /s/{slug}/r/{token}",
    "POST /s/{slug}/r/{token}",
    "GET /s/{slug}/r/{token}/assets/{hash}",
    "GET /s/{slug}/r/{token}/files",
    "POST /s/{slug}/r/{token}/files",
    "GET /s/{slug}/r/{token}/withdraw",
    "POST /s/{slug}/r/{token}/withdraw",
    "GET /s/{slug}/stop",
    "POST /s/{slug}/stop",
    "GET /s/{slug}/withdrawn",
    "GET /s/{slug}/live",
    "POST /s/{slug}/live",
    "GET /set-up",
    "POST /set-up",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/back/{method}",
    "POST /sign-in/passkey",
    "POST /sign-in/passkey/begin",
    "GET /sign-in/second",
    "POST /sign-in/second",
    "GET /sign-in/with/{method}",
    "GET /trust",
    "GET /trust/root.crt",
];

/// What every answer wears, and a word that must be in it.
const WORN: [(&str, &str); 8] = [
    ("content-security-policy", "default-src 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("cache-control", ""),
];
/// What no answer wears.
const BARE: [&str; 3] = ["server", "x-powered-by", "access-control-allow-origin"];
/// A word nothing is called.
const ABSENT: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0";

/// Asks every route that can be asked without changing anything.
pub(in crate::trust) async fn scan(trust: &Trust) -> Long {
    let routes = trust.routes();
    let mut faults: Vec<String> = routes.iter().filter_map(listed).collect();
    let host = host(trust);
    let served = (trust.surface.router)(&trust.people);
    let readable = routes.iter().filter(|route| route.method == Method::GET);
    for route in readable.clone() {
        let asked = Request::builder()
            .method(Method::HEAD)
            .uri(path(route.path))
            .header(header::HOST, &host)
            .body(Body::empty());
        let Ok(asked) = asked else { continue };
        let Ok(answer) = served.clone().oneshot(asked).await;
        faults.extend(wrong(route, &answer).map(|fault| format!("{}: {fault}", route.path)));
    }
    Long {
        name: "surface".to_owned(),
        at: trust.site().clock.now(),
        is_fine: faults.is_empty(),
        said: if faults.is_empty() {
            let open = routes.iter().filter(|route| route.access.is_public());
            let asked = count(readable.count(), "route");
            format!(
                "{asked} asked as a stranger; {} open, as listed",
                open.count()
            )
        } else {
            format!("{}: {}", count(faults.len(), "fault"), some(&faults))
        },
    }
}

/// What is wrong with a route by the map alone.
fn listed(route: &Route) -> Option<String> {
    let named = format!("{} {}", route.method, route.path);
    let is_listed = PUBLIC.contains(&&*named);
    (route.access.is_public() && !is_listed).then(|| format!("{named} is open and on no list"))
}

/// A name we go by.
fn host(trust: &Trust) -> String {
    if let Some(url) = &trust.site().config.edges.url {
        return url.host().to_owned();
    }
    let mut names = trust.site().certificates.shown().names.into_iter();
    names.next().unwrap_or_else(|| "localhost".to_owned())
}

fn path(pattern: &str) -> String {
    let parts = pattern.split('/').map(|part| match part.strip_prefix('{') {
        Some(_) => ABSENT,
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What is wrong with an answer to a stranger.
fn wrong(route: &Route, answer: &Response) -> Option<String> {
    let (status, headers) = (answer.status(), answer.headers());
    // Not ready is an answer.
    if status.is_server_error() && status.as_u16() != 503 {
        return Some(format!("it broke ({status})"));
    }
    let to = headers
        .get(header::LOCATION)
        .and_then(|to| to.to_str().ok());
    let is_turned_away = status.as_u16() == 401
        || (status.is_redirection() && to.is_some_and(|to| to.starts_with("/sign-in")));
    if !route.access.is_public() && !is_turned_away {
        return Some(format!("it answers a stranger ({status})"));
    }
    worn(headers).or_else(|| cookies(headers))
}

fn worn(headers: &HeaderMap) -> Option<String> {
    for (name, word) in WORN {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        match value {
            None => return Some(format!("it lacks {name}")),
            Some(value) if !value.contains(word) || value.contains("unsafe") => {
                return Some(format!("its {name} is {value}"));
            }
            Some(_) => {}
        }
    }
    let told = BARE.iter().find(|name| headers.contains_key(**name));
    told.map(|name| format!("it tells {name}"))
}

fn cookies(headers: &HeaderMap) -> Option<String> {
    let set = headers.get_all(header::SET_COOKIE).iter();
    let mut set = set.filter_map(|cookie| cookie.to_str().ok());
    let loose = set.find(|cookie| {
        let low = cookie.to_lowercase();
        ["secure", "httponly", "samesite="]
            .iter()
            .any(|word| !low.contains(word))
    });
    // Its value is nobody's business.
    loose.map(|cookie| {
        format!(
            "its cookie {} is loose",
            cookie.split('=').next().unwrap_or("")
        )
    })
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::web::{Access, Right};

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, word) in WORN {
            let value = if word.is_empty() { "no-store" } else { word };
            answer.headers_mut().insert(name, value.parse().unwrap());
        }
        for (name, value) in headers {
            answer.headers_mut().insert(*name, value.parse().unwrap());
        }
        answer
    }

    fn route(path: &'static str, access: Access) -> Route {
        Route {
            method: Method::GET,
            path,
            access,
        }
    }

    #[test]
    fn a_route_that_is_open_and_on_no_list_fails() {
        assert_eq!(listed(&route("/trust", Access::Open)), None);
        assert_eq!(listed(&route("/rows", Access::SignedIn)), None);
        let fault = listed(&route("/rows", Access::Open)).unwrap();
        assert_eq!(fault, "GET /rows is open and on no list");
    }

    #[test]
    fn a_guarded_route_that_lets_a_stranger_in_fails() {
        let guarded = route("/rows", Access::Needs(Right::Build));
        assert!(
            wrong(&guarded, &answer(200, &[]))
                .unwrap()
                .contains("stranger")
        );
        assert!(wrong(&guarded, &answer(303, &[("location", "/rows/1")])).is_some());
        assert_eq!(
            wrong(&guarded, &answer(303, &[("location", "/sign-in?then=x")])),
            None
        );
        assert_eq!(wrong(&guarded, &answer(401, &[])), None);
        assert!(
            wrong(&guarded, &answer(500, &[]))
                .unwrap()
                .contains("broke")
        );
    }

    #[test]
    fn an_answer_that_lacks_a_header_or_gives_a_loose_cookie_fails() {
        let open = route("/trust", Access::Open);
        assert_eq!(wrong(&open, &answer(200, &[])), None);
        let mut bare = answer(200, &[]);
        bare.headers_mut().remove("x-frame-options");
        assert_eq!(wrong(&open, &bare).unwrap(), "it lacks x-frame-options");
        let weak = answer(
            200,
            &[(
                "content-security-policy",
                "default-src 'none' 'unsafe-inline'",
            )],
        );
        assert!(wrong(&open, &weak).is_some());
        let told = answer(200, &[("server", "x/1")]);
        assert_eq!(wrong(&open, &told).unwrap(), "it tells server");
        let loose = answer(
            200,
            &[("set-cookie", "id=hunter2; Path=/; Secure; SameSite=Lax")],
        );
        assert_eq!(wrong(&open, &loose).unwrap(), "its cookie id is loose");
    }
}
