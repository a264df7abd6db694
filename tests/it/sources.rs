//! Databases elsewhere: real PostgreSQL and MariaDB on loopback, with TLS and accounts.

mod api;
mod apps;
mod asked;
mod changed;
mod making;
mod policies;
mod servers;
mod tried;
mod types;

use std::time::Duration;

use onsight::store::Error;

use crate::canaries::held;
use crate::support::TestSite;
use servers::{Server, csv, form, id, run};

/// Every record as one text, once one of that action is among them: those of reads come a
/// moment later.
async fn records(site: &TestSite, action: &str) -> String {
    for _ in 0..12_000 {
        site.site().carry().await.unwrap();
        let told = site.site().system.read(|conn| {
            let mut list = conn.prepare("select record from _chain order by seq")?;
            let texts = list.query_map([], |row| row.get::<_, String>(0))?;
            Ok::<_, Error>(texts.collect::<Result<Vec<_>, _>>()?.join("\n"))
        });
        let told = told.await.unwrap();
        if told.contains(action) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no record of {action}");
}

#[tokio::test]
async fn rows_and_the_password_are_in_no_file_and_no_record() {
    for server in Server::both() {
        let (site, ada) = server.site().await;
        let place = server.connect(&ada, &[]).await;
        ada.post(&format!("{place}/test"), "").await;

        let shown = run(&ada, &place, "select id, name, price from item order by id").await;
        assert!(shown.text.contains(server.canary), "{}", shown.text);
        let rows = csv(&ada, &place, "select name from item where id = 3").await;
        assert_eq!(rows, format!("name\n{}\n", server.canary));
        // A server's own words hold values of rows.
        let words = "select cast(name as date) from item where id = 3";
        let failed = run(&ada, &place, words).await;
        if server.kind == "postgres" {
            assert!(failed.text.contains(server.canary), "{}", failed.text);
        }
        for page in ["/sources", &place, &format!("{place}/tables")] {
            let page = ada.get(page).await;
            assert_eq!(page.status, 200);
            assert!(!page.text.contains(server.password), "{}", page.text);
        }

        assert!(!shown.text.contains(server.password));
        records(&site, "query.run").await;
        let found = held(&site, &[server.canary, server.password]).await;
        assert!(found.is_empty(), "{found:?}");
    }
}

#[tokio::test]
async fn another_workspace_neither_sees_nor_asks_it() {
    let server = Server::postgres();
    let (site, ada) = server.site().await;
    let place = server.connect(&ada, &[]).await;
    site.site().clock.advance(1);
    let eve = site.found("Southgate", "eve@example.org").await;

    assert!(!eve.get("/sources").await.text.contains("Shop"));
    for path in [place.clone(), format!("{place}/tables")] {
        assert_eq!(eve.get(&path).await.status, 404, "{path}");
    }
    for (path, body) in [
        (place.clone(), server.form(&[])),
        (format!("{place}/test"), String::new()),
        (format!("{place}/delete"), String::new()),
    ] {
        assert_eq!(eve.post(&path, &body).await.status, 404, "{path}");
    }
    let asked = run(&eve, &place, "select name from item").await;
    assert_eq!(asked.status, 422);
    assert!(
        asked.text.contains("not connected any more"),
        "{}",
        asked.text
    );
    assert_eq!(ada.get(&place).await.status, 200);
}

#[tokio::test]
async fn a_saved_query_asks_its_database_until_that_is_gone() {
    let server = Server::postgres();
    let (_site, ada) = server.site().await;
    let place = server.connect(&ada, &[]).await;
    let fields = [
        ("source", id(&place)),
        ("name", "cheap"),
        ("sql", "select name from item where price < :most::numeric"),
        ("type.most", "number"),
        ("value.most", "2"),
    ];
    let saved = ada.post("/queries/save", &form(&fields)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let desk = ada.get("/queries/cheap").await;
    let chosen = format!("value=\"{}\" selected", id(&place));
    assert!(desk.text.contains(&chosen), "{}", desk.text);
    let schema = ada
        .get(&format!("/queries/schema?source={}", id(&place)))
        .await;
    assert!(schema.text.contains("\"item\""), "{}", schema.text);
    assert!(
        ada.get(&place).await.text.contains("cheap"),
        "deleting says who asks it"
    );

    let deleted = ada.post(&format!("{place}/delete"), "").await;

    assert_eq!(deleted.status, 303);
    let desk = ada.get("/queries/cheap").await;
    assert!(
        desk.text.contains("not connected any more"),
        "{}",
        desk.text
    );
    let asked = ada.post("/queries/run", &form(&fields)).await;
    assert_eq!(asked.status, 422, "it goes to no other database");
}
