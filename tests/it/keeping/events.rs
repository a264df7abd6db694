//! What pages noted goes where the answers go: erased, deleted, made nobody's, backed
//! up, given back; and it leaves for those who may read answers.

use onsight::backup::Only;
use onsight::base::Time;
use onsight::store::{Connection, Error, project_file};
use onsight::surveys::keeping::round;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::stage::{Study, TEXT, live, with_rule};
use crate::backup::Vault;
use crate::ending::archives;
use crate::fieldwork::{page_of, publish};
use crate::support::{TestSite, Visitor};

/// The nonce of a page as it would be found again.
const VISIT: &str = "canaryvisit7715AAAAAAA";
const COUNT: &str = "select count(*) from event";

/// A page of whoever answers at that address notes three things.
async fn notes(site: &TestSite, way: &str, visit: &str) {
    let mut page = site.stranger();
    page.origin = Some("https://localhost".to_owned());
    let token = way.rsplit('/').next().unwrap();
    let events = json!([
        { "seq": 1, "ms": 0, "kind": "shown" },
        { "seq": 2, "ms": 1520, "kind": "changed", "question": "gender" },
        { "seq": 3, "ms": 90_061, "kind": "submit_tried" },
    ]);
    let events = json!({ "visit": visit, "page": "first", "turn": 0, "events": events });
    let body = json!({ "token": token, "events": events }).to_string();
    let noted = page.post("/s/brands/live", &body).await;
    assert_eq!(noted.status, 200, "{}", noted.text);
}

/// Somebody whose page notes and who answers, and another one.
async fn two(study: &Study) {
    let way = study.begins("/s/brands?pid=a7").await;
    notes(&study.site, &way, VISIT).await;
    study.sends(&way, "gender=1").await;
    let other = study.begins("/s/brands?pid=b2").await;
    notes(&study.site, &other, "AAAAAAAAAAAAAAAAAAAAAA").await;
}

async fn program(study: &Study) -> Visitor {
    let made = study
        .ada
        .post("/account/keys", "name=R&apps=survey%3Abrands")
        .await;
    let mut program = study.site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    program
}

#[tokio::test]
async fn they_go_with_a_respondent_who_is_erased() {
    let study = live().await;
    two(&study).await;
    let words = ["canaryvisit7715"];
    assert!(!study.held(&words).await.is_empty(), "the search finds");

    let erased = study
        .ada
        .post("/surveys/brands/keeping/erase", "respondent=1")
        .await;

    assert_eq!(erased.status, 303, "{}", erased.text);
    assert_eq!(study.held(&words).await, [""; 0]);
    assert_eq!(study.number(COUNT).await, 3, "the other's stay");
    assert_eq!(study.number("select count(*) from event_visit").await, 1);
}

#[tokio::test]
async fn they_go_when_answers_are_due_and_of_nobodys_only_the_day_stays() {
    for (then, left) in [("", 0), (", then anonymise", 6)] {
        let study = with_rule(&format!("retention = \"30d after answer{then}\"")).await;
        two(&study).await;
        study.site.site().clock.advance(30 * Time::DAY);

        assert_eq!(round(study.site.site()).await.unwrap(), 1, "{then}");

        assert_eq!(study.number(COUNT).await, left, "{then}");
        let moments = "select count(*) from event where at % 86400000 <> 0";
        assert_eq!(study.number(moments).await, 0, "{then}");
    }
}

#[tokio::test]
async fn they_go_with_the_file_of_a_survey_whose_day_has_come() {
    let study = with_rule("retention = \"30d after close\"").await;
    two(&study).await;
    study.ada.post("/surveys/brands/close", "").await;
    study.site.site().clock.advance(30 * Time::DAY);

    assert_eq!(round(study.site.site()).await.unwrap(), 1);

    assert_eq!(study.held(&["canaryvisit7715"]).await, [""; 0]);
}

#[tokio::test]
async fn a_workspace_that_is_given_back_holds_them() {
    let study = live().await;
    two(&study).await;

    let at = archives::ask(&study.ada, &study.workspace.to_string()).await;
    let take = archives::link(&study.ada, &at).await;
    let mut zip = archives::open(archives::take(&study.site.stranger(), &take).await);

    let lines = archives::entry(&mut zip, "surveys/brands/events.ndjson");
    assert_eq!(lines.lines().count(), 6, "{lines}");
    let second: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["question"], "gender");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_them() {
    let vault = Vault::new().await;
    publish(&vault.admin, TEXT).await;
    let begun = vault
        .test
        .stranger()
        .post("/s/brands?pid=a7", "lang=en")
        .await;
    notes(&vault.test, begun.location(), VISIT).await;

    vault.make(true).await.unwrap();

    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");
    let done = vault.restore(&data, (None, Only::Everything)).await;
    assert!(done.is_ok(), "{done:?}");
    let site = vault.open(&data);
    let db = site
        .files
        .open(&project_file(vault.workspace, "brands"))
        .unwrap();
    let count =
        db.read(|conn: &Connection| Ok::<i64, Error>(conn.query_row(COUNT, [], |row| row.get(0))?));
    assert_eq!(count.await.unwrap(), 3);
}

#[tokio::test]
async fn a_researcher_sees_what_one_respondent_did() {
    let study = live().await;
    two(&study).await;

    let page = study.ada.get("/surveys/brands/responses/1").await;

    let row = "<td>first</td><td class=\"n\">1.5</td><td>answer changed</td><td class=\"mono\">gender</td>";
    assert!(page.text.contains(row), "{}", page.text);
    assert!(
        page.text
            .contains("<td class=\"n\">90.0</td><td>sending tried</td>"),
        "{}",
        page.text
    );
    assert!(!page.text.contains(VISIT));
    let quiet = study.begins("/s/brands?pid=c3").await;
    assert!(!quiet.is_empty());
    let page = study.ada.get("/surveys/brands/responses/3").await;
    assert!(!page.text.contains("<h2>Events</h2>"), "{}", page.text);
}

#[tokio::test]
async fn a_program_gets_each_event_once_in_the_order_it_came() {
    let study = live().await;
    two(&study).await;
    let program = program(&study).await;
    let path = "/api/v1/surveys/brands/events";
    let (mut cursor, mut all, mut more) = (String::new(), Vec::new(), "yes".to_owned());

    while more == "yes" {
        let answer = program.get(&format!("{path}?limit=4&since={cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let lines = answer.text.lines();
        all.extend(lines.map(|line| serde_json::from_str::<Value>(line).unwrap()));
        let word = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        (cursor, more) = (word("onsight-cursor"), word("onsight-more"));
    }

    let seqs: Vec<_> = all
        .iter()
        .map(|one| (one["respondent"].as_i64(), one["seq"].as_i64()))
        .collect();
    let wanted = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)];
    assert_eq!(seqs, wanted.map(|(who, seq)| (Some(who), Some(seq))));
    let second = json!({
        "id": 2, "respondent": 1, "visit": VISIT, "page": "first", "turn": 0, "seq": 2,
        "ms": 1520, "event": "changed", "question": "gender", "at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(all[1], second);
    // Who was erased takes no number back: what comes later is behind the cursor.
    study
        .ada
        .post("/surveys/brands/keeping/erase", "respondent=2")
        .await;
    let way = study.begins("/s/brands?pid=c3").await;
    notes(&study.site, &way, VISIT).await;
    let later = program.get(&format!("{path}?since={cursor}")).await;
    assert_eq!(later.text.lines().count(), 3, "{}", later.text);
    let nothing = program.get(&format!("{path}?since=9")).await;
    assert_eq!(
        (nothing.text.as_str(), &nothing.headers["onsight-cursor"]),
        ("", &"9".parse().unwrap())
    );
    for wrong in ["since=x", "since=-1", "limit=0", "limit=5001"] {
        assert_eq!(
            program.get(&format!("{path}?{wrong}")).await.status,
            422,
            "{wrong}"
        );
    }
    let trail = "select group_concat(detail) from journal where action = 'events.read'";
    let trail = study.told(trail).await;
    assert!(trail.starts_with("{\"rows\":4},{\"rows\":2}"), "{trail}");
}

#[tokio::test]
async fn a_program_is_told_of_who_is_on_the_way_and_not_of_tests() {
    let study = live().await;
    let way = study.begins("/s/brands?pid=a7").await;
    notes(&study.site, &way, VISIT).await;
    let began = study.ada.post("/surveys/brands/preview", "").await;
    notes(&study.site, began.location(), "AAAAAAAAAAAAAAAAAAAAAA").await;

    let told = program(&study)
        .await
        .get("/api/v1/surveys/brands/events")
        .await;

    assert_eq!(told.text.lines().count(), 3, "{}", told.text);
    assert_eq!(study.number(COUNT).await, 6);
    let shown = study.site.stranger().get(&way).await;
    assert!(!page_of(&shown).is_empty());
}
