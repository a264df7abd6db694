//! What was destroyed is in no page of any file, and stays away.

use onsight::base::{Clock, Time};
use onsight::config::{Config, Said};
use onsight::ending;
use onsight::people;
use onsight::site::Site;
use onsight::store::{Connection, Error};

use super::{APP, ROWS, delete, free, held, import, number, send};
use crate::support::TestSite;

const CANARIES: [&str; 7] = [
    "canarytitle5511",
    "canarysql7702",
    "canaryrow1204",
    "canaryrow1206",
    "canarycolumn4420",
    "canaryfile3309",
    "canaryquery6608",
];

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[tokio::test]
async fn at_the_end_of_the_day_nothing_of_it_is_anywhere() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let rows = "id,word,canarycolumn4420\n1,canaryrow1204,x\n3,canaryrow1206,y\n";
    site.table(workspace, "words", rows).await;
    import(&site, workspace, APP).await;
    let upload = send(&ada, "list.csv", "id,word\n1,canaryfile3309\n").await;
    assert!(!held(&site, &CANARIES).await.is_empty(), "the search finds");
    site.site().clock.advance(1);

    delete(&ada, "/delete/app/desk", "typed=desk&tables=with").await;
    delete(&ada, &format!("/delete/file/{upload}"), "typed=list.csv").await;
    site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(site.site()).await.unwrap(), 3);

    assert_eq!(held(&site, &CANARIES).await, []);
    assert_eq!(free(&site).await, 0, "the files were written anew");
    let data = site.site().config.data.clone();
    let folder = data.join("workspaces").join(workspace.to_string());
    for log in [data.join("onsight.db-wal"), folder.join("data.db-wal")] {
        assert_eq!(
            std::fs::metadata(&log).map_or(0, |facts| facts.len()),
            0,
            "{log:?}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.join("files")).unwrap().count(), 0);
    assert_eq!(number(&site, "select count(*) from certificate").await, 3);
    assert_eq!(number(&site, "select count(*) from tombstone").await, 3);
    let late = "select count(*) from ending where state <> 'gone' or object <> '' or title <> ''";
    assert_eq!(number(&site, late).await, 0);

    let ada = site.again("ada@example.org", &ada).await;
    let list = ada.get("/deleting").await;
    let id = list.between("href=\"/deleting/", "\"");
    let page = ada.get(&format!("/deleting/{id}")).await;
    assert!(page.text.contains("Certificate of deletion") && page.text.contains("fits"));
    let file = ada.get(&format!("/deleting/{id}/certificate.json")).await;
    let json: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(
        json["certificate"]["format"],
        "onsight deletion certificate 1"
    );
    assert!(!CANARIES.iter().any(|word| file.text.contains(word)));
}

#[tokio::test]
async fn a_workspace_goes_with_its_key_and_every_row() {
    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    import(&site, workspace, APP).await;
    send(&ada, "list.csv", "id,word\n1,canaryfile3309\n").await;
    ada.post("/queries/save", "name=q&sql=select+1+--+canaryquery6608")
        .await;
    let file = workspace.to_string();
    assert!(site.site().files.is_there(&file).unwrap());

    let at = format!("/workspaces/{workspace}/delete");
    assert_eq!(op.post(&at, "typed=Northgate").await.status, 303);
    assert_eq!(ada.get("/data").await.status, 403, "nobody is in any more");
    let list = op.get("/deletion").await;
    let id = list.between("action=\"/deletion/", "/undo\"").to_owned();
    assert_eq!(
        op.post(&format!("/deletion/{id}/undo"), "").await.status,
        303
    );
    let open = "select count(*) from workspace where closed is null";
    assert_eq!(number(&site, open).await, 1);
    assert_eq!(op.post(&at, "typed=Northgate").await.status, 303);
    site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(site.site()).await.unwrap(), 1);

    assert!(
        !site.site().files.is_there(&file).unwrap(),
        "its file and its key"
    );
    assert_eq!(held(&site, &CANARIES).await, []);
    assert_eq!(number(&site, "select count(*) from workspace").await, 0);
    assert_eq!(number(&site, "select count(*) from membership").await, 0);
    assert_eq!(
        number(&site, "select count(*) from user where operator = 0").await,
        0
    );
    let names = site.site().keyring.names().unwrap();
    assert!(!names.iter().any(|name| name.contains(&file)), "{names:?}");
}

#[tokio::test]
async fn an_older_copy_does_not_bring_it_back() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "words", ROWS).await;
    site.table(workspace, "others", "id,word\n1,stays\n").await;
    import(&site, workspace, APP).await;
    let older = tempfile::tempdir().unwrap();
    site.site().system.scrub().await.unwrap();
    let db = site.site().files.open(&workspace.to_string()).unwrap();
    db.scrub().await.unwrap();
    copy(&site.site().config.data, older.path());
    site.site().clock.advance(1);
    delete(&ada, "/delete/app/desk", "typed=desk&tables=with").await;
    site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(site.site()).await.unwrap(), 2);
    let list = site.site().system.read(ending::tombstones).await.unwrap();
    assert_eq!(list.len(), 2);

    let said = Said {
        data: Some(older.path().to_owned()),
        listen: Some(([127, 0, 0, 1], 0).into()),
        ..Said::default()
    };
    let config = Config::of(&[said]).unwrap();
    let restored = Site::open(config, Clock::set_to(site.site().clock.now())).unwrap();
    assert_eq!(ending::replay(&restored, &list).await.unwrap(), 2);
    assert_eq!(
        ending::replay(&restored, &list).await.unwrap(),
        0,
        "once is enough"
    );

    let count = |sql: &'static str| {
        move |conn: &Connection| Ok::<i64, Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    let apps = restored
        .system
        .read(count("select count(*) from app"))
        .await;
    assert_eq!(apps.unwrap(), 0);
    let db = restored.files.open(&workspace.to_string()).unwrap();
    let tables = db.read(count("select count(*) from _table")).await;
    assert_eq!(tables.unwrap(), 1, "what was not destroyed stays");
    let stones = restored.system.read(ending::tombstones).await.unwrap();
    assert!(list.iter().all(|stone| stones.contains(stone)));
}
