//! Letters once more: reminders to those who have not ended, letters that are stopped, and
//! rounds that are cut off in the middle.

use onsight::base::Time;
use onsight::store::{Error, named_params};
use serde_json::json;

use super::stage::{LETTERS, Mailing, link_in, stop_in, text_of, to};
use crate::fieldwork;

const LIST: &str = "name,email\nAda,a@example.net\nBob,b@example.net\nCyd,c@example.net\nDan,d@example.net\nEve,e@example.net\n";

/// Five people who were all written to, and their letters.
async fn invited() -> (Mailing, Vec<serde_json::Value>) {
    let mut stage = Mailing::set(json!({}), &[]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=5").await;
    assert_eq!(stage.send().await, 5);
    let letters = stage.letters(5);
    stage.send().await;
    (stage, letters)
}

/// Goes by the link of a letter. Gives the address of their answers.
async fn begins(stage: &Mailing, letters: &[serde_json::Value], address: &str) -> String {
    let link = link_in(&text_of(to(letters, address)));
    fieldwork::begin(&stage.site, &link).await
}

/// Ada completes, Bob is screened out, Cyd withdraws, Dan is on the way; Eve never comes.
async fn some_answer(stage: &Mailing, letters: &[serde_json::Value]) {
    let way = begins(stage, letters, "a@example.net").await;
    fieldwork::send(&stage.site, &way, "mail=x").await;
    fieldwork::send(&stage.site, &way, "why=x").await;
    let way = begins(stage, letters, "b@example.net").await;
    fieldwork::send(&stage.site, &way, "mail=out").await;
    let way = begins(stage, letters, "c@example.net").await;
    let gone = stage
        .site
        .stranger()
        .post(&format!("{way}/withdraw"), "")
        .await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    begins(stage, letters, "d@example.net").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_not_ended_is_reminded_and_not_too_soon_or_too_often() {
    let (mut stage, letters) = invited().await;
    some_answer(&stage, &letters).await;
    let board = stage.board().await;
    for words in [
        "completed",
        "ended otherwise",
        "opened the survey",
        "written to",
    ] {
        assert!(board.contains(&format!(">{words}<")), "{words}: {board}");
    }
    assert!(
        !board.contains("c@example.net"),
        "who withdrew is gone: {board}"
    );
    assert!(
        board.contains("to 0 people as things stand now"),
        "too soon: {board}"
    );

    for turn in 1..=2 {
        stage.site.site().clock.advance(3 * Time::DAY);
        stage.again().await;
        assert!(
            stage
                .board()
                .await
                .contains("to 2 people as things stand now"),
            "{turn}"
        );
        stage.confirm("reminder", "seen=2").await;
        assert_eq!(stage.send().await, 2);
        let reminders = stage.letters(2);
        to(&reminders, "d@example.net");
        let eve = text_of(to(&reminders, "e@example.net"));
        assert!(
            eve.starts_with("Still time, Eve: https://localhost/s/brands?k="),
            "{eve}"
        );
        stage.send().await;
    }
    stage.site.site().clock.advance(3 * Time::DAY);
    stage.again().await;
    assert!(
        stage
            .board()
            .await
            .contains("to 0 people as things stand now"),
        "often enough"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_clicks_the_first_letter_after_the_second_arrives() {
    let (mut stage, letters) = invited().await;
    stage.site.site().clock.advance(3 * Time::DAY);
    stage.again().await;
    stage.confirm("reminder", "seen=5").await;
    assert_eq!(stage.send().await, 5);
    let reminders = stage.letters(5);
    let first = link_in(&text_of(to(&letters, "a@example.net")));
    let second = link_in(&text_of(to(&reminders, "a@example.net")));
    assert_ne!(first, second, "each letter has a key of its own");

    let way = fieldwork::begin(&stage.site, &first).await;
    fieldwork::send(&stage.site, &way, "mail=x").await;
    let again = fieldwork::begin(&stage.site, &second).await;

    let page = stage.site.stranger().get(&again).await;
    assert!(
        page.text.contains("value=\"second\""),
        "they go on where they were: {}",
        page.text
    );
    let db = stage.db().await;
    let count = db.read(|conn| {
        let count = conn.query_row("select count(*) from respondent", [], |row| row.get(0));
        Ok::<i64, Error>(count?)
    });
    assert_eq!(count.await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_letters_gets_none_and_looking_at_the_address_changes_nothing() {
    let (mut stage, letters) = invited().await;
    let stranger = stage.site.stranger();
    let stop = stop_in(to(&letters, "a@example.net"));
    let looked = stranger.get(&stop).await;
    assert!(
        looked.status == 200 && looked.text.contains("Stop the e-mails"),
        "{}",
        looked.text
    );
    assert!(!stage.board().await.contains(">wants no letters<"));

    // As a reader's program sends it, without a page of ours (RFC 8058).
    let stopped = stranger.post(&stop, "List-Unsubscribe=One-Click").await;

    assert!(
        stopped.status == 200 && stopped.text.contains("no more e-mails"),
        "{}",
        stopped.text
    );
    assert!(stranger.get(&stop).await.text.contains("no more e-mails"));
    assert!(stage.board().await.contains(">wants no letters<"));
    let nobody = stranger
        .post("/s/brands/stop?k=AAAAAAAAAAAAAAAAAAAAAA", "")
        .await;
    assert!(
        nobody.status == 404 && nobody.text.contains("not known here"),
        "{}",
        nobody.text
    );
    // The link leads in all the same.
    begins(&stage, &letters, "a@example.net").await;
    let waits = stop_in(to(&letters, "b@example.net"));
    stage.site.site().clock.advance(3 * Time::DAY);
    stage.again().await;
    stage.confirm("reminder", "seen=4").await;
    // Stopped between the confirmation and the letter.
    stranger.post(&waits, "").await;
    assert_eq!(stage.send().await, 3);
    let reminded = stage.letters(3);
    for address in ["c@example.net", "d@example.net", "e@example.net"] {
        to(&reminded, address);
    }
    // In the list once more, their word still stands.
    stage.list(LIST).await;
    assert!(
        stage
            .board()
            .await
            .contains("to 0 people who were not written to yet")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_anywhere_nobody_has_two_letters_of_a_round_and_nobody_is_left_out() {
    let mut stage = Mailing::set(json!({}), &[("per_hour", "120")]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=5").await;
    assert_eq!(stage.send().await, 2, "two in a minute");
    let mut letters = stage.letters(2);
    // As if it ended before it was noted in the accounts database that the round began.
    let back = stage.site.site().system.write(|tx| {
        tx.execute("update survey_round set state = 'waiting', letters = 0", [])?;
        Ok::<_, Error>(())
    });
    back.await.unwrap();
    let mut stage = stage.restarted();

    for _ in 0..10 {
        stage.site.site().clock.advance(Time::MINUTE);
        let left = stage.send().await;
        letters.extend(stage.letters(left));
    }

    let mut all: Vec<&str> = letters
        .iter()
        .map(|one| one["to"][0].as_str().unwrap())
        .collect();
    all.sort_unstable();
    let want = [
        "a@example.net",
        "b@example.net",
        "c@example.net",
        "d@example.net",
        "e@example.net",
    ];
    assert_eq!(all, want);
    let told = stage
        .told("select group_concat(state || letters) from survey_round")
        .await;
    assert_eq!(told, "over5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_in_hand_goes_again_with_the_same_link_and_number() {
    let mut stage = Mailing::set(json!({ "fail_first": 1 }), &[]).await;
    stage.list("name,email\nAda,a@example.net\n").await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=1").await;
    assert_eq!(stage.send().await, 0);
    assert!(stage.board().await.contains(">letter waits<"));
    let key = "select key from invitee_letter";
    let read = |conn: &onsight::store::Connection| {
        Ok::<String, Error>(conn.query_row(key, [], |row| row.get(0))?)
    };
    let before = stage.db().await.read(read).await.unwrap();
    assert_eq!(stage.send().await, 0, "not at once");

    stage.site.site().clock.advance(Time::MINUTE);
    assert_eq!(stage.send().await, 1);

    let letter = stage.letters(1).remove(0);
    assert!(link_in(&text_of(&letter)).contains(&before));
    assert_eq!(
        stage.db().await.read(read).await.unwrap(),
        "",
        "it is not said again"
    );
    // Killed between the server's yes and our note of it: the same letter once more.
    let db = stage.db().await;
    let unsaid = db.write(move |tx| {
        tx.execute(
            "update invitee_letter set state = 'waiting', key = :key, ended = null",
            named_params! { ":key": before },
        )?;
        Ok::<_, Error>(())
    });
    unsaid.await.unwrap();
    assert_eq!(stage.send().await, 1);
    let twin = stage.letters(1).remove(0);
    let number = |letter: &serde_json::Value| {
        let raw = letter["text"].as_str().unwrap().to_owned();
        raw.split("Message-ID: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(number(&twin), number(&letter));
    assert_eq!(text_of(&twin), text_of(&letter));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_for_a_day_leaves_on_that_day_and_can_be_stopped_before() {
    let (mut stage, _) = invited().await;
    // It is noon of 2027-01-15.
    stage.confirm("reminder", "seen=0&day=2027-01-20").await;
    let twice = stage
        .ada
        .post(
            "/surveys/brands/invitations/rounds",
            "kind=reminder&seen=0&day=2027-01-21",
        )
        .await;
    assert!(
        twice.status == 422 && twice.text.contains("on its way already"),
        "{}",
        twice.text
    );
    assert_eq!(stage.send().await, 0);
    let board = stage.board().await;
    let round = board.split("/invitations/rounds/").nth(1).unwrap();
    let round = round.split('/').next().unwrap();
    let stop = format!("/surveys/brands/invitations/rounds/{round}/stop");
    assert_eq!(stage.ada.post(&stop, "").await.status, 303, "{board}");
    assert_eq!(stage.ada.post(&stop, "").await.status, 422);
    stage.confirm("reminder", "seen=0&day=2027-01-20").await;

    stage.site.site().clock.advance(4 * Time::DAY);
    assert_eq!(stage.send().await, 0, "2027-01-19");
    stage.site.site().clock.advance(Time::DAY);
    assert_eq!(stage.send().await, 5, "2027-01-20");

    stage.letters(5);
    stage.send().await;
    let states = "select group_concat(state) from (select state from survey_round order by state)";
    assert_eq!(stage.told(states).await, "over,over,stopped");
    let stopped = "select group_concat(action) from journal where action = 'survey.round_stopped'";
    assert_eq!(stage.told(stopped).await, "survey.round_stopped", "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_for_a_server_that_takes_none_and_stop_when_the_survey_closes() {
    let mut stage = Mailing::set(json!({ "refuse_sender": "onsight@corp.example" }), &[]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=5").await;
    for _ in 0..3 {
        assert_eq!(stage.send().await, 0);
        stage.site.site().clock.advance(2 * Time::DAY);
    }
    stage.again().await;
    let board = stage.board().await;
    assert!(board.contains("takes nothing just now"), "{board}");
    assert_eq!(board.matches(">letter waits<").count(), 5, "{board}");

    assert_eq!(
        stage.ada.post("/surveys/brands/close", "").await.status,
        303
    );
    stage.send().await;

    let board = stage.board().await;
    assert!(board.contains("the survey was not open"), "{board}");
    assert_eq!(
        stage.ada.post("/surveys/brands/reopen", "").await.status,
        303
    );
    assert!(
        stage
            .board()
            .await
            .contains("to 5 people who were not written to yet"),
        "nobody is forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_put_back_sends_nothing_by_itself() {
    let mut stage = Mailing::set(json!({}), &[("per_hour", "120")]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=5").await;
    assert_eq!(stage.send().await, 2);
    stage.letters(2);

    let site = stage.site.site();
    assert_eq!(
        onsight::surveys::letters::stop_open(site, None)
            .await
            .unwrap(),
        1
    );

    site.clock.advance(Time::MINUTE);
    assert_eq!(stage.send().await, 0);
    let board = stage.board().await;
    assert!(
        board.contains("a backup was put back; confirm it anew"),
        "{board}"
    );
    assert!(
        board.contains("to 3 people who were not written to yet"),
        "{board}"
    );
}
