//! What was written is what is read.

use std::sync::Arc;

use serde_json::json;

use super::packed::unpack;
use super::records::*;
use crate::base::{Device, Time};
use crate::journal::entry::Past;
use crate::journal::{Actor, Chain, Entry, SYSTEM, Seen, Via};
use crate::store::{Db, Error, Key, Schema};

fn entry() -> Entry {
    let seen = Seen {
        address: "10.0.0.1".to_owned(),
        proxies: "10.0.0.2".to_owned(),
        device: Device::Cli,
        browser: "Firefox 130".to_owned(),
        system: "Debian".to_owned(),
        session: "5e5510".to_owned(),
        method: "password+app".to_owned(),
        request: "r1".to_owned(),
    };
    let actor = Actor {
        user: Some("u1".to_owned()),
        name: "Ada".to_owned(),
        email: "ada@example.org".to_owned(),
        via: Via::Web,
        workspace: Some("w1".to_owned()),
        grant: Some("g1".to_owned()),
        seen: Arc::new(seen),
    };
    Entry::new(Time(7), &actor, "app.published", "orders")
        .on("thing", "t1")
        .failed("why")
        .with(json!({ "rows": 3 }))
        .changed(&json!({ "a": 1 }), &json!({ "a": 2 }))
}

/// Fields are written and read by their places: each has to come back as itself.
#[tokio::test]
async fn every_field_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("a.db"), Key::random().unwrap());
    let db = Db::open(&path, &key, Schema::System, Arc::default()).unwrap();
    db.write(|tx| record(tx, &entry())).await.unwrap();

    let text = str::to_owned;
    let whole = Past {
        line: 1,
        version: 3,
        at: 7,
        actor_kind: text("person"),
        actor: Some(text("u1")),
        actor_name: text("Ada"),
        email: text("ada@example.org"),
        grant: text("g1"),
        workspace: text("w1"),
        via: text("web"),
        address: text("10.0.0.1"),
        proxies: text("10.0.0.2"),
        device: text(Device::Cli.name()),
        browser: text("Firefox 130"),
        system: text("Debian"),
        session: text("5e5510"),
        method: text("password+app"),
        request: text("r1"),
        action: text("app.published"),
        kind: text("thing"),
        object_id: text("t1"),
        object: text("orders"),
        result: text("failed"),
        reason: text("why"),
        row_count: Some(3),
        detail: text(r#"{"rows":3}"#),
        diff: text(r#"{"a":[1,2]}"#),
    };
    let lines = db.read(|conn| after(conn, 0, 10)).await.unwrap();
    let [(number, text)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(unpack(*number, text).unwrap(), whole);

    Chain::new(db.clone()).carry(SYSTEM, &db).await.unwrap();
    let carried = db.read(|conn| {
        let mut all = Vec::new();
        each_link(conn, 0, |link| {
            all.push(link.past);
            Ok(true)
        })?;
        Ok::<_, Error>(all)
    });
    assert_eq!(carried.await.unwrap(), [whole]);
}
