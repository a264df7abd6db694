//! The examples of the manual for programs, run as they stand there: by a shell
//! and curl, over TLS, against a site that has what they speak of.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use onsight::apps::{self, Apps, Author, Import};
use onsight::base::{Clock, Time};
use onsight::config::Config;
use onsight::data::Data;
use onsight::people;
use onsight::server::{self, Doors};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::fieldwork;
use crate::support::{TestSite, Visitor};

/// Files with commands for programs, and the words each command's output has to
/// hold: one line for each command, in the order they stand there.
const MANUALS: [(&str, &[&str]); 2] = [
    (
        "docs/api.md",
        &[
            "Harbour café",
            "\"seq\":2,\"ms\":1520,\"event\":\"changed\",\"question\":\"known\"",
            "\"qResponseData\":{\"known_1\":1,\"known_2\":0}",
            "\"operationId\":\"list_orders\"",
            "{\"id\":19,\"customer\":\"Quay 7\"",
        ],
    ),
    (
        "docs/researcher.md",
        &[
            "\"pid\":\"a7\"",
            "\"variables\":[",
            "\"outcome\":3",
            "$FL2",
            "{\"erased\":1,\"links\":0}",
            "{\"erased\":1,\"links\":0}",
        ],
    ),
];

const NAME: &str = "apps.corp.example";

const ORDERS: &str = "id,customer,amount,paid,status,created_at
17,Harbour café,120.5,true,paid,2026-02-03
18,Mill & Sons,,false,paid,2026-02-04
19,Quay 7,8,true,paid,2026-02-05
";

const APP: &str = r#"format = 1
id = "orders"
title = "Orders"

[uses.main]
kind = "sqlite"

[query.list_orders]
use = "main"
kind = "read"
sql = """
select id, customer, amount, paid from orders
 where (:status is null or status = :status) and created_at >= :since"""
paging = { size = 2, sort = ["id"], default = "id", key = "id" }

[query.list_orders.param]
status = { from = "url.status", type = "enum", values = ["new", "paid"], null = true }
since = { from = "url.since", type = "date" }

[page.orders]
title = "Orders"
path = "/"
"#;

const SURVEY: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en"]

[entry.pid]
unique = true

[entry.respondent_id]
unique = true

[[page]]
id = "first"

[[page.ask]]
id = "known"
type = "multi"
text = "Which do you know?"
items = [ { code = 1, text = "Crunchy" }, { code = 2, text = "Fruity" } ]
"#;

/// The commands of a text: what is indented or fenced and calls curl.
fn commands(text: &str) -> Vec<String> {
    let (mut found, mut block, mut is_fenced) = (Vec::new(), String::new(), false);
    for line in text.lines().chain([""]) {
        if line == "```sh" {
            is_fenced = true;
        } else if is_fenced && line != "```" {
            writeln!(block, "{line}").unwrap();
        } else if let (false, Some(line)) = (is_fenced, line.strip_prefix("    ")) {
            writeln!(block, "{line}").unwrap();
            // Each command by itself, with the lines it goes on in.
            if !line.ends_with('\\') {
                found.push(std::mem::take(&mut block));
            }
        } else {
            is_fenced = false;
            found.push(std::mem::take(&mut block));
        }
    }
    found.retain(|block| block.contains("curl "));
    found
}

#[test]
fn commands_are_told_from_the_words_around_them() {
    let text = "say curl\n\n    curl \\\n      a\n    curl b\n\n    GET /x\n\n```sh\nx=1\ncurl $x\n```\nand\n```json\ncurl\n```\n";
    assert_eq!(
        commands(text),
        ["curl \\\n  a\n", "curl b\n", "x=1\ncurl $x\n"]
    );
}

async fn answer(site: &TestSite, query: &str) {
    let way = fieldwork::begin(site, &format!("/s/brands?{query}")).await;
    fieldwork::send(site, &way, "known=1").await;
    site.site().clock.advance(Time::SECOND);
}

/// A page somebody has open notes what they do.
async fn note(site: &TestSite) {
    let mut page = site.stranger();
    let begun = page.post("/s/brands", "lang=en").await;
    let token = begun.location().rsplit('/').next().unwrap().to_owned();
    page.origin = Some("https://localhost".to_owned());
    let events = json!([
        { "seq": 1, "ms": 0, "kind": "shown" },
        { "seq": 2, "ms": 1520, "kind": "changed", "question": "known" },
    ]);
    let visit = "AAAAAAAAAAAAAAAAAAAAAA";
    let sent = json!({ "visit": visit, "page": "first", "turn": 0, "events": events });
    let body = json!({ "token": token, "events": sent }).to_string();
    let noted = page.post("/s/brands/live", &body).await;
    assert_eq!(noted.status, 200, "{}", noted.text);
}

/// What the manual speaks of: the app `orders`, the survey `brands` with 18
/// respondents, a key for both. Gives the key and a cursor.
async fn furnish(site: &TestSite, ada: &Visitor) -> (String, String) {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "orders", ORDERS).await;
    let apps = Apps::new(Data::new(site.site().clone()));
    let wanted = Import {
        text: APP.to_owned(),
        id: None,
        publish: true,
    };
    let author = Author::command_line(workspace);
    apps::import(&apps, &author, wanted).await.unwrap();
    fieldwork::publish(ada, SURVEY).await;
    answer(site, "pid=first").await;
    note(site).await;
    site.site().clock.advance(Time::MINUTE);

    let apps = "orders%2Csurvey%3Abrands%2Cerase%3Abrands";
    let made = ada
        .post("/account/keys", &format!("name=R&apps={apps}"))
        .await;
    let key = format!("onsight_{}", made.between("onsight_", "<"));
    let mut program = site.stranger();
    program.key = Some(key.clone());
    let first = program.get("/api/v1/surveys/brands/responses").await;
    let cursor = first.headers["onsight-cursor"].to_str().unwrap().to_owned();

    for number in 2..=17 {
        answer(site, &format!("pid=p{number}")).await;
    }
    answer(site, "pid=a7&respondent_id=7").await;
    site.site().clock.advance(Time::MINUTE);
    (key, cursor)
}

/// Runs a command as the manual's reader would; every name leads to this site.
fn run(command: &str, folder: &Path, port: u16, with: &[(&str, &str)]) -> String {
    let script = format!(
        "set -eu -o pipefail\ncurl() {{ command curl --silent --show-error --fail --connect-to ::127.0.0.1:{port} \"$@\"; }}\n{command}\ncat *.sav 2> /dev/null && rm *.sav || true"
    );
    let done = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder)
        .envs(with.iter().copied())
        .output()
        .unwrap();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command}: {wrong}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_for_programs_works_as_it_stands_in_the_manual() {
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let site = TestSite::at(Clock::set_to(Time(now)), |config| Config {
        names: vec![NAME.to_owned()],
        ..config
    });
    let ada = site.found("Northgate", "ada@example.org").await;
    let (key, cursor) = furnish(&site, &ada).await;
    let folder = TempDir::new().unwrap();
    let root = site.site().certificates.root().unwrap();
    std::fs::write(folder.path().join("onsight-root.crt"), root).unwrap();
    let doors = Doors::bind(&site.site().config).unwrap();
    let port = doors.address().unwrap().port();
    let (_stop, told) = watch::channel(false);
    tokio::spawn(server::serve(site.people.clone(), doors, told));

    let host = format!("https://{NAME}");
    for (manual, wanted) in MANUALS {
        let text = std::fs::read_to_string(manual).unwrap();
        let commands = commands(&text);
        assert_eq!(commands.len(), wanted.len(), "{manual}: {commands:#?}");
        for (command, wanted) in commands.iter().zip(wanted) {
            let (command, folder) = (command.clone(), folder.path().to_owned());
            let with = [
                ("KEY", key.clone()),
                ("CURSOR", cursor.clone()),
                ("HOST", host.clone()),
            ];
            let ran = tokio::task::spawn_blocking(move || {
                let with: Vec<_> = with
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                run(&command, &folder, port, &with)
            });
            let said = ran.await.unwrap();
            assert!(said.contains(wanted), "{manual}: {wanted} is not in {said}");
        }
    }
    let shown = std::fs::read_to_string("docs/api.md").unwrap();
    let shown = shown
        .split("```json\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let shown: Value = serde_json::from_str(shown).unwrap();
    let mut program = site.stranger();
    program.key = Some(key);
    let asked = "/api/v1/apps/orders/queries/list_orders?status=paid&since=2026-01-01";
    let got: Value = serde_json::from_str(&program.get(asked).await.text).unwrap();
    assert_eq!(got, shown, "the answer that docs/api.md shows");
}
