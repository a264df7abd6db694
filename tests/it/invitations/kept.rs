//! Addresses go with whoever they belong to, and nothing of an anonymous survey joins them
//! to answers.

use onsight::base::Time;
use onsight::store::Error;
use onsight::surveys::keeping;
use serde_json::json;

use super::stage::{LETTERS, Mailing, link_in, text_of, to};
use crate::fieldwork;

const LIST: &str = "name,email\nCanaryone,canary1@example.net\nCanarytwo,canary2@example.net\n";

/// Both were written to; the first one answered.
async fn answered(lines: &str) -> (Mailing, String) {
    let mut stage = Mailing::of(lines, json!({}), &[]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=2").await;
    assert_eq!(stage.send().await, 2);
    let letters = stage.letters(2);
    stage.send().await;
    let link = link_in(&text_of(to(&letters, "canary1@example.net")));
    let way = fieldwork::begin(&stage.site, &link).await;
    fieldwork::send(&stage.site, &way, "mail=canaryanswer").await;
    fieldwork::send(&stage.site, &way, "why=stays5501").await;
    (stage, way)
}

async fn count(stage: &Mailing, sql: &'static str) -> i64 {
    let read = move |conn: &onsight::store::Connection| {
        Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    stage.db().await.read(read).await.unwrap()
}

const INVITEES: &str = "select count(*) from invitee";

#[tokio::test(flavor = "multi_thread")]
async fn they_are_found_by_their_address_and_nothing_of_it_is_left() {
    let (stage, _) = answered("").await;
    for (address, kind) in [
        ("Canary1%40example.net", "respondent"),
        ("canary2%40example.net", "link"),
    ] {
        let form = format!("known={address}");
        let found = stage.ada.post("/surveys/brands/keeping/find", &form).await;
        let id = found
            .between(&format!("name=\"{kind}\" value=\""), "\"")
            .to_owned();
        assert!(!id.is_empty(), "{address}: {}", found.text);
        let erased = stage
            .ada
            .post("/surveys/brands/keeping/erase", &format!("{kind}={id}"))
            .await;
        assert_eq!(erased.status, 303, "{}", erased.text);
    }

    assert_eq!(count(&stage, INVITEES).await, 0);
    let words = [
        "canary1@example.net",
        "canary2@example.net",
        "Canaryone",
        "canaryanswer",
    ];
    assert_eq!(stage.held(&words).await, [""; 0]);
    let keys = stage
        .told("select cast(count(*) as text) from survey_link_key")
        .await;
    assert_eq!(keys, "0", "no letter opens anything any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_was_cut_off_between_the_files_is_gone_on_with() {
    let (stage, _) = answered("").await;
    // The link is gone from the accounts database; the address is not yet.
    let gone = stage.site.site().system.write(|tx| {
        tx.execute("delete from survey_link where name = 'Canarytwo'", [])?;
        Ok::<_, Error>(())
    });
    gone.await.unwrap();

    keeping::round(stage.site.site()).await.unwrap();

    assert_eq!(count(&stage, INVITEES).await, 1);
    assert_eq!(stage.held(&["canary2@example.net"]).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_takes_addresses_along_also_of_those_who_never_came() {
    for rule in [
        "retention = \"2d after answer\"",
        "retention = \"2d after answer, then anonymise\"",
    ] {
        let (stage, _) = answered(rule).await;
        stage.site.site().clock.advance(Time::DAY);
        keeping::round(stage.site.site()).await.unwrap();
        assert_eq!(
            count(&stage, INVITEES).await,
            2,
            "{rule}: not before its day"
        );

        stage.site.site().clock.advance(Time::DAY);
        keeping::round(stage.site.site()).await.unwrap();

        assert_eq!(count(&stage, INVITEES).await, 0, "{rule}");
        let words = ["canary1@example.net", "canary2@example.net", "Canarytwo"];
        assert_eq!(stage.held(&words).await, [""; 0], "{rule}");
        let stays = usize::from(rule.contains("anonymise"));
        assert_eq!(
            count(&stage, "select count(*) from respondent").await,
            i64::try_from(stays).unwrap()
        );
    }
    let (stage, _) = answered("retention = \"2d after close, then anonymise\"").await;
    assert_eq!(
        stage.ada.post("/surveys/brands/close", "").await.status,
        303
    );
    stage.site.site().clock.advance(2 * Time::DAY);
    keeping::round(stage.site.site()).await.unwrap();
    assert_eq!(count(&stage, INVITEES).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_anonymous_survey_nobody_sees_who_took_part() {
    let (mut stage, _) = answered("anonymous = true").await;

    let board = stage.board().await;

    assert!(board.contains("nobody can see who took part"), "{board}");
    for hidden in [
        "canary1",
        "Canaryone",
        "Completed",
        "Opened the survey",
        ">completed<",
    ] {
        assert!(!board.contains(hidden), "{hidden}: {board}");
    }
    assert!(board.contains("<dt>Written to</dt><dd>2</dd>"), "{board}");
    assert_eq!(
        count(&stage, "select count(*) from respondent where link <> ''").await,
        0
    );
    assert_eq!(
        count(
            &stage,
            "select count(*) from respondent where outcome = 'complete'"
        )
        .await,
        1
    );
    let joined = "select count(*) from invitee join respondent on respondent.link = invitee.link";
    assert_eq!(count(&stage, joined).await, 0);
    // A reminder says nothing of who took part: it goes to all.
    stage.site.site().clock.advance(3 * Time::DAY);
    stage.again().await;
    assert!(
        stage
            .board()
            .await
            .contains("it goes to all who were invited")
    );
    stage.confirm("reminder", "seen=2").await;
    assert_eq!(stage.send().await, 2);
    let reminders = stage.letters(2);
    let again = link_in(&text_of(to(&reminders, "canary1@example.net")));
    let met = stage.site.stranger().post(&again, "lang=en").await;
    assert!(
        met.text.contains("taken part in this survey already"),
        "{}",
        met.text
    );
}
