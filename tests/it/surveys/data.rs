//! From a researcher's first text to the data: over HTTP, as a browser and a program do it.

use onsight::base::Time;
use onsight::web::Role;
use serde_json::Value;

use crate::fieldwork::{self, page_of};
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en"]

[entry.pid]
unique = true

[[page]]
id = "first"

[[page.ask]]
id = "gender"
type = "single"
text = "Are you …?"
required = true
items = [ { code = 1, text = "Male" }, { code = 2, text = "Female" } ]

[[page.ask]]
id = "known"
type = "multi"
text = "Which do you know?"
items = [ { code = 1, text = "Crunchy" }, { code = 2, text = "=Fruity()" } ]

[[page.ask]]
id = "mail"
type = "text"
text = "Where may we write to?"
personal = true

[quota.men]
target = 2
when = "${gender} = 1"
"#;

struct Study {
    site: TestSite,
    ada: Visitor,
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Study {
    /// A survey that ada brought as a file and published.
    async fn live() -> Study {
        let (site, ada) = TestSite::new().await;
        fieldwork::publish(&ada, TEXT).await;
        Study { site, ada }
    }

    async fn upload(&self, to: &str, name: &str, text: &str) -> Answer {
        fieldwork::upload(&self.ada, to, name, text).await
    }

    /// Somebody comes by an address and sends the first page. Gives where they are then.
    async fn answered(&self, address: &str, fields: &str) -> String {
        let way = fieldwork::begin(&self.site, address).await;
        fieldwork::send(&self.site, &way, fields).await;
        self.site.site().clock.advance(Time::MINUTE);
        way
    }

    async fn program(&self) -> Visitor {
        let made = self
            .ada
            .post("/account/keys", "name=R&apps=survey%3Abrands")
            .await;
        let mut program = self.site.stranger();
        program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
        program
    }
}

#[tokio::test]
async fn what_was_answered_is_what_programs_and_files_get() {
    let study = Study::live().await;
    study
        .answered(
            "/s/brands?pid=a7",
            "gender=1&known=1&known=2&mail=canary%40example.org",
        )
        .await;
    study.answered("/s/brands", "gender=2&mail=").await;
    let program = study.program().await;

    let map: Value =
        serde_json::from_str(&program.get("/api/v1/surveys/brands/datamap").await.text).unwrap();
    let got = program.get("/api/v1/surveys/brands/responses").await;

    let names = map["variables"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|each| each["name"].as_str().unwrap()).collect();
    assert!(
        names.ends_with(&["pid", "gender", "known_1", "known_2", "mail"]),
        "{names:?}"
    );
    let lines: Vec<Value> = got
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{}", got.text);
    assert_eq!(
        (&lines[0]["pid"], &lines[0]["gender"]),
        (&"a7".into(), &1.into())
    );
    assert_eq!(
        (&lines[0]["known_1"], &lines[0]["known_2"]),
        (&1.into(), &1.into())
    );
    assert_eq!(lines[0]["outcome"], 3);
    // Nothing chosen is an answer left; a variable that did not come is not there.
    assert_eq!(lines[1].get("pid"), None);
    assert!(!got.text.contains("canary"));
    let cursor = got.headers["onsight-cursor"].to_str().unwrap().to_owned();
    let again = program
        .get(&format!("/api/v1/surveys/brands/responses?since={cursor}"))
        .await;
    assert_eq!(
        (again.text.as_str(), &again.headers["onsight-cursor"]),
        ("", &got.headers["onsight-cursor"])
    );
    study.answered("/s/brands", "gender=1&mail=").await;
    let newer = program
        .get(&format!("/api/v1/surveys/brands/responses?since={cursor}"))
        .await;
    assert_eq!(newer.text.lines().count(), 1);
    let wrong = program
        .get("/api/v1/surveys/brands/responses?since=never")
        .await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn what_is_personal_leaves_only_by_somebody_who_asks_for_it() {
    let study = Study::live().await;
    let address = "/s/brands?pid=a7";
    let fields = "gender=2&known=1&mail=canary%40example.org";
    study.answered(address, fields).await;
    let program = study.program().await;

    let csv = program
        .get("/api/v1/surveys/brands/exports/csv?personal=yes")
        .await;
    assert!(
        csv.text.contains("known_2") && !csv.text.contains("canary"),
        "{}",
        csv.text
    );
    let own = study
        .ada
        .get("/surveys/brands/exports/csv-labels?personal=yes")
        .await;
    assert!(
        own.text.contains("Female") && own.text.contains("canary@example.org"),
        "{}",
        own.text
    );
    let plain = study.ada.get("/surveys/brands/exports/csv").await;
    assert!(!plain.text.contains("canary"));
    let sav = study.ada.get("/surveys/brands/exports/sav").await;
    assert!(sav.text.starts_with("$FL2"));
}

#[tokio::test]
async fn every_format_downloads_and_the_pages_count_the_same() {
    let study = Study::live().await;
    for fields in [
        "gender=1&known=1&mail=",
        "gender=1&known=1&mail=",
        "gender=2&known=2&mail=",
    ] {
        study.answered("/s/brands", fields).await;
    }
    for format in onsight::surveys::exports::ALL {
        let file = study
            .ada
            .get(&format!("/surveys/brands/exports/{}", format.id()))
            .await;
        assert_eq!(file.status, 200, "{}", format.id());
        assert!(!file.text.is_empty(), "{}", format.id());
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.ends_with(&format!(".{}\"", format.file().0)), "{name}");
    }
    let board = study.ada.get("/surveys/brands").await;
    assert!(
        board.text.contains("https://localhost/s/brands"),
        "{}",
        board.text
    );
    assert!(board.text.contains("<strong>3</strong>"));
    assert!(
        board
            .text
            .contains("<td>men</td><td class=\"n\">2</td><td class=\"n\">2</td>"),
        "{}",
        board.text
    );
    let results = study.ada.get("/surveys/brands/results").await;
    assert!(results.text.contains("66.7\u{20}%"), "{}", results.text);
    let cross = study
        .ada
        .get("/surveys/brands/results?rows=known&columns=gender")
        .await;
    assert!(
        cross.text.contains("known by gender") && cross.text.contains("100.0 %"),
        "{}",
        cross.text
    );
    let grid = study.ada.get("/surveys/brands/responses").await;
    assert_eq!(grid.text.matches("row-link").count(), 3);
    assert!(grid.text.contains("Female") && !grid.text.contains("Where may we write"));
    let one = study.ada.get("/surveys/brands/responses/1").await;
    assert!(
        one.text.contains("Crunchy") || one.text.contains("Chosen"),
        "{}",
        one.text
    );
    assert!(
        study
            .ada
            .get("/surveys/brands/responses?outcome=screenout")
            .await
            .text
            .contains("No responses here")
    );
}

#[tokio::test]
async fn links_let_in_whom_they_are_for() {
    let study = Study::live().await;
    let made = study
        .ada
        .post(
            "/surveys/brands/links",
            &format!(
                "name=Panel&exits={}",
                encoded("complete https://panel.example/end?pid={pid}")
            ),
        )
        .await;
    let address = made
        .between("id=\"made\">https://localhost", "<")
        .to_owned();
    assert!(address.starts_with("/s/brands?k="), "{}", made.text);

    let way = study
        .answered(&format!("{address}&pid=x1"), "gender=2&mail=")
        .await;

    let end = study.site.stranger().get(&way).await;
    let sent_to = format!("{}{}", end.location(), end.text);
    assert!(
        sent_to.contains("https://panel.example/end?pid=x1"),
        "{sent_to}"
    );
    let csv = study.ada.get("/surveys/brands/exports/csv").await;
    assert!(csv.text.contains(",Panel,x1,"), "{}", csv.text);
    let key = address.split("k=").nth(1).unwrap();
    assert!(
        !study
            .ada
            .get("/surveys/brands/links")
            .await
            .text
            .contains(key)
    );
    let list = study.ada.get("/surveys/brands/links").await;
    let id = list.between("/surveys/brands/links/", "/exits").to_owned();
    study
        .ada
        .post(&format!("/surveys/brands/links/{id}/shut"), "")
        .await;
    let shut = study.site.stranger().post(&address, "lang=en").await;
    assert!(
        shut.status != 303 || !shut.location().contains("/r/"),
        "{}",
        shut.text
    );
}

#[tokio::test]
async fn a_list_of_respondents_becomes_a_list_of_links() {
    let study = Study::live().await;

    let people = study
        .upload(
            "/surveys/brands/links/people",
            "people.csv",
            "name,pid\n=Grace,g1\nLin,l1\n",
        )
        .await;
    assert_eq!(
        people.headers["content-type"], "text/csv; charset=utf-8",
        "{}",
        people.text
    );
    let lines: Vec<_> = people.text.lines().collect();
    assert!(
        lines[1].starts_with("'=Grace,https://localhost/s/brands?k="),
        "{}",
        lines[1]
    );
    let hers = lines[1]
        .split("https://localhost")
        .nth(1)
        .unwrap()
        .to_owned();
    study.answered(&hers, "gender=1&mail=").await;
    let csv = study.ada.get("/surveys/brands/exports/csv").await;
    assert!(csv.text.contains(",g1,"), "{}", csv.text);
}

#[tokio::test]
async fn a_draft_is_nobodys_before_it_is_published_and_nothing_typed_is_lost() {
    let study = Study::live().await;
    let page = study.ada.get("/surveys/brands/edit").await;
    let seen = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let broken = TEXT.replace("type = \"multi\"", "type = \"mutli\"");

    let saved = study
        .ada
        .post(
            "/surveys/brands/edit",
            &format!("draft_at={seen}&text={}", encoded(&broken)),
        )
        .await;

    assert_eq!(saved.status, 303, "{}", saved.text);
    let page = study.ada.get("/surveys/brands/edit").await;
    let problem = page.between("<li class=\"bad-text\">", "</li>");
    assert!(
        problem.contains("Line ") && problem.contains("mutli"),
        "{}",
        page.text
    );
    let now = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let refused = study
        .ada
        .post(
            "/surveys/brands/publish",
            &format!("note=Mine&draft_at={now}"),
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Mend it"), "{}", refused.text);
    // Somebody else saved meanwhile: both texts are shown.
    let stale = study
        .ada
        .post(
            "/surveys/brands/edit",
            &format!("draft_at={seen}&text={}", encoded("mine = 1")),
        )
        .await;
    assert_eq!(stale.status, 422);
    assert!(
        stale.text.contains("mine = 1") && stale.text.contains("mutli"),
        "{}",
        stale.text
    );
    // Respondents still get what was published.
    study.answered("/s/brands", "gender=1&mail=").await;
}

#[tokio::test]
async fn a_file_that_is_no_survey_comes_back_and_a_closed_survey_lets_nobody_in() {
    let study = Study::live().await;
    let bad = study
        .upload("/surveys/import", "bad.toml", "format = 1\nid = 7\n")
        .await;
    assert_eq!(bad.status, 422);
    assert!(bad.text.contains("id = 7"), "{}", bad.text);
    let closed = study.ada.post("/surveys/brands/close", "").await;
    assert_eq!(closed.status, 303);
    let late = study.site.stranger().post("/s/brands", "lang=en").await;
    assert!(
        late.status != 303 || !late.location().contains("/r/"),
        "{}",
        late.text
    );
    study.ada.post("/surveys/brands/reopen", "").await;
    study.answered("/s/brands", "gender=2&mail=").await;
}

#[tokio::test]
async fn tests_count_for_nothing() {
    let study = Study::live().await;

    let tried = study.ada.post("/surveys/brands/preview", "").await;

    assert!(
        tried.location().starts_with("/s/brands/r/"),
        "{}",
        tried.text
    );
    let way = tried.location().to_owned();
    let page = study.site.stranger().get(&way).await;
    study
        .site
        .stranger()
        .post(&way, &format!("{}&gender=1&mail=", page_of(&page)))
        .await;
    let csv = study.ada.get("/surveys/brands/exports/csv?which=all").await;
    assert_eq!(csv.text.lines().count(), 1, "{}", csv.text);
    let tests = study
        .ada
        .get("/surveys/brands/exports/csv?which=tests")
        .await;
    assert_eq!(tests.text.lines().count(), 2);
    assert!(
        study
            .ada
            .get("/surveys/brands")
            .await
            .text
            .contains("Nobody came yet")
    );
}

#[tokio::test]
async fn who_only_uses_apps_sees_no_survey() {
    let study = Study::live().await;
    let bob = study.site.member("bob@example.org", Role::User).await;
    for path in [
        "/surveys",
        "/surveys/brands",
        "/surveys/brands/exports/csv",
        "/surveys/brands/responses",
    ] {
        assert_eq!(bob.get(path).await.status, 403, "{path}");
    }
    assert!(!bob.get("/apps").await.text.contains("href=\"/surveys\""));
    assert!(
        study
            .ada
            .get("/apps")
            .await
            .text
            .contains("href=\"/surveys\"")
    );
}

#[tokio::test]
async fn a_key_reads_the_survey_it_names_for_a_builder_and_no_other() {
    let study = Study::live().await;
    let bob = study.site.member("bob@example.org", Role::User).await;
    let key = async |of: &Visitor, apps: &str| {
        let made = of
            .post("/account/keys", &format!("name=R&apps={apps}"))
            .await;
        let mut program = study.site.stranger();
        program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
        program
    };
    let (named, all, other) = (
        key(&study.ada, "survey%3Abrands").await,
        key(&study.ada, "").await,
        key(&study.ada, "brands%2C+survey%3Aother").await,
    );
    let users = key(&bob, "survey%3Abrands").await;

    for place in ["datamap", "responses", "exports/csv"] {
        let path = format!("/api/v1/surveys/brands/{place}");
        assert_eq!(named.get(&path).await.status, 200, "{path}");
        for refused in [&all, &other, &users] {
            assert_eq!(refused.get(&path).await.status, 403, "{path}");
        }
        assert_eq!(study.ada.get(&path).await.status, 401, "{path}");
    }
    assert_eq!(
        named
            .get("/api/v1/surveys/brands/exports/nothing")
            .await
            .status,
        404
    );
}
