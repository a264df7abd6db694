//! The page of an app for programs: its examples, and the Python one run as it stands there.

use std::path::Path;
use std::process::Command;

use onsight::apps::{self, Apps, Author, Import};
use onsight::base::{Clock, Time};
use onsight::data::Data;
use onsight::people;
use onsight::server::{self, Doors};
use onsight::web::Role;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::support::{TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "desk"
title = "Desk"
[uses.main]
kind = "sqlite"
[query.list]
use = "main"
kind = "read"
sql = "select id, name from orders where status = :status"
paging = { size = 2, key = "id", sort = ["id"], default = "id" }
param.status = { from = "url.status", type = "enum", values = ["new", "paid"] }
[page.home]
title = "Home"
path = "/"
"#;

async fn stage(site: &TestSite) {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let rows = "id,name,status\n1,Ada,new\n2,Bo & <b>Li</b>,new\n3,Cyd,paid\n4,Dé,new\n";
    site.table(workspace, "orders", rows).await;
    let apps = Apps::new(Data::new(site.site().clone()));
    let wanted = Import {
        text: TEXT.to_owned(),
        id: None,
        publish: true,
    };
    let author = Author::command_line(workspace);
    apps::import(&apps, &author, wanted).await.unwrap();
}

async fn key(who: &Visitor) -> String {
    let made = who.post("/account/keys", "name=Python&apps=desk").await;
    format!("onsight_{}", made.between("onsight_", "<"))
}

fn plain(html: &str) -> String {
    let mut text = html.to_owned();
    for (escaped, plain) in [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ] {
        text = text.replace(escaped, plain);
    }
    text
}

/// Runs the program as somebody who copied it would.
fn run(program: &str, folder: &Path, key: &str) -> String {
    let done = Command::new("python3")
        .args(["-c", program])
        .current_dir(folder)
        .env("ONSIGHT_KEY", key)
        .output()
        .unwrap();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program}\n{wrong}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_that_is_copied_reads_all_pages_of_rows() {
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let site = TestSite::at(Clock::set_to(Time(now)), |config| config);
    let ada = site.found("Northgate", "ada@example.org").await;
    stage(&site).await;
    let folder = TempDir::new().unwrap();
    let root = site.site().certificates.root().unwrap();
    std::fs::write(folder.path().join("onsight-root.crt"), root).unwrap();
    let doors = Doors::bind(&site.site().config).unwrap();
    let port = doors.address().unwrap().port();
    let (_stop, told) = watch::channel(false);
    tokio::spawn(server::serve(site.people.clone(), doors, told));

    let page = ada.get("/apps/desk/api").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let program = plain(page.between("id=\"python-list\">", "</pre>"));
    assert!(
        program.contains("HOST = \"https://localhost\""),
        "{program}"
    );
    // The test's server has a port of its own.
    let program = program.replace("https://localhost", &format!("https://localhost:{port}"));
    let (key, folder) = (key(&ada).await, folder.path().to_owned());
    let said = tokio::task::spawn_blocking(move || run(&program, &folder, &key));

    assert_eq!(
        said.await.unwrap(),
        "{\"id\": 1, \"name\": \"Ada\"}\n{\"id\": 2, \"name\": \"Bo & <b>Li</b>\"}\n{\"id\": 4, \"name\": \"D\\u00e9\"}\n"
    );
}

#[tokio::test]
async fn the_page_is_for_whoever_may_open_the_app_and_holds_no_key() {
    let (site, _ada) = TestSite::new().await;
    stage(&site).await;
    let bob = site.member("bob@example.org", Role::User).await;
    let secret = key(&bob).await;

    let page = bob.get("/apps/desk/api").await;
    let app = bob.get("/apps/desk").await;

    assert_eq!(page.status, 200);
    assert!(app.text.contains("href=\"/apps/desk/api\""), "{}", app.text);
    assert!(!page.text.contains(&secret));
    for said in [
        "curl --cacert",
        "urllib.request",
        "Web.Contents",
        "must be sent",
        "one of new, paid",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.len() < 60_000, "{}", page.text.len());
    assert_eq!(bob.get("/apps/nothing/api").await.status, 404);
}
