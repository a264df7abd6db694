//! Rules fall due on a clock that is moved: reminders, hold, deletion, answers
//! that become nobody's.

use onsight::base::Time;
use onsight::surveys::keeping::round;

use super::stage::{SECOND, Study, TEXT, of, with_rule};

const WORDS: [&str; 4] = [
    "canarymail7712",
    "canarypid7713",
    "canaryname7714",
    "canaryexit7715",
];
const FIELDS: &str = "gender=1&mail=canarymail7712%40example.org&why=stays5501";

/// Somebody who came by a link of their own and answered, and somebody on the way.
async fn answered(study: &Study) -> String {
    let link = study
        .link("name,pid,region\ncanaryname7714,canarypid7713,north\n")
        .await;
    let way = study.answers(&link, FIELDS).await;
    let hash = onsight::surveys::running::token::hash(way.rsplit('/').next().unwrap());
    let set = "update respondent set exit_to = 'https://p.example/canaryexit7715', device = 'phone' where token_hash = :hash";
    study
        .db()
        .write(move |tx| {
            tx.execute(set, onsight::store::named_params! { ":hash": hash })?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();
    study.begins("/s/brands?pid=b2").await;
    study.site.site().clock.advance(Time::MINUTE);
    way
}

async fn days(study: &Study, days: i64) -> usize {
    study.site.site().clock.advance(days * Time::DAY);
    round(study.site.site()).await.unwrap()
}

async fn alerts(study: &Study) -> String {
    let sql = "select group_concat(severity || ' ' || state, ', ') from alert where key like 'survey.retention_ahead:%'";
    study.told(sql).await
}

#[tokio::test]
async fn answers_are_deleted_on_their_day_and_not_before() {
    let mut study = with_rule("retention = \"30d after close\"").await;
    let way = answered(&study).await;
    assert_eq!(days(&study, 400).await, 0, "it is open yet");
    study.again().await;
    study.ada.post("/surveys/brands/close", "").await;

    let plan = study.ada.get("/surveys/brands/keeping").await;
    let (now, due) = (study.site.site().clock.now(), 30 * Time::DAY);
    for at in [due - 14 * Time::DAY, due - 3 * Time::DAY, due] {
        assert!(plan.text.contains(&now.plus(at).rfc3339()), "{}", plan.text);
    }
    assert_eq!(days(&study, 15).await, 0);
    assert_eq!(alerts(&study).await, "");
    assert_eq!(days(&study, 2).await, 0);
    assert_eq!(alerts(&study).await, "1 open");
    assert_eq!(days(&study, 11).await, 0);
    assert_eq!(alerts(&study).await, "2 open");
    assert!(!study.held(&WORDS).await.is_empty(), "the search finds");

    assert_eq!(days(&study, 2).await, 1);

    assert_eq!(alerts(&study).await, "2 settled");
    assert!(
        !study.site.site().files.is_there(&study.file()).unwrap(),
        "its key went"
    );
    assert_eq!(study.held(&WORDS).await, [""; 0]);
    assert_eq!(study.held(&["stays5501"]).await, [""; 0]);
    assert_eq!(study.site.stranger().get(&way).await.status, 404);
    let trail = study
        .told("select group_concat(detail) from journal where action = 'survey.answers_deleted'")
        .await;
    assert!(
        trail.contains("\"rows\":2") && trail.contains("\"links\":1"),
        "{trail}"
    );
    study.again().await;
    let page = study.ada.get("/surveys/brands/keeping").await;
    assert!(
        page.text.contains("The answers were deleted by the rule"),
        "{}",
        page.text
    );
    assert_eq!(days(&study, 1).await, 0, "once");
    // Opened and closed again, it is counted anew.
    study.again().await;
    study.ada.post("/surveys/brands/reopen", "").await;
    study.answers("/s/brands?pid=c3", "gender=2").await;
    study.ada.post("/surveys/brands/close", "").await;
    assert_eq!(days(&study, 29).await, 0);
    assert_eq!(study.number("select count(*) from respondent").await, 1);
    assert_eq!(days(&study, 1).await, 1);
}

#[tokio::test]
async fn a_hold_keeps_them_until_it_is_released() {
    let mut study = with_rule("retention = \"30d after close\"").await;
    answered(&study).await;
    study.ada.post("/surveys/brands/close", "").await;
    assert_eq!(days(&study, 28).await, 0);
    study.again().await;
    let empty = study
        .ada
        .post("/surveys/brands/keeping/hold", "reason=+")
        .await;
    assert_eq!(empty.status, 422);
    let held = study
        .ada
        .post("/surveys/brands/keeping/hold", "reason=Dispute+7")
        .await;
    assert_eq!(held.status, 303, "{}", held.text);

    assert_eq!(days(&study, 100).await, 0);

    assert_eq!(alerts(&study).await, "2 settled", "nothing is ahead");
    assert_eq!(study.number("select count(*) from respondent").await, 2);
    study.again().await;
    let page = study.ada.get("/surveys/brands/keeping").await;
    assert!(page.text.contains("Dispute 7") && page.text.contains("on hold"));
    let released = study.ada.post("/surveys/brands/keeping/release", "").await;
    assert_eq!(released.status, 303, "{}", released.text);
    assert_eq!(round(study.site.site()).await.unwrap(), 1);
    assert!(!study.site.site().files.is_there(&study.file()).unwrap());
}

#[tokio::test]
async fn a_clock_that_jumped_deletes_nothing() {
    let study = with_rule("retention = \"30d after close\"").await;
    answered(&study).await;
    study.ada.post("/surveys/brands/close", "").await;
    assert_eq!(round(study.site.site()).await.unwrap(), 0);

    study.site.site().clock.jump(400 * Time::DAY);

    assert_eq!(round(study.site.site()).await.unwrap(), 0);
    assert_eq!(study.number("select count(*) from respondent").await, 2);
}

#[tokio::test]
async fn answers_become_nobodys_and_stay() {
    let mut study = with_rule("retention = \"30d after close, then anonymise\"").await;
    let way = answered(&study).await;
    study.ada.post("/surveys/brands/close", "").await;
    assert_eq!(days(&study, 29).await, 0);
    assert!(study.held(&WORDS).await.len() >= 4, "the search finds");

    assert_eq!(days(&study, 1).await, 1);

    assert_eq!(study.held(&WORDS).await, [""; 0]);
    study.logs_are_empty();
    assert_eq!(
        study.site.stranger().get(&way).await.status,
        404,
        "the address opens nothing"
    );
    for (sql, left) in [
        ("select count(*) from respondent where anonymised = 1", 2),
        ("select count(*) from answer where variable = 'why'", 1),
        ("select count(*) from answer where variable = 'mail'", 0),
        ("select count(*) from entry where name = 'pid'", 0),
        (
            "select count(*) from entry where name = 'region' and value = 'north'",
            1,
        ),
        (
            "select count(*) from respondent where link <> '' or device <> '' or exit_to is not null",
            0,
        ),
        (
            "select count(*) from respondent where started % 86400000 <> 0 or seen % 86400000 <> 0 or ended % 86400000 <> 0",
            0,
        ),
        ("select count(*) from answer where at % 86400000 <> 0", 0),
        (
            "select count(*) from page_visit where at % 86400000 <> 0",
            0,
        ),
        ("select count(*) from quota_place where until is null", 1),
    ] {
        assert_eq!(study.number(sql).await, left, "{sql}");
    }
    let trail = study
        .told("select group_concat(detail) from journal where action = 'survey.anonymised'")
        .await;
    assert!(trail.contains("\"rows\":2"), "{trail}");
    study.again().await;
    let csv = study
        .ada
        .get("/surveys/brands/exports/csv?which=all&personal=yes")
        .await;
    assert!(csv.text.contains("stays5501"), "{}", csv.text);
    assert_eq!(days(&study, 1).await, 0, "once");
}

#[tokio::test]
async fn each_respondent_has_a_day_of_their_own() {
    for (then, left) in [("", 1), (", then anonymise", 2)] {
        let study = with_rule(&format!("retention = \"30d after answer{then}\"")).await;
        study.answers("/s/brands?pid=canarypid7713", FIELDS).await;
        assert_eq!(days(&study, 20).await, 0);
        study
            .answers("/s/brands?pid=b2", "gender=2&mail=later5502")
            .await;
        assert_eq!(days(&study, 9).await, 0);

        assert_eq!(days(&study, 1).await, 1, "{then}");

        assert_eq!(study.number("select count(*) from respondent").await, left);
        assert_eq!(study.held(&WORDS).await, [""; 0]);
        // What is personal lies sealed: it is counted, and not looked for.
        let mails = "select count(*) from answer where variable = 'mail'";
        assert_eq!(study.number(mails).await, 1);
        assert_eq!(days(&study, 1).await, 0);
        assert_eq!(days(&study, 19).await, 1);
        assert_eq!(study.number(mails).await, 0);
        assert_eq!(
            study.number("select count(*) from respondent").await,
            if left == 2 { 2 } else { 0 }
        );
    }
}

#[tokio::test]
async fn what_was_recorded_is_gone_on_with() {
    let study = with_rule("retention = \"30d after close\"").await;
    answered(&study).await;
    study.ada.post("/surveys/brands/close", "").await;
    study.site.site().clock.advance(30 * Time::DAY);
    // Somebody works with the file: it stays, and the next look finds it again.
    let busy = study.db();
    assert_eq!(round(study.site.site()).await.unwrap(), 0);
    let failed = "select group_concat(state) from alert where key like 'survey.retention_failed:%'";
    assert_eq!(study.told(failed).await, "open");
    drop(busy);

    assert_eq!(round(study.site.site()).await.unwrap(), 1);

    assert!(!study.site.site().files.is_there(&study.file()).unwrap());
    assert_eq!(study.told(failed).await, "settled");
    let once = "select cast(count(*) as text) from journal where action = 'survey.answers_deleted'";
    assert_eq!(study.told(once).await, "1");
}

#[tokio::test]
async fn where_somebody_goes_back_to_is_nobodys_after() {
    let rule = "withdraw = true\nretention = \"30d after close, then anonymise\"";
    let back = "[entry.back]\nfrom = \"return\"\nhosts = [\"https://host.example\"]\n\n";
    let text = TEXT
        .replace("withdraw = true", rule)
        .replace("[entry.region]", &format!("{back}[entry.region]"));
    let study = of(&format!("{text}{SECOND}")).await;
    let back = "https%3A%2F%2Fhost.example%2F%3Fid%3Dcanaryback7716";
    // On the way, with a place in a quota: until when it is held says when that was.
    study
        .answers(&format!("/s/brands?region=north&back={back}"), FIELDS)
        .await;
    study.site.site().clock.advance(Time::MINUTE);
    let held = "select count(*) from quota_place where until is not null";
    assert_eq!(study.number(held).await, 1);
    let words = ["canaryback7716"];
    assert!(!study.held(&words).await.is_empty(), "the search finds");
    study.ada.post("/surveys/brands/close", "").await;

    assert_eq!(days(&study, 30).await, 1);

    assert_eq!(study.held(&words).await, [""; 0]);
    assert_eq!(study.number(held).await, 0);
    let region = "select count(*) from entry where name = 'region'";
    assert_eq!(study.number(region).await, 1);
}

#[tokio::test]
async fn what_a_reader_held_up_is_overwritten_at_the_next_look() {
    let study = with_rule("retention = \"30d after answer\"").await;
    study.answers("/s/brands?pid=canarypid7713", FIELDS).await;
    let wiping = "select group_concat(wiping) from survey_keeping";
    // As a backup does that takes a copy of the file meanwhile.
    let reader = study.db().still().unwrap();
    assert_eq!(days(&study, 30).await, 0);
    assert_eq!(study.number("select count(*) from respondent").await, 0);
    assert_eq!(study.told(wiping).await, "1");
    drop(reader);

    assert_eq!(days(&study, 0).await, 0);

    study.logs_are_empty();
    assert_eq!(study.told(wiping).await, "0");
    let once = "select cast(count(*) as text) from journal where action = 'survey.answers_deleted'";
    assert_eq!(study.told(once).await, "1");
}
