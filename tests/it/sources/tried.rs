//! Connecting: what is kept, what is forgotten, and where a test says that it ends.

use onsight::store::Error;

use super::servers::Server;
use crate::support::{TestSite, Visitor};

/// The step that failed, with its words; empty: all went well.
async fn failed(visitor: &Visitor, place: &str) -> String {
    let page = visitor.post(&format!("{place}/test"), "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let lines = page.text.split("<div><dt>").skip(1);
    let bad = lines.filter(|line| line.contains("badge bad"));
    bad.map(|line| line.split("</dd>").next().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn a_test_says_which_step_failed_and_never_the_password() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let reason = ("reason", "a test on one machine");
        for (changes, step) in [
            (vec![("host", "nobody.invalid")], "Find the machine"),
            (vec![("port", "1")], "Reach it at that port"),
            (vec![("host", "169.254.169.254")], "Reach it at that port"),
            (vec![("tls", "verify"), ("ca", "")], "Secure the connection"),
            (vec![("password", "wrong-KANARIE")], "Sign in"),
            (vec![("user", "nobody")], "Sign in"),
            (vec![("database", "absent")], "Open the database"),
            (vec![], ""),
            (vec![("tls", "require"), reason], ""),
        ] {
            let place = server.connect(&ada, &changes).await;

            let said = failed(&ada, &place).await;

            assert!(
                said.starts_with(step),
                "{} {changes:?}: {said}",
                server.kind
            );
            assert_eq!(
                said.is_empty(),
                step.is_empty(),
                "{} {changes:?}: {said}",
                server.kind
            );
            for secret in [server.password, "wrong-KANARIE"] {
                assert!(!said.contains(secret), "{said}");
            }
            ada.post(&format!("{place}/delete"), "").await;
        }
    }
}

#[tokio::test]
async fn without_tls_it_needs_a_reason_and_is_shown_amber() {
    for (server, user) in [(Server::postgres(), "reader"), (Server::mariadb(), "plain")] {
        let (_site, ada) = server.site().await;
        let off = [("tls", "off"), ("ca", ""), ("user", user)];
        let refused = ada.post("/sources", &server.form(&off)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("say why"), "{}", refused.text);
        assert!(
            !refused.text.contains(server.password),
            "it never goes back"
        );

        let reason = ("reason", "a cable in one rack");
        let place = server
            .connect(&ada, &[off[0], off[1], off[2], reason])
            .await;

        assert_eq!(failed(&ada, &place).await, "", "{}", server.kind);
        let page = ada.get(&place).await.text;
        assert!(page.contains("note warn") && page.contains("a cable in one rack"));
        assert!(
            ada.get("/sources")
                .await
                .text
                .contains("not safe on the way")
        );
    }
}

#[tokio::test]
async fn an_account_that_may_do_more_than_read_is_told_with_what_mends_it() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server.connect(&ada, &[]).await;

        let page = ada.post(&format!("{place}/test"), "").await.text;

        assert!(
            page.contains("This account may do more than read"),
            "{page}"
        );
        assert!(page.contains("onsight_reader"), "{page}");
    }
    let server = Server::mariadb();
    let (_site, ada) = server.site().await;
    let reason = ("reason", "an account of the tests");
    let changes = [("user", "plain"), ("tls", "require"), reason];
    let place = server.connect(&ada, &changes).await;
    let page = ada.post(&format!("{place}/test"), "").await.text;
    assert!(!page.contains("may do more than read"), "{page}");
}

/// How many passwords lie there.
async fn kept(site: &TestSite) -> i64 {
    let count = site.site().system.read(|conn| {
        let sql = "select count(*) from source where password is not null";
        Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?)
    });
    count.await.unwrap()
}

#[tokio::test]
async fn a_password_goes_to_no_other_place_and_no_page_shows_it() {
    let server = Server::postgres();
    let (site, ada) = server.site().await;
    let place = server.connect(&ada, &[]).await;
    let save = async |changes: &[(&str, &str)], revision: &str| {
        let mut all = vec![("password", ""), ("revision", revision)];
        all.extend_from_slice(changes);
        ada.post(&place, &server.form(&all)).await
    };

    assert_eq!(
        save(&[("name", "Store"), ("rows", "7")], "1").await.status,
        303
    );
    assert_eq!(kept(&site).await, 1, "it is still the same place");
    assert_eq!(failed(&ada, &place).await, "");
    let late = save(&[], "1").await;
    assert_eq!(late.status, 409, "somebody changed it meanwhile");
    for (at, change) in [
        ("host", "localhost"),
        ("port", "5433"),
        ("database", "postgres"),
        ("user", "owner"),
        ("kind", "mysql"),
        ("tls", "verify"),
    ]
    .into_iter()
    .enumerate()
    {
        let revision = (2 + 2 * at).to_string();
        assert_eq!(save(&[change], &revision).await.status, 303, "{change:?}");
        assert_eq!(kept(&site).await, 0, "{change:?}");
        assert!(ada.get(&place).await.text.contains("There is no password"));
        let again = (3 + 2 * at).to_string();
        save(&[("password", server.password)], &again).await;
        assert_eq!(kept(&site).await, 1);
    }
}

#[tokio::test]
async fn only_admins_connect_and_everything_is_recorded_without_the_password() {
    let server = Server::postgres();
    let (site, ada) = server.site().await;
    let place = server.connect(&ada, &[]).await;
    let bob = site
        .member("bob@example.org", onsight::web::Role::Builder)
        .await;

    assert_eq!(bob.get("/sources").await.status, 200);
    assert_eq!(bob.get(&format!("{place}/tables")).await.status, 200);
    for path in ["/sources/new", &place] {
        assert_eq!(bob.get(path).await.status, 403, "{path}");
    }
    let added = bob
        .post("/sources", &server.form(&[("name", "Other")]))
        .await;
    assert_eq!(added.status, 403);

    ada.post(&place, &server.form(&[("revision", "1"), ("rows", "5")]))
        .await;
    failed(&ada, &place).await;
    ada.post(&format!("{place}/delete"), "").await;
    let told = super::records(&site, "source.deleted").await;
    for action in [
        "source.added",
        "source.changed",
        "source.tested",
        "source.deleted",
    ] {
        assert!(told.contains(action), "{action}");
    }
    assert!(!told.contains(server.password));
}
