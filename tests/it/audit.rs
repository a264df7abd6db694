//! Reads and refusals leave their records, and no hand on the trail goes unseen.
//! That every action leaves one is in `records.rs`.

use std::collections::BTreeMap;
use std::fs;

use axum::body::Body;
use axum::http::{Request, header};
use onsight::audit::{check, seal_old};
use onsight::base::Time;
use onsight::journal::{Link, as_link, hex, verify_all};
use onsight::store::Error;
use tower::ServiceExt;

use crate::support::TestSite;

/// The whole chain, after everything that waits was carried.
async fn records(site: &TestSite) -> Vec<Link> {
    site.site().carry().await.unwrap();
    let read = site.site().system.read(|conn| {
        let mut list = conn.prepare("select * from chain order by seq")?;
        let links = list.query_map([], as_link)?;
        Ok::<_, Error>(links.collect::<Result<Vec<_>, _>>()?)
    });
    read.await.unwrap()
}

async fn verify(site: &TestSite) -> Result<u64, String> {
    let keyring = std::sync::Arc::clone(&site.site().keyring);
    let data = site.site().config.data.clone();
    let verified = site
        .site()
        .system
        .read(move |conn| verify_all(conn, &keyring, &data))
        .await
        .unwrap();
    verified
        .map(|verified| verified.records)
        .map_err(|broken| broken.to_string())
}

/// What an evil hand with the keys to the database would do.
async fn tamper(site: &TestSite, sql: impl AsRef<str> + Send + 'static) {
    let done = site.site().system.write(move |tx| {
        tx.execute_batch(sql.as_ref())?;
        Ok::<_, Error>(())
    });
    done.await.unwrap();
}

#[tokio::test]
async fn reads_leave_one_record_an_hour_and_downloads_each() {
    let (site, admin) = TestSite::new().await;
    let count = async |action: &str| {
        let links = records(&site).await;
        links
            .iter()
            .filter(|link| link.past.action == action)
            .count()
    };
    for _ in 0..3 {
        assert_eq!(admin.get("/audit").await.status, 200);
        assert_eq!(admin.get("/audit/export/csv").await.status, 200);
    }
    assert_eq!(
        (count("audit.viewed").await, count("audit.exported").await),
        (1, 3)
    );
    site.site().clock.advance(61 * Time::MINUTE);
    site.prove(&admin, "/locked").await;
    assert_eq!(admin.get("/audit").await.status, 200);
    assert_eq!(count("audit.viewed").await, 2);

    let mut program = site.stranger();
    program.key = Some("onsight_wrong".to_owned());
    for _ in 0..5 {
        assert_eq!(program.get("/api/v1/apps/x/queries/y").await.status, 401);
    }
    assert_eq!(count("key.refused").await, 1);
}

#[tokio::test]
async fn who_did_not_come_in_is_written_down_with_device_and_address() {
    let (site, _) = TestSite::new().await;
    let router = onsight::server::router(&site.people);
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    let try_it = async || {
        let request = Request::builder()
            .method("POST")
            .uri("/sign-in")
            .header(header::HOST, "localhost")
            .header(header::USER_AGENT, iphone)
            .header("x-forwarded-for", "203.0.113.9")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("email=ada@example.org&then=%2F&password=wrong"))
            .unwrap();
        router.clone().oneshot(request).await.unwrap().status()
    };
    for _ in 0..9 {
        assert_eq!(try_it().await, 422);
    }
    let mut counts = BTreeMap::new();
    for link in records(&site).await {
        if link.past.action.starts_with("session.") && link.past.result == "refused" {
            assert_eq!(link.past.device, "phone");
            assert_eq!(link.past.object, "ada@example.org");
            assert!(
                !link.past.address.contains("203.0.113.9"),
                "a header nobody vouched for"
            );
            assert!(!link.past.workspace.is_empty() && !link.past.reason.is_empty());
            *counts.entry(link.past.action).or_insert(0) += 1;
        }
    }
    assert_eq!(counts.get("session.throttled"), Some(&1));
    assert!(counts["session.refused"] >= 5, "{counts:?}");
}

#[tokio::test]
async fn an_evil_hand_on_the_chain_is_named() {
    let cases = [
        (
            "edit",
            "update _chain set record = json_set(record, '$[21]', 'nothing') where seq = 4",
            "record 4 was changed",
        ),
        (
            "a copy beside it",
            "update _chain set action = 'x.y' where seq = 4",
            "record 4 was changed",
        ),
        (
            "rubbish",
            "update _chain set record = 'x' where seq = 4",
            "record 4 was changed",
        ),
        (
            "delete",
            "delete from _chain where seq = 3",
            "record 3 is missing",
        ),
        (
            "insert",
            "insert into _chain (seq, file, line, at, workspace, action, record, hash)
                    select max(seq) + 1, 'system', 99, 0, '', 'x.y', '[]', x'00' from chain",
            "was changed",
        ),
        (
            "reorder",
            "update _chain set seq = -1 where seq = 3; update _chain set seq = 3 where seq = 4; update _chain set seq = 4 where seq = -1",
            "record 3 was changed",
        ),
        ("truncate", "delete from _chain where seq > 3", "cut off"),
        (
            "truncate, with its signatures in the table",
            "delete from _chain where seq > 3; delete from chain_checkpoint where seq > 3",
            "cut off",
        ),
        (
            "first",
            "delete from _chain where seq = 1",
            "record 1 is missing",
        ),
    ];
    for (name, sql, wanted) in cases {
        let (site, admin) = TestSite::new().await;
        for round in 0..3 {
            admin.post("/account/keys", &format!("name=K{round}")).await;
        }
        site.site().checkpoint().await.unwrap().unwrap();
        assert!(verify(&site).await.is_ok(), "{name}");

        tamper(&site, sql).await;

        let said = verify(&site).await.unwrap_err();
        assert!(said.contains(wanted), "{name}: {said}");
    }
}

#[tokio::test]
async fn a_signature_cut_off_while_it_was_written_joins_no_other() {
    let (site, admin) = TestSite::new().await;
    admin.post("/account/keys", "name=K").await;
    site.site().checkpoint().await.unwrap().unwrap();
    let file = site.site().config.data.join("audit/checkpoints.ndjson");
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{whole}{}", &whole[..40])).unwrap();
    assert!(
        verify(&site).await.is_ok(),
        "what is not whole was never said"
    );

    admin.post("/account/keys", "name=L").await;
    site.site().checkpoint().await.unwrap().unwrap();

    assert!(verify(&site).await.is_ok());
    let now = fs::read_to_string(&file).unwrap();
    assert!(now.starts_with(&whole) && now.lines().count() == 2, "{now}");
    // A line that somebody wrote into it is none that was cut off.
    fs::write(&file, now.replacen("\"seq\"", "\"sqe\"", 1)).unwrap();
    assert!(verify(&site).await.is_err());
}

#[tokio::test]
async fn a_chain_that_was_made_anew_does_not_fit_what_was_signed() {
    let (site, admin) = TestSite::new().await;
    admin.post("/account/keys", "name=K").await;
    site.site().checkpoint().await.unwrap().unwrap();
    let links = records(&site).await;
    // A forger who knows how the hash is made and makes every later one anew.
    let mut hash = Vec::new();
    let mut forged = Vec::new();
    for mut link in links {
        if link.seq == 2 {
            link.past.actor_name = "Mallory".to_owned();
        }
        hash = onsight::journal::seal(&hash, link.seq, &link.file, &link.past);
        forged.push(format!(
            "update _chain set hash = x'{}', record = json_set(record, '$[5]', '{}') where seq = {};",
            hex(&hash),
            link.past.actor_name,
            link.seq
        ));
    }
    tamper(&site, forged.concat()).await;

    let said = verify(&site).await.unwrap_err();

    assert!(said.contains("rewritten"), "{said}");
}

#[tokio::test]
async fn an_export_holds_without_the_instance_and_shows_no_other_workspace() {
    let (site, admin) = TestSite::new().await;
    let other = site.found("Elsewhere", "mallory@example.net").await;
    admin.post("/account/keys", "name=Secretplan").await;
    other.post("/account/keys", "name=Theirs").await;
    let key = hex(&site.site().signer().public());
    for format in ["csv", "ndjson"] {
        let file = other.get(&format!("/audit/export/{format}")).await;
        let checked = check(file.text.as_bytes(), Some(&key)).unwrap();
        assert!(checked.records > 0);
        assert!(file.text.contains("Theirs") && !file.text.contains("Secretplan"));
        let changed = file.text.replace("Theirs", "Nobody");
        let flaw = check(changed.as_bytes(), Some(&key)).unwrap_err();
        let seq = flaw.seq.unwrap();
        let record = other.get(&format!("/audit/record/{seq}")).await;
        assert!(
            record.text.contains("Theirs") && record.text.contains("says what was sealed"),
            "{}",
            record.text
        );
        assert_eq!(admin.get(&format!("/audit/record/{seq}")).await.status, 404);
    }
    let filtered = admin
        .get("/audit?action=key.made&actor=ADA&result=ok")
        .await;
    assert_eq!(filtered.text.matches("<code>key.made</code>").count(), 1);
    let none = admin.get("/audit?object=theirs").await;
    assert!(none.text.contains("No record fits"), "{}", none.text);
    assert_eq!(admin.get("/audit?from=yesterday").await.status, 422);
}

#[tokio::test]
async fn old_records_are_sealed_and_the_chain_holds_across() {
    let (site, admin) = TestSite::new().await;
    for round in 0..3 {
        admin.post("/account/keys", &format!("name=K{round}")).await;
    }
    let before = records(&site).await.len();
    site.site().clock.advance(366 * Time::DAY);

    let sealed = seal_old(site.site()).await.unwrap();

    assert!(
        sealed > 3 && sealed < i64::try_from(before).unwrap() + 2,
        "{sealed}"
    );
    let left = records(&site).await;
    assert!(
        left.iter()
            .all(|link| link.past.at > 1_800_000_000_000 + 300 * Time::DAY || link.seq >= sealed)
    );
    assert!(verify(&site).await.is_ok());
    // What was the newest has a younger one after it now; then nothing is old.
    assert_eq!(seal_old(site.site()).await.unwrap(), 1);
    assert_eq!(seal_old(site.site()).await.unwrap(), 0);
    assert!(verify(&site).await.is_ok());

    let folder = site.site().config.data.join("audit");
    let file = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "sealed"))
        .unwrap();
    let bytes = fs::read(&file).unwrap();
    assert!(
        !bytes.windows(8).any(|piece| piece == b"key.made"),
        "it lies there in clear"
    );
    let mut changed = bytes.clone();
    changed[40] ^= 1;
    fs::write(&file, changed).unwrap();
    assert!(verify(&site).await.unwrap_err().contains("sealed file"));
    fs::write(&file, bytes).unwrap();
    assert!(verify(&site).await.is_ok());
    fs::remove_file(&file).unwrap();
    assert!(verify(&site).await.unwrap_err().contains("sealed file"));
}
