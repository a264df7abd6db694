//! The keys of programs: what they open, from where, how long, and what is
//! written down when they do not.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, header};
use onsight::base::Time;
use onsight::server;
use onsight::web::{Peer, Role};
use tower::ServiceExt;

use crate::support::{TestSite, Visitor};

const HOME: &str = "10.1.2.3";
const AWAY: &str = "192.168.0.9";

async fn made(by: &Visitor, form: &str) -> String {
    let made = by.post("/account/keys", form).await;
    assert_eq!(made.status, 200, "{}", made.text);
    format!("onsight_{}", made.between("onsight_", "<"))
}

/// Asks for rows of an app that is not there: 404 says that the key opened.
async fn ask(site: &TestSite, key: &str, from: &str, app: &str) -> u16 {
    let address: IpAddr = from.parse().unwrap();
    let request = Request::get(format!("/api/v1/apps/{app}/queries/list"))
        .header(header::HOST, "localhost")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .extension(Peer(address))
        .body(Body::empty())
        .unwrap();
    let answer = server::router(&site.people).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(
        answer.headers().contains_key(header::WWW_AUTHENTICATE),
        status == 401
    );
    status
}

/// What the journal says of refused keys, oldest first.
async fn refusals(site: &TestSite) -> Vec<(String, String, String)> {
    let read = site.site().system.read(|conn| {
        let mut list = conn.prepare(
            "select object, address, reason || detail from journal where action = 'key.refused' order by id",
        )?;
        let rows = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok::<_, onsight::store::Error>(rows.collect::<Result<_, _>>()?)
    });
    read.await.unwrap()
}

#[tokio::test]
async fn a_key_from_another_network_opens_nothing_and_that_is_written_down() {
    let (site, admin) = TestSite::new().await;
    let key = made(&admin, "name=Excel&networks=10.0.0.0%2F8").await;

    assert_eq!(ask(&site, &key, HOME, "orders").await, 404);
    assert_eq!(ask(&site, &key, AWAY, "orders").await, 401);
    assert_eq!(ask(&site, &key, AWAY, "orders").await, 401);

    let written = refusals(&site).await;
    assert_eq!(written.len(), 1, "{written:?}");
    let (object, address, detail) = &written[0];
    assert_eq!((object.as_str(), address.as_str()), ("Excel", AWAY));
    assert!(detail.contains("another network"), "{detail}");
    assert!(!detail.contains(&key), "{detail}");
}

#[tokio::test]
async fn a_key_ends_by_itself_by_its_owner_and_by_an_admin() {
    let (site, admin) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    let (short, own, any) = (
        made(&bob, "name=Short&days=1").await,
        made(&bob, "name=Own&days=365").await,
        made(&bob, "name=Any").await,
    );
    for key in [&short, &own, &any] {
        assert_eq!(ask(&site, key, HOME, "orders").await, 404);
    }
    site.site().clock.advance(Time::DAY);
    assert_eq!(ask(&site, &short, HOME, "orders").await, 401);
    assert_eq!(ask(&site, &own, HOME, "orders").await, 404);

    let bob = site.again("bob@example.org", &bob).await;
    let admin_again = site.again("ada@example.org", &admin).await;
    let id_of = |page: &str, name: &str| {
        let (_, after) = page.split_once(&format!(">{name}</td>")).unwrap();
        let (_, after) = after.split_once("/keys/").unwrap();
        after.split('/').next().unwrap().to_owned()
    };
    let mine = bob.get("/account/keys").await.text;
    let revoke = format!("/account/keys/{}/revoke", id_of(&mine, "Own"));
    assert_eq!(admin_again.post(&revoke, "").await.status, 404);
    assert_eq!(bob.post(&revoke, "").await.status, 303);
    assert_eq!(ask(&site, &own, HOME, "orders").await, 401);

    let all = admin_again.get("/members/keys").await.text;
    let revoke = format!("/members/keys/{}/revoke", id_of(&all, "Any"));
    assert_eq!(bob.post(&revoke, "").await.status, 403);
    let other = site.found("Elsewhere", "eve@example.org").await;
    assert_eq!(other.post(&revoke, "").await.status, 404);
    assert!(!other.get("/members/keys").await.text.contains("Any"));
    assert_eq!(admin_again.post(&revoke, "").await.status, 303);
    assert_eq!(ask(&site, &any, HOME, "orders").await, 401);

    let reasons: Vec<String> = refusals(&site).await.into_iter().map(|row| row.2).collect();
    for reason in ["expired", "revoked"] {
        assert!(
            reasons.iter().any(|row| row.contains(reason)),
            "{reasons:?}"
        );
    }
}

#[tokio::test]
async fn a_key_for_one_app_reads_no_other() {
    let (site, admin) = TestSite::new().await;
    let key = made(&admin, "name=Excel&apps=orders%2C+stock").await;
    assert_eq!(ask(&site, &key, HOME, "orders").await, 404);
    assert_eq!(ask(&site, &key, HOME, "stock").await, 404);
    for other in ["people", "order", "orders%2F..%2Fpeople", "Orders"] {
        assert_eq!(ask(&site, &key, HOME, other).await, 403, "{other}");
    }
}

#[tokio::test]
async fn a_key_of_somebody_shut_out_opens_nothing() {
    let (site, _admin) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    let key = made(&bob, "name=Excel").await;
    assert_eq!(ask(&site, &key, HOME, "orders").await, 404);
    let email = onsight::people::Email::parse("bob@example.org").unwrap();
    onsight::people::disable(site.site(), &email).await.unwrap();
    // What the command line changed is noticed after two seconds.
    site.site().clock.advance(2 * Time::SECOND);

    assert_eq!(ask(&site, &key, HOME, "orders").await, 401);
    assert_eq!(ask(&site, "onsight_never", HOME, "orders").await, 401);

    let reasons: Vec<String> = refusals(&site).await.into_iter().map(|row| row.2).collect();
    assert!(reasons[0].contains("owner disabled"), "{reasons:?}");
    assert!(reasons[1].contains("no such key"), "{reasons:?}");
}

#[tokio::test]
async fn what_was_typed_for_a_key_comes_back_with_what_is_wrong() {
    let (_site, admin) = TestSite::new().await;
    let again = admin
        .post(
            "/account/keys",
            "name=Excel&apps=orders&networks=10.0.0.5%2F8&days=400",
        )
        .await;
    assert_eq!(again.status, 422);
    for shown in [
        "value=\"Excel\"",
        "value=\"orders\"",
        "is no network",
        "from 1 to 365",
    ] {
        assert!(again.text.contains(shown), "{shown}: {}", again.text);
    }
}
