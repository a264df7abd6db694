//! What every answer wears, whatever it answers; and what a browser is told.

use axum::body::Body;
use axum::http::{Request, header};
use onsight::config::{Config, Edges, Said, Url};
use onsight::people::People;
use onsight::server;
use onsight::site::Site;
use tower::ServiceExt;

use crate::support::{Answer, TestSite, Visitor};

const EXPECTED: [(&str, &str); 11] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types onsight default",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    ("permissions-policy", "camera=()"),
    ("cache-control", ""),
    ("x-request-id", "-"),
];

fn is_dressed(answer: &Answer, what: &str) {
    for (name, value) in EXPECTED {
        let found = answer.headers.get_all(name).iter().collect::<Vec<_>>();
        assert_eq!(
            found.len(),
            1,
            "{what}: {name} is there {} times",
            found.len()
        );
        let found = found[0].to_str().unwrap();
        assert!(found.contains(value), "{what}: {name}: {found}");
    }
    for told in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(told), "{what} tells {told}");
    }
}

/// What is only for whoever is signed in is kept by no browser and no proxy.
fn is_not_kept(answer: &Answer, what: &str) {
    let kept = answer.headers["cache-control"].to_str().unwrap();
    assert!(kept.contains("no-store"), "{what}: {kept}");
}

fn some(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(_) => "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0",
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_answers_dressed_to_a_stranger_and_to_an_admin() {
    let (site, admin) = TestSite::new().await;
    let stranger = site.stranger();
    for route in server::routes(&site.people).map {
        // Ends the session that the walk needs.
        if ["/sign-out", "/account/sessions/end"].contains(&route.path) {
            continue;
        }
        for visitor in [&stranger, &admin] {
            let answer = visitor
                .send(route.method.as_str(), &some(route.path), Body::empty())
                .await;
            let what = format!("{} {}", route.method, route.path);
            is_dressed(&answer, &what);
            if !route.access.is_public() {
                is_not_kept(&answer, &what);
            }
        }
    }
}

async fn ask(visitor: &Visitor, method: &str, path: &str, expected: u16) {
    let answer = visitor.send(method, path, Body::empty()).await;
    assert_eq!(answer.status, expected, "{method} {path}");
    is_dressed(&answer, &format!("{method} {path}"));
}

#[tokio::test]
async fn what_goes_wrong_is_dressed_too() {
    let (site, admin) = TestSite::new().await;
    ask(&admin, "GET", "/nowhere", 404).await;
    ask(&admin, "PUT", "/account", 404).await;
    ask(&admin, "TRACE", "/account", 404).await;
    ask(&admin, "GET", "/", 303).await;
    ask(&admin, "HEAD", "/account", 200).await;
    ask(&site.stranger(), "GET", "/account", 303).await;
    ask(&site.stranger(), "GET", "/api/v1/apps/a/queries/b", 401).await;
    ask(&admin, "GET", &format!("/{}", "a".repeat(9 << 10)), 414).await;
    ask(&admin, "GET", "/assets/none/css/nothing.css", 404).await;

    let long = admin.post("/sign-in", &"a".repeat(300 << 10)).await;
    assert_eq!(long.status, 413);
    is_dressed(&long, "413");
    assert!(long.text.contains("more than fits"), "{}", long.text);

    let twice = site.stranger().get("/sign-in?then=/a&then=/b").await;
    assert_eq!(twice.status, 400);
    is_dressed(&twice, "400");
    assert!(twice.text.contains("cannot be read"), "{}", twice.text);

    let style = format!("{}/css/base.css", onsight::web::assets_prefix());
    let asset = site.stranger().get(&style).await;
    assert_eq!(asset.status, 200);
    is_dressed(&asset, "an asset");

    site.site()
        .system
        .write(|tx| {
            tx.execute("drop table api_key", [])?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();
    let broken = admin.get("/account/keys").await;
    assert_eq!(broken.status, 500);
    is_dressed(&broken, "500");
    assert!(!broken.text.contains("api_key"), "{}", broken.text);
}

#[tokio::test]
async fn browsers_are_told_of_tls_only_once_an_operator_saw_no_warning() {
    let (site, admin) = TestSite::new().await;
    let told = async || {
        let answer = site.stranger().get("/sign-in").await;
        let told = answer.headers.get(header::STRICT_TRANSPORT_SECURITY);
        told.map(|told| told.to_str().unwrap().to_owned())
    };
    assert_eq!(told().await, None);

    let unseen = admin.post("/security/transport", "strict=on").await;
    assert_eq!(unseen.status, 422);
    assert!(unseen.text.contains("without a warning"));
    assert_eq!(told().await, None);

    let on = admin
        .post("/security/transport", "strict=on&trusted=yes")
        .await;
    assert_eq!(on.status, 303);
    assert_eq!(told().await.unwrap(), "max-age=31536000");
    let wide = "strict=on&trusted=yes&subdomains=yes";
    admin.post("/security/transport", wide).await;
    assert_eq!(told().await.unwrap(), "max-age=31536000; includeSubDomains");
    admin.post("/security/transport", "strict=off").await;
    assert_eq!(told().await.unwrap(), "max-age=0");

    let written = site.site().system.read(|conn| {
        let count = "select count(*) from journal where action = 'transport.changed'";
        Ok::<_, onsight::store::Error>(conn.query_row(count, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(written.await.unwrap(), 3);
}

async fn welcome(people: &People) {
    let ada = onsight::people::NewUser {
        email: onsight::people::Email::parse("ada@example.org").unwrap(),
        name: "Ada".to_owned(),
        role: onsight::web::Role::Admin,
        operator: true,
    };
    let site = &people.site;
    onsight::people::welcome(site, ada, "Northgate", None)
        .await
        .unwrap();
}

#[tokio::test]
async fn whom_to_tell_of_a_hole_stands_where_people_look() {
    let (site, _) = TestSite::new().await;
    let path = "/.well-known/security.txt";
    assert_eq!(site.stranger().get(path).await.status, 404);

    let folder = tempfile::TempDir::new().unwrap();
    let said = Said {
        data: Some(folder.path().to_owned()),
        edges: Some(Edges {
            url: Url::parse("https://apps.corp.example"),
            security_contact: Some("mailto:security@corp.example".to_owned()),
            support: Some("the IT desk, ext. 1234".to_owned()),
            ..Edges::default()
        }),
        ..Said::default()
    };
    let clock = onsight::base::Clock::set_to(crate::support::NOON);
    let people = People::new(Site::open(Config::of(&[said]).unwrap(), clock).unwrap());
    let router = server::router(&people);
    // The name people know it by is taken, though the certificate has others.
    let request = Request::get(path)
        .header(header::HOST, "apps.corp.example")
        .body(Body::empty())
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(
        answer.headers()[header::CONTENT_TYPE],
        "text/plain; charset=utf-8"
    );
    let body = axum::body::to_bytes(answer.into_body(), 4096)
        .await
        .unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&body), @r"
    Contact: mailto:security@corp.example
    Expires: 2027-04-15T08:00:00Z
    Preferred-Languages: en
    Canonical: https://apps.corp.example/.well-known/security.txt
    ");

    welcome(&people).await;
    let request = Request::get("/sign-in")
        .header(header::HOST, "apps.corp.example")
        .body(Body::empty())
        .unwrap();
    let answer = server::router(&people).oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(answer.into_body(), 65_536)
        .await
        .unwrap();
    let page = String::from_utf8_lossy(&body);
    for said in [
        "Help: the IT desk, ext. 1234",
        "<a class=\"link\" href=\"mailto:security@corp.example\">security@corp.example</a>",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
}

/// Every route that asks nobody who they are stands in the operator's manual,
/// and nothing else does.
#[tokio::test]
async fn what_is_public_is_in_the_manual() {
    let site = TestSite::empty();
    let mut public: Vec<String> = server::routes(&site.people)
        .map
        .into_iter()
        .filter(|route| route.access.is_public())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    public.sort();
    let manual = std::fs::read_to_string("docs/operator.md").unwrap();
    let (_, section) = manual.split_once("## What strangers reach").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut written: Vec<String> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split('`').next())
        .map(str::to_owned)
        .collect();
    written.sort();
    assert_eq!(public, written);
}
