//! Every route, and who may call it. A new page shows up in this diff.

use std::fmt::Write;

use axum::body::Body;
use axum::http::Method;
use onsight::server;
use onsight::web::{Access, Role, Route};

use crate::support::TestSite;

fn routes(site: &TestSite) -> Vec<Route> {
    server::routes(&site.people).map
}

/// A path that fits the route, with words nothing is called.
fn some(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') {
            "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0"
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_map_of_the_site() {
    let site = TestSite::empty();
    let mut map = String::new();
    for route in routes(&site) {
        let method = route.method.as_str();
        writeln!(map, "{method:4} {:44} {:?}", route.path, route.access).unwrap();
    }
    insta::assert_snapshot!(map);
}

#[tokio::test]
async fn a_stranger_gets_nothing_but_the_sign_in_page() {
    let (site, _) = TestSite::new().await;
    let stranger = site.stranger();
    for route in routes(&site)
        .into_iter()
        .filter(|route| !route.access.is_public())
    {
        let path = some(route.path);
        let answer = stranger
            .send(route.method.as_str(), &path, Body::empty())
            .await;
        let named = format!("{} {}", route.method, route.path);
        if path == "/api" || path.starts_with("/api/") {
            assert_eq!(answer.status, 401, "{named}");
        } else {
            assert_eq!(answer.status, 303, "{named}");
            assert!(answer.location().starts_with("/sign-in"), "{named}");
        }
    }
}

#[tokio::test]
async fn what_is_open_tells_a_stranger_nothing_of_the_workspace() {
    let (site, _) = TestSite::new().await;
    let stranger = site.stranger();
    for route in routes(&site)
        .into_iter()
        .filter(|route| route.access.is_public())
    {
        if route.method == Method::GET {
            let answer = stranger.get(&some(route.path)).await;
            for word in ["Northgate", "ada@example.org"] {
                assert!(!answer.text.contains(word), "{} shows {word}", route.path);
            }
        }
    }
}

#[tokio::test]
async fn who_lacks_the_right_is_refused() {
    let (site, _) = TestSite::new().await;
    let user = site.member("bob@example.org", Role::User).await;
    let builder = site.member("cyd@example.org", Role::Builder).await;
    for route in routes(&site) {
        let (Access::Needs(right) | Access::Fresh(right)) = route.access else {
            continue;
        };
        for (visitor, role) in [(&user, Role::User), (&builder, Role::Builder)] {
            let answer = visitor
                .send(route.method.as_str(), &some(route.path), Body::empty())
                .await;
            let named = format!("{} {} as {}", route.method, route.path, role.name());
            assert_eq!(
                answer.status == 403,
                !role.rights().contains(&right),
                "{named}: {}",
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn every_answer_wears_its_headers() {
    let (site, admin) = TestSite::new().await;
    let mut paths: Vec<String> = routes(&site)
        .into_iter()
        .filter(|route| route.method == Method::GET)
        .map(|route| some(route.path))
        .collect();
    paths.push("/nowhere".to_owned());
    for path in paths {
        let answer = admin.get(&path).await;
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "cache-control",
            "x-request-id",
        ] {
            assert!(answer.headers.contains_key(name), "{path} lacks {name}");
        }
        let csp = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(!csp.contains("unsafe"), "{path}: {csp}");
        assert!(answer.status != 500, "{path}: {}", answer.text);
    }
}
