//! All data of a workspace, in one archive, for who may have it and no longer.

use std::io::{Cursor, Read};

use http_body_util::BodyExt;
use onsight::age::Opener;
use onsight::base::{Secret, Time};
use onsight::ending;
use onsight::people::{self, Email};
use onsight::web::Role;

use super::{APP, ROWS, import, number, send};
use crate::support::{TestSite, Visitor};

const WORDS: &str = "correct horse battery staple";
const FORM: &str = "seal=passphrase&words=correct+horse+battery+staple";

/// Asks for an archive and waits for it. Gives where it stands.
pub(crate) async fn ask(by: &Visitor, workspace: &str) -> String {
    let asked = by
        .post("/returns", &format!("workspace={workspace}&{FORM}"))
        .await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let at = asked.location().to_owned();
    for _ in 0..4_000 {
        if by
            .get(&format!("{at}/progress"))
            .await
            .text
            .contains("data-done")
        {
            return at;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the archive is never made");
}

pub(crate) async fn link(by: &Visitor, at: &str) -> String {
    let made = by.post(&format!("{at}/link"), "").await;
    assert_eq!(made.status, 200, "{}", made.text);
    format!("/take/{}", made.between("/take/", "<"))
}

pub(crate) async fn take(by: &Visitor, link: &str) -> Vec<u8> {
    let taken = by
        .ask(
            "POST",
            link,
            "application/x-www-form-urlencoded",
            axum::body::Body::empty(),
        )
        .await;
    assert_eq!(taken.status(), 200);
    taken
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .to_vec()
}

pub(crate) type Zip = zip::ZipArchive<Cursor<Vec<u8>>>;

pub(crate) fn open(sealed: Vec<u8>) -> Zip {
    let words = Secret::from(WORDS.to_owned());
    let mut opener = Opener::with_words(Cursor::new(sealed), &words).unwrap();
    let mut bytes = Vec::new();
    opener.read_to_end(&mut bytes).unwrap();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap()
}

pub(crate) fn entry(zip: &mut Zip, name: &str) -> String {
    let mut text = String::new();
    zip.by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[tokio::test]
async fn an_archive_holds_all_there_is_and_its_link_opens_once() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    import(&site, workspace, APP).await;
    let upload = send(&ada, "list.csv", "id,word\n1,waits\n").await;
    site.member("bob@example.org", Role::Builder).await;

    let at = ask(&ada, &workspace.to_string()).await;
    let link = link(&ada, &at).await;
    let stranger = site.stranger();
    assert_eq!(stranger.get(&link).await.status, 200);
    let sealed = take(&stranger, &link).await;

    assert_eq!(stranger.post(&link, "").await.status, 404, "it opens once");
    assert!(!String::from_utf8_lossy(&sealed).contains("canaryrow1204"));
    let mut zip = open(sealed);
    let manifest: serde_json::Value =
        serde_json::from_str(&entry(&mut zip, "manifest.json")).unwrap();
    let counts = &manifest["counts"];
    assert_eq!(counts["tables"]["rows"], 3);
    assert_eq!(counts["apps"]["apps"], 1);
    assert_eq!(counts["files"]["files"], 1);
    assert_eq!(counts["members"]["members"], 2);
    let listed = manifest["entries"].as_array().unwrap();
    assert_eq!(listed.len() + 1, zip.len(), "all but the list itself");
    for one in listed {
        let mut bytes = Vec::new();
        let name = one["name"].as_str().unwrap();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        let hash = onsight::journal::hex(&onsight::journal::sha256(&bytes));
        assert_eq!(one["sha256"], hash.as_str(), "{name}");
    }
    assert_eq!(entry(&mut zip, "apps/desk/draft.toml"), APP);
    assert_eq!(entry(&mut zip, "tables/words.csv").lines().count(), 4);
    let file = entry(&mut zip, &format!("files/{upload}/list.csv"));
    assert_eq!(file, "id,word\n1,waits\n");
    let records = entry(&mut zip, "audit/records.ndjson");
    assert!(records.contains("data.return_asked"), "{records}");
    assert!(entry(&mut zip, "members/members.csv").contains("bob@example.org"));

    #[expect(clippy::disallowed_methods, reason = "a database of whoever takes it")]
    let back = rusqlite::Connection::open_in_memory().unwrap();
    back.execute_batch(&entry(&mut zip, "tables/tables.sql"))
        .unwrap();
    let sum: i64 = back
        .query_row(
            "select sum(id) from words where word like 'canary%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(sum, 6);
}

#[tokio::test]
async fn the_page_tells_every_part_and_only_admins_take() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let bob = site.member("bob@example.org", Role::Builder).await;
    ada.post(
        "/deletion",
        "undo=23&contact=Dana+Ray%2C+privacy%40example.org",
    )
    .await;

    let page = bob.get("/returns").await.text;

    for part in [
        "Tables",
        "Apps",
        "Saved queries",
        "Files",
        "Members",
        "Audit trail",
        "Settings",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("Dana Ray") && !page.contains("Make the archive"));
    let form = format!("workspace={workspace}&{FORM}");
    assert_eq!(bob.post("/returns", &form).await.status, 403);
    let weak = ada
        .post("/returns", &format!("workspace={workspace}&words=short"))
        .await;
    assert_eq!(weak.status, 422);
}

#[tokio::test]
async fn a_closed_workspace_gives_its_data_back_for_thirty_days() {
    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let dan = site.member("dan@example.org", Role::Admin).await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    site.table(workspace, "words", ROWS).await;
    let closed = op.post(&format!("/workspaces/{workspace}/close"), "").await;
    assert_eq!(closed.status, 303, "{}", closed.text);

    site.site().clock.advance(29 * Time::DAY);
    assert_eq!(ending::round(site.site()).await.unwrap(), 0);
    let back = site.again("dan@example.org", &dan).await;
    let at = ask(&back, &workspace.to_string()).await;
    let link = link(&back, &at).await;
    let mut zip = open(take(&back, &link).await);
    assert!(entry(&mut zip, "tables/words.csv").contains("canaryrow1205"));
    assert_eq!(
        bob.get("/returns").await.location().split('?').next(),
        Some("/sign-in")
    );

    site.site().clock.advance(2 * Time::DAY);
    let email = Email::parse("dan@example.org").unwrap();
    let way = people::sign_in_link(site.site(), &email).await.unwrap();
    let mut late = site.stranger();
    let half = late.post(&way, "").await;
    late.keep_named("__Host-entry=", &half);
    let form = format!("code={}&then=%2Freturns", site.shown(&dan));
    let refused = late.post("/sign-in/second", &form).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(ending::round(site.site()).await.unwrap(), 1);
    assert_eq!(number(&site, "select count(*) from workspace").await, 0);
    assert!(!site.site().files.is_there(&workspace.to_string()).unwrap());
}

#[tokio::test]
async fn an_archive_is_there_for_a_day() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let at = ask(&ada, &workspace.to_string()).await;
    let link = link(&ada, &at).await;

    site.site().clock.advance(Time::DAY + 1);
    ending::round(site.site()).await.unwrap();

    assert_eq!(site.stranger().get(&link).await.status, 404);
    let folder = site
        .site()
        .config
        .data
        .join("workspaces")
        .join(workspace.to_string());
    assert_eq!(
        std::fs::read_dir(folder.join("returns")).unwrap().count(),
        0
    );
}
