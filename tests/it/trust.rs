//! Promises are held against the instance as it is; what leaves as proof is whole,
//! and holds nobody's rows and no secret.

use std::io::{Cursor, Read};

use axum::body::Body;
use http_body_util::BodyExt;
use onsight::base::{Networks, Time};
use onsight::config::{Config, Edges, Gate};
use onsight::people;
use onsight::server;
use onsight::trust::{self, PUBLIC};
use onsight::web::Role;
use zip::ZipArchive;

use crate::support::{TestSite, Visitor};

/// What the page says of a check: its line, from the badge on.
pub(crate) async fn line(visitor: &Visitor, title: &str) -> String {
    let page = visitor.get("/security").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let at = page
        .text
        .rfind(&format!(">{title}</"))
        .unwrap_or_else(|| panic!("{title} is not there"));
    let from = page.text[..at].rfind("<tr>").unwrap();
    page.text[from..].split("</tr>").next().unwrap().to_owned()
}

pub(crate) fn is(line: &str, level: &str) -> bool {
    line.contains(&format!(">{level}</span>"))
}

#[tokio::test]
async fn what_is_open_is_exactly_what_is_listed() {
    let site = TestSite::empty();
    let mut open: Vec<String> = server::routes(&site.people)
        .map
        .iter()
        .filter(|route| route.access.is_public())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let mut listed: Vec<&str> = PUBLIC.to_vec();
    open.sort();
    listed.sort_unstable();
    assert_eq!(
        open, listed,
        "an open route has its line in PUBLIC, src/trust/pages/scan.rs"
    );
}

#[tokio::test]
async fn our_own_surface_and_chain_are_looked_at_and_found_whole() {
    let (site, admin) = TestSite::new().await;
    let page = line(&admin, "Its own surface was scanned").await;
    assert!(is(&page, "unknown"), "{page}");

    let looked = admin.post("/security/look", "").await;

    assert_eq!(looked.status, 303, "{}", looked.text);
    for title in [
        "Its own surface was scanned",
        "The chain of records is whole",
    ] {
        let now = line(&admin, title).await;
        assert!(is(&now, "green"), "{now}");
    }
    site.site().clock.advance(3 * Time::DAY);
    let later = site.again("ada@example.org", &admin).await;
    let old = line(&later, "The chain of records is whole").await;
    assert!(is(&old, "amber"), "{old}");
}

#[tokio::test]
async fn a_record_that_was_changed_turns_the_page_red_and_raises_an_alert() {
    let (site, admin) = TestSite::new().await;
    site.site().carry().await.unwrap();
    site.site()
        .system
        .write(|tx| {
            tx.execute(
                "update _chain set record = json_set(record, '$[21]', 'x') where seq = 2",
                [],
            )?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();

    admin.post("/security/look", "").await;

    let found = line(&admin, "The chain of records is whole").await;
    assert!(
        is(&found, "red") && found.contains("record 2 was changed"),
        "{found}"
    );
    let alerts: i64 = site
        .site()
        .system
        .read(|conn| {
            let sql = "select count(*) from journal where action = 'alert.raised'
                       and object = 'Not kept: The chain of records is whole'";
            Ok::<_, onsight::store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(alerts, 1);
}

#[tokio::test]
async fn a_review_falls_due_is_signed_by_name_and_is_kept_as_it_was() {
    let (site, admin) = TestSite::new().await;
    let due = line(&admin, "Logs are reviewed").await;
    assert!(is(&due, "green"), "{due}");
    site.site().clock.advance(91 * Time::DAY);
    let later = site.again("ada@example.org", &admin).await;
    let due = line(&later, "Logs are reviewed").await;
    assert!(is(&due, "amber"), "{due}");
    site.site().clock.advance(14 * Time::DAY);
    let admin = site.again("ada@example.org", &admin).await;
    let due = line(&admin, "Logs are reviewed").await;
    assert!(is(&due, "red"), "{due}");

    let page = admin.get("/security/reviews").await;
    assert!(page.text.contains("session.opened"), "{}", page.text);
    let last = page.between("name=\"last\" value=\"", "\"").to_owned();
    let short = admin
        .post("/security/reviews", &format!("last={last}&notes=ok"))
        .await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("at least 10 characters") && short.text.contains(">ok</textarea>"));
    let form = format!("last={last}&notes=Looked+at+refusals%2C+nothing+unusual");
    let signed = admin.post("/security/reviews", &form).await;

    assert_eq!(signed.status, 303, "{}", signed.text);
    let page = admin.get("/security/reviews").await;
    let path = format!(
        "/security/reviews/{}",
        page.between("href=\"/security/reviews/", "\"")
    );
    let kept = admin.get(&path).await;
    assert!(kept.text.contains("nothing unusual") && kept.text.contains("session.opened"));
    assert!(is(&line(&admin, "Logs are reviewed").await, "green"));
}

#[tokio::test]
async fn hosting_facts_are_written_changed_and_told_of_before_they_end() {
    let (site, admin) = TestSite::new().await;
    assert!(is(
        &line(&admin, "Where it runs is written down").await,
        "amber"
    ));
    let wrong = admin
        .post("/security/hosting", "kind=certificate&name=&ends=soon")
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("write a day such as") && wrong.text.contains("value=\"soon\""));

    let form = "kind=certificate&name=ISO+27001&number=IS+77&ends=2027-12-31&link=&note=";
    assert_eq!(admin.post("/security/hosting", form).await.status, 303);

    assert!(is(
        &line(&admin, "Where it runs is written down").await,
        "green"
    ));
    let page = admin.get("/security/hosting").await;
    let path = format!(
        "/security/hosting/{}",
        page.between("href=\"/security/hosting/", "\"")
    );
    let form = "kind=certificate&name=ISO+27001&number=IS+77&ends=2027-01-14&link=&note=";
    assert_eq!(admin.post(&path, form).await.status, 303);
    assert!(is(
        &line(&admin, "Where it runs is written down").await,
        "amber"
    ));
    let auditor = site.member("fay@example.org", Role::Auditor).await;
    let shared = auditor.get("/promises").await;
    assert!(shared.text.contains("ISO 27001") && shared.text.contains("IS 77"));
    assert_eq!(admin.post(&format!("{path}/delete"), "").await.status, 303);
    assert_eq!(admin.get(&path).await.status, 404);
}

#[tokio::test]
async fn without_a_copy_and_without_a_plan_for_one_the_page_is_red() {
    let (_, admin) = TestSite::new().await;
    let found = line(&admin, "Copies are made").await;
    assert!(
        is(&found, "red") && found.contains("nothing is backed up"),
        "{found}"
    );
    for title in ["Deleted is gone", "Usage reports", "Holds on copies"] {
        let found = line(&admin, title).await;
        assert!(is(&found, "green"), "{found}");
    }
}

#[tokio::test]
async fn doors_and_people_are_held_against_what_is_promised() {
    let site = TestSite::with(|config| Config {
        edges: Edges {
            proxies: Networks::parse("0.0.0.0/0").unwrap(),
            gate: Gate::default(),
            ..Edges::default()
        },
        ..config
    });
    let admin = site.found("Northgate", "ada@example.org").await;
    assert!(is(&line(&admin, "Networks and proxies").await, "red"));
    site.site().clock.advance(95 * Time::DAY);
    let later = site.again("ada@example.org", &admin).await;
    let new = people::list(site.site()).await.unwrap();
    assert_eq!(new.len(), 1);
    assert!(is(&line(&later, "Accounts are in use").await, "green"));
    site.member("bob@example.org", Role::User).await;
    site.site().clock.advance(95 * Time::DAY);
    let later = site.again("ada@example.org", &admin).await;
    let found = line(&later, "Accounts are in use").await;
    assert!(
        is(&found, "amber") && found.contains("bob@example.org"),
        "{found}"
    );
}

/// The zip that a form answers with.
async fn pack(visitor: &Visitor, path: &str, form: &str) -> Vec<u8> {
    let kind = "application/x-www-form-urlencoded";
    let answer = visitor
        .ask("POST", path, kind, Body::from(form.to_owned()))
        .await;
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "application/zip");
    answer
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .into()
}

/// Name and text of every entry.
fn entries(zip: &[u8]) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    let names = zip.file_names().map(|name| name.unwrap().into_owned());
    let names: Vec<String> = names.collect();
    let read = |name: String| {
        let mut text = String::new();
        zip.by_name(&name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// What stands in rows, in names of tables, and in secrets.
const CANARIES: [&str; 3] = ["canary-in-a-row", "canary_column", "canary_table"];

async fn stage() -> (TestSite, Visitor) {
    let (site, admin) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let rows = "id,canary_column\n1,canary-in-a-row\n";
    site.table(workspace, "canary_table", rows).await;
    admin.get("/data/canary_table").await;
    (site, admin)
}

#[tokio::test]
async fn evidence_of_the_instance_holds_every_listed_file_and_no_row() {
    let (site, admin) = stage().await;
    let seed = site.shown(&admin);
    admin.post("/security/look", "").await;

    let zip = pack(
        &admin,
        "/security/evidence",
        "from=2026-10-01&to=2027-02-01",
    )
    .await;

    let key = onsight::journal::hex(&site.site().signer().public());
    let checked = trust::check_pack(Cursor::new(&zip), Some(&key)).unwrap();
    let entries = entries(&zip);
    for name in [
        "findings.json",
        "findings-history.csv",
        "audit.ndjson",
        "people.csv",
        "access-review.csv",
        "keys.csv",
        "backup-points.csv",
        "backup-proofs.json",
        "configuration.json",
        "log-reviews.json",
        "hosting.csv",
        "routes.csv",
        "control-register.csv",
        "security.md",
        "third-party.md",
    ] {
        let listed = checked
            .manifest
            .files
            .iter()
            .any(|listed| listed.name == name);
        assert!(listed, "{name} is not on the list");
        let (_, text) = entries.iter().find(|(known, _)| known == name).unwrap();
        assert!(!text.is_empty(), "{name} is empty");
    }
    let text = |name: &str| &entries.iter().find(|(known, _)| known == name).unwrap().1;
    assert!(text("people.csv").contains("ada@example.org"));
    let audit = onsight::audit::check(text("audit.ndjson").as_bytes(), Some(&key)).unwrap();
    assert!(audit.records > 3);
    assert!(text("audit.ndjson").contains("session."));
    let instance = std::fs::read_to_string(site.site().config.data.join("keys/instance.key"));
    for (name, text) in &entries {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{name} holds {canary}");
        }
        assert!(
            !text.contains(instance.as_ref().unwrap().trim()),
            "{name} holds the key"
        );
        assert!(
            name == "manifest.sig" || !text.contains(&format!("\"{seed}\"")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_auditor_takes_the_evidence_of_their_workspace_and_of_no_other() {
    let (site, _) = stage().await;
    site.site().clock.advance(1);
    site.make("Southgate", "zoe@example.org").await;
    let auditor = site.member("fay@example.org", Role::Auditor).await;
    let form = "from=2026-10-01&to=2027-02-01";
    let unsure = auditor.post("/security/evidence", form).await;
    assert_eq!(unsure.status, 403);

    let zip = pack(&auditor, "/promises/evidence", form).await;

    assert!(trust::check_pack(Cursor::new(&zip), None).is_ok());
    for (name, text) in entries(&zip) {
        for theirs in ["Southgate", "zoe@example.org", "canary-in-a-row"] {
            assert!(!text.contains(theirs), "{name} holds {theirs}");
        }
    }
    let builder = site.member("cyd@example.org", Role::Builder).await;
    assert_eq!(builder.post("/promises/evidence", form).await.status, 403);
    let wrong = auditor
        .post("/promises/evidence", "from=2027-02-01&to=2026-10-01")
        .await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn a_support_bundle_holds_nobodys_name_no_row_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("onsight.toml");
    std::fs::write(
        &file,
        "[mail]\npassword = \"canary-secret\" # canary-note\n",
    )
    .unwrap();
    let site = TestSite::with(|config| Config {
        file: Some(file),
        ..config
    });
    let admin = site.found("Northgate", "ada@example.org").await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let rows = "id,canary_column\n1,canary-in-a-row\n";
    site.table(workspace, "canary_table", rows).await;
    site.member("bob@example.org", Role::User).await;
    site.site().clock.advance(95 * Time::DAY);
    let admin = site.again("ada@example.org", &admin).await;
    let seen = line(&admin, "Accounts are in use").await;
    assert!(seen.contains("bob@example.org"), "{seen}");

    let zip = pack(&admin, "/security/support", "").await;

    assert!(trust::check_pack(Cursor::new(&zip), None).is_ok());
    let entries = entries(&zip);
    let findings = &entries
        .iter()
        .find(|(name, _)| name == "findings.json")
        .unwrap()
        .1;
    assert!(
        findings.contains("without a sign-in for 90 days"),
        "{findings}"
    );
    for (name, text) in &entries {
        for word in CANARIES {
            assert!(!text.contains(word), "{name} holds {word}");
        }
        for word in ["Northgate", "ada@", "bob@", "canary-secret", "canary-note"] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
    }
}

#[tokio::test]
async fn the_document_and_the_register_are_there_to_read() {
    let (_, admin) = TestSite::new().await;
    let document = admin.get("/security/document").await;
    assert!(document.text.contains(env!("CARGO_PKG_VERSION")));
    assert!(document.text.contains("Known gaps"), "{}", document.text);
    let register = admin.get("/security/register").await;
    assert!(register.text.contains("CC6.1") && register.text.contains("8.24"));
}
