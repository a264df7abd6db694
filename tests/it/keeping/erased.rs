//! One respondent is erased, by what somebody knows of them.

use axum::body::Body;
use onsight::base::{Clock, Time};
use onsight::config::{Config, Said};
use onsight::ending;
use onsight::site::Site;
use onsight::store::{Error, named_params, project_file};
use onsight::surveys::keeping;

use super::stage::{Study, copy, live, with_rule};
use crate::support::Visitor;

const WORDS: [&str; 4] = [
    "canarywhy7711",
    "canarymail7712",
    "canarypid7713",
    "canaryname7714",
];
const FIELDS: &str = "gender=1&mail=canarymail7712%40example.org&why=canarywhy7711";

/// Somebody who came by a link of their own, and somebody else.
async fn two(study: &Study) -> String {
    let link = study.link("name,pid\ncanaryname7714,canarypid7713\n").await;
    let way = study.answers(&link, FIELDS).await;
    study
        .answers("/s/brands?pid=b2", "gender=2&why=stays5501")
        .await;
    way
}

/// Finds by that, and erases whom the page shows.
async fn erase(study: &Study, known: &str) {
    let found = study
        .ada
        .post("/surveys/brands/keeping/find", &format!("known={known}"))
        .await;
    assert_eq!(found.status, 200, "{}", found.text);
    let number = found.between("name=\"respondent\" value=\"", "\"");
    assert!(!number.is_empty(), "{known}: {}", found.text);
    assert!(found.text.matches("name=\"respondent\"").count() == 1);
    let form = format!("respondent={number}");
    let erased = study.ada.post("/surveys/brands/keeping/erase", &form).await;
    assert_eq!(erased.status, 303, "{}", erased.text);
}

async fn program(study: &Study, apps: &str) -> Visitor {
    let made = study
        .ada
        .post("/account/keys", &format!("name=R&apps={apps}"))
        .await;
    let mut program = study.site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    program
}

#[tokio::test]
async fn nothing_of_them_is_in_any_page_of_any_file() {
    let study = live().await;
    let way = two(&study).await;
    assert!(study.held(&WORDS).await.len() >= 4, "the search finds");

    erase(&study, "CanaryMail7712%40example.org").await;

    assert_eq!(study.held(&WORDS).await, [""; 0]);
    study.logs_are_empty();
    assert!(!study.held(&["stays5501"]).await.is_empty(), "others stay");
    assert_eq!(study.site.stranger().get(&way).await.status, 404);
    for table in [
        "select count(*) from respondent",
        "select count(distinct respondent) from answer",
        "select count(distinct respondent) from page_visit",
        "select count(distinct respondent) from entry",
    ] {
        assert_eq!(study.number(table).await, 1, "{table}");
    }
    let open = "select cast(count(*) as text) from survey_erasure where done is null or survey <> '' or respondent is not null";
    assert_eq!(study.told(open).await, "0");
    let trail = "select group_concat(object || detail || diff || address) from journal where action = 'respondent.erased'";
    let trail = study.told(trail).await;
    assert!(
        trail.contains("\"rows\":1") && trail.contains("\"links\":1"),
        "{trail}"
    );
}

#[tokio::test]
async fn they_are_found_by_their_address_by_a_value_and_by_what_they_answered() {
    for known in [
        "address",
        "canarypid7713",
        "canaryname7714",
        "canarymail7712%40example.org",
    ] {
        let study = live().await;
        let way = two(&study).await;
        let typed = if known == "address" {
            format!("https%3A%2F%2Flocalhost{way}")
        } else {
            known.to_owned()
        };
        erase(&study, &typed).await;
        assert_eq!(
            study.number("select count(*) from respondent").await,
            1,
            "{known}"
        );
        assert_eq!(study.held(&WORDS).await, [""; 0], "{known}");
    }
    let study = live().await;
    two(&study).await;
    // Answers that are nobody's own are not looked through.
    for nobody in ["canarywhy7711", "canarypid", "%25", "nobody"] {
        let form = format!("known={nobody}");
        let found = study.ada.post("/surveys/brands/keeping/find", &form).await;
        assert!(found.text.contains("Nobody was found"), "{nobody}");
    }
    let empty = study
        .ada
        .post("/surveys/brands/keeping/find", "known=+")
        .await;
    assert_eq!(empty.status, 422);
}

#[tokio::test]
async fn a_link_nobody_came_by_goes_by_its_values() {
    let study = live().await;
    let link = study.link("name,pid\ncanaryname7714,canarypid7713\n").await;
    let form = "known=canarypid7713";
    let found = study.ada.post("/surveys/brands/keeping/find", form).await;
    let id = found.between("name=\"link\" value=\"", "\"").to_owned();

    let form = format!("link={id}");
    study.ada.post("/surveys/brands/keeping/erase", &form).await;

    assert_eq!(study.held(&WORDS).await, [""; 0]);
    assert_eq!(study.site.stranger().get(&link).await.status, 403);
}

#[tokio::test]
async fn quotas_go_on_counting_them_and_nobody_gets_their_number() {
    let study = live().await;
    study.answers("/s/brands?pid=a1", "gender=1").await;
    study.answers("/s/brands?pid=a2", "gender=1").await;
    assert_eq!(study.number("select max(id) from respondent").await, 2);

    erase(&study, "a2").await;

    let board = study.ada.get("/surveys/brands").await;
    let full = "<td>men</td><td class=\"n\">2</td><td class=\"n\">2</td>";
    assert!(board.text.contains(full), "{}", board.text);
    let way = study.begins("/s/brands?pid=a3").await;
    assert_eq!(study.number("select max(id) from respondent").await, 3);
    let end = study.sends(&way, "gender=1").await;
    assert!(end.text.contains("quota is full"), "{}", end.text);
}

#[tokio::test]
async fn a_program_erases_when_its_key_says_so() {
    let study = live().await;
    let way = two(&study).await;
    let token = way.rsplit('/').next().unwrap();
    let reader = program(&study, "survey%3Abrands").await;
    let eraser = program(&study, "survey%3Abrands%2Cerase%3Abrands").await;
    let other = program(&study, "erase%3Abrands").await;
    let at = |who: &str| format!("/api/v1/surveys/brands/respondents/{who}");
    let delete = async |by: &Visitor, who: &str| by.send("DELETE", &at(who), Body::empty()).await;

    assert_eq!(delete(&reader, "1").await.status, 403);
    assert_eq!(delete(&other, "1").await.status, 403);
    assert_eq!(delete(&study.ada, "1").await.status, 401);
    assert_eq!(delete(&eraser, "nobody").await.status, 422);
    assert_eq!(delete(&eraser, "pid=nobody").await.status, 404);
    assert_eq!(delete(&eraser, "77").await.status, 404);
    assert_eq!(study.number("select count(*) from respondent").await, 2);

    let gone = delete(&eraser, "pid=canarypid7713").await;
    assert_eq!(
        (gone.status.as_u16(), gone.text.as_str()),
        (200, r#"{"erased":1,"links":1}"#)
    );
    assert_eq!(delete(&eraser, token).await.status, 404, "once");
    assert_eq!(study.held(&WORDS).await, [""; 0]);
    let gone = delete(&eraser, "2").await;
    assert_eq!(gone.text, r#"{"erased":1,"links":0}"#);
    assert_eq!(study.number("select count(*) from respondent").await, 0);
}

#[tokio::test]
async fn many_of_one_value_are_not_erased_by_it() {
    let study = live().await;
    study.answers("/s/brands?region=north", "gender=2").await;
    study.answers("/s/brands?region=north", "gender=2").await;
    let eraser = program(&study, "survey%3Abrands%2Cerase%3Abrands").await;

    let path = "/api/v1/surveys/brands/respondents/region=north";
    let refused = eraser.send("DELETE", path, Body::empty()).await;

    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(study.number("select count(*) from respondent").await, 2);
}

#[tokio::test]
async fn what_is_held_up_by_a_reader_is_gone_on_with() {
    let study = live().await;
    two(&study).await;
    // As if the process had ended after the record, before anything went.
    let number = study
        .number("select id from respondent order by id limit 1")
        .await;
    let started = study
        .number("select started from respondent order by id limit 1")
        .await;
    assert!(started > 0);
    let (system, workspace) = (&study.site.site().system, study.workspace);
    system
        .write(move |tx| {
            tx.execute(
                "insert into survey_erasure (id, workspace, survey, respondent, hash, at)
                 values ('e', :workspace, 'brands', :number, 'h', 0)",
                named_params! { ":workspace": workspace, ":number": number },
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();

    keeping::round(study.site.site()).await.unwrap();

    assert_eq!(study.number("select count(*) from respondent").await, 1);
    let left = study
        .told("select group_concat(survey || coalesce(respondent, '')) from survey_erasure")
        .await;
    assert_eq!(left, "");
}

#[tokio::test]
async fn a_survey_that_somebody_reads_holds_up_no_other() {
    let study = live().await;
    two(&study).await;
    let (site, workspace) = (study.site.site(), study.workspace);
    let another = project_file(workspace, "another");
    // As a backup does that takes a copy of the file meanwhile.
    let reader = site.files.open(&another).unwrap().still().unwrap();
    let write = site.system.write(move |tx| {
        tx.execute(
            "insert into survey_erasure (id, workspace, survey, respondent, hash, at)
             values ('a', :workspace, 'another', 1, 'h', 0), ('b', :workspace, 'brands', 1, 'h', 0)",
            named_params! { ":workspace": workspace },
        )?;
        Ok::<_, Error>(())
    });
    write.await.unwrap();
    let open = "select group_concat(id) from survey_erasure where done is null";

    keeping::round(site).await.unwrap();

    assert_eq!(study.number("select count(*) from respondent").await, 1);
    assert_eq!(study.told(open).await, "a");
    drop(reader);
    keeping::round(site).await.unwrap();
    assert_eq!(study.told(open).await, "");
}

#[tokio::test]
async fn the_name_of_their_link_is_in_no_record() {
    let study = live().await;
    two(&study).await;
    let links = study.ada.get("/surveys/brands/links").await;
    let link = links.between("/surveys/brands/links/", "/shut").to_owned();
    for what in ["shut", "open"] {
        let done = study
            .ada
            .post(&format!("/surveys/brands/links/{link}/{what}"), "")
            .await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
    let shut = "select group_concat(detail) from journal where action = 'survey.link_shut'";
    assert!(study.told(shut).await.contains(&link));

    erase(&study, "canarypid7713").await;

    assert_eq!(study.held(&WORDS).await, [""; 0]);
}

#[tokio::test]
async fn an_older_copy_does_not_bring_them_back() {
    let study = live().await;
    two(&study).await;
    let older = tempfile::tempdir().unwrap();
    study.site.site().system.scrub().await.unwrap();
    study.db().scrub().await.unwrap();
    copy(&study.site.site().config.data, older.path());
    study.minutes(1);
    erase(&study, "canarypid7713").await;
    let list = study
        .site
        .site()
        .system
        .read(ending::tombstones)
        .await
        .unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].kind, "respondent");

    let said = Said {
        data: Some(older.path().to_owned()),
        listen: Some(([127, 0, 0, 1], 0).into()),
        ..Said::default()
    };
    let now = study.site.site().clock.now();
    let restored = Site::open(Config::of(&[said]).unwrap(), Clock::set_to(now)).unwrap();
    assert_eq!(ending::replay(&restored, &list).await.unwrap(), 1);
    assert_eq!(
        ending::replay(&restored, &list).await.unwrap(),
        0,
        "once is enough"
    );

    let db = restored.files.open(&study.file()).unwrap();
    let count = |conn: &onsight::store::Connection| {
        let values = "select group_concat(value) from entry";
        Ok::<String, Error>(conn.query_row(values, [], |row| row.get(0))?)
    };
    assert_eq!(db.read(count).await.unwrap(), "b2");
    let stones = restored.system.read(ending::tombstones).await.unwrap();
    assert_eq!(stones, list);
}

#[tokio::test]
async fn an_older_copy_does_not_bring_back_who_was_nobodys_when_they_were_erased() {
    let mut study = with_rule("retention = \"30d after answer, then anonymise\"").await;
    study.minutes(7);
    study.answers("/s/brands?pid=canarypid7713", FIELDS).await;
    let older = tempfile::tempdir().unwrap();
    study.site.site().system.scrub().await.unwrap();
    study.db().scrub().await.unwrap();
    copy(&study.site.site().config.data, older.path());
    study.site.site().clock.advance(30 * Time::DAY);
    assert_eq!(keeping::round(study.site.site()).await.unwrap(), 1);
    study.again().await;
    let erased = { &study.ada }.post("/surveys/brands/keeping/erase", "respondent=1");
    assert_eq!(erased.await.status, 303);
    let system = &study.site.site().system;
    let list = system.read(ending::tombstones).await.unwrap();
    assert_eq!(list.len(), 1);

    let said = Said {
        data: Some(older.path().to_owned()),
        listen: Some(([127, 0, 0, 1], 0).into()),
        ..Said::default()
    };
    let now = study.site.site().clock.now();
    let restored = Site::open(Config::of(&[said]).unwrap(), Clock::set_to(now)).unwrap();

    assert_eq!(ending::replay(&restored, &list).await.unwrap(), 1);
}
