//! People invited by mail to a survey: what leaves over a real server for mail, to whom,
//! how often, and what becomes of it.

mod again;
mod kept;
mod stage;

use onsight::base::Time;
use serde_json::{Value, json};

use crate::fieldwork;
use stage::{LETTERS, Mailing, form, text_of};

const LIST: &str = "name,email,lang,region\nAda,canary1@example.net,,north\nBob,canary2@example.net,de,south\nCyd,canary3@example.net,,\n";

/// It came sealed, and brings the way to answer and the way to get no more.
fn is_whole(letter: &Value) {
    assert_eq!(letter["tls"], true);
    let raw = letter["text"].as_str().unwrap();
    for line in [
        "Auto-Submitted: auto-generated",
        "Reply-To: study@example.org",
        "List-Unsubscribe: <https://localhost/s/brands/stop?k=",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
        assert!(raw.contains(line), "{line}: {raw}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_in_the_list_gets_one_letter_whose_link_leads_in() {
    let mut stage = Mailing::set(json!({}), &[]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    let before = stage.board().await;
    assert!(
        before.contains("to 3 people who were not written to yet"),
        "{before}"
    );
    assert!(
        before.contains("may send 500 letters in an hour"),
        "{before}"
    );

    stage.confirm("invitation", "seen=3").await;
    assert_eq!(stage.send().await, 3);

    let letters = stage.letters(3);
    let mut to: Vec<&str> = letters
        .iter()
        .map(|one| one["to"][0].as_str().unwrap())
        .collect();
    to.sort_unstable();
    assert_eq!(
        to,
        [
            "canary1@example.net",
            "canary2@example.net",
            "canary3@example.net"
        ]
    );
    letters.iter().for_each(is_whole);
    let german = stage::to(&letters, "canary2@example.net");
    let text = text_of(german);
    assert!(text.contains("Hallo Bob aus south"), "{text}");
    assert!(text.contains("Keine weiteren E-Mails"), "{text}");
    let english = text_of(stage::to(&letters, "canary3@example.net"));
    assert!(english.contains("Hello Cyd from !"), "{english}");
    let way = fieldwork::begin(&stage.site, &stage::link_in(&text)).await;
    assert!(
        stage
            .site
            .stranger()
            .get(&way)
            .await
            .text
            .contains("Your e-mail"),
        "{way}"
    );
    assert!(stage.board().await.contains("opened the survey"));

    // Nobody waits any more; looking again sends nothing.
    assert_eq!(stage.send().await, 0);
    let board = stage.board().await;
    assert!(board.contains("everybody was written to"), "{board}");
    assert!(board.contains(">over<"), "{board}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_in_the_file_of_the_answers_and_nowhere_else() {
    let mut stage = Mailing::set(json!({ "refuse_recipient": "canary2@example.net" }), &[]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=3").await;
    assert_eq!(stage.send().await, 2);
    stage.letters(2);
    stage.send().await;
    stage.site.site().carry().await.unwrap();

    let held = stage
        .held(&["canary1@example.net", "canary2@example.net"])
        .await;

    assert!(!held.is_empty(), "the search finds");
    for place in &held {
        assert!(place.ends_with(".brands"), "{held:?}");
    }
    let told = stage
        .told("select group_concat(action || ' ' || detail || diff, '\n') from journal")
        .await;
    for line in [
        "survey.people_listed",
        "survey.round_confirmed",
        "survey.round_begun",
        "survey.round_over",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert!(
        told.contains("\"sent\":2") && told.contains("\"failed\":1"),
        "{told}"
    );
    let board = stage.board().await;
    assert!(
        board.contains("not reached") && board.contains("no such person"),
        "{board}"
    );
    for path in [
        "/surveys/brands/exports/csv",
        "/surveys/brands/exports/ndjson",
    ] {
        let file = stage.ada.get(path).await;
        assert!(
            file.status == 200 && !file.text.contains("canary"),
            "{}",
            file.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_leave_than_the_server_takes() {
    let mut stage = Mailing::set(json!({}), &[("per_hour", "60")]).await;
    stage.list(LIST).await;
    stage.write(LETTERS).await;
    stage.confirm("invitation", "seen=3").await;

    for _ in 0..3 {
        assert_eq!(stage.send().await, 1);
        assert_eq!(stage.send().await, 0, "not in the same minute");
        stage.letters(1);
        stage.site.site().clock.advance(Time::MINUTE);
    }
    assert_eq!(stage.send().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_list_letter_or_round_is_said_at_its_place() {
    let stage = Mailing::set(json!({}), &[]).await;
    for (list, words) in [
        ("name\nAda\n", "no column is called `email`"),
        ("name,email\nAda,ada\n", "line 2, column `email`"),
        (
            "name,email,lang\nAda,a@example.net,fr\n",
            "line 2, column `lang`",
        ),
    ] {
        let refused = stage.bring(list).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let unfit = form(&[
        ("invitation-subject-en", "Hi"),
        ("invitation-text-en", "Go ${lnk}"),
        ("most", "2"),
        ("gap", "x"),
    ]);
    let refused = stage
        .ada
        .post("/surveys/brands/invitations/letters", &unfit)
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for words in ["is ${link} meant?", "write ${link} where", "href=\"#gap\""] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    stage.list(LIST).await;
    let round = |form: &'static str| stage.ada.post("/surveys/brands/invitations/rounds", form);
    let unwritten = round("kind=invitation&seen=3").await;
    assert!(
        unwritten.text.contains("write the invitation first"),
        "{}",
        unwritten.text
    );
    stage.write(LETTERS).await;
    let outdated = round("kind=invitation&seen=2").await;
    assert!(
        outdated.status == 422 && outdated.text.contains("look again"),
        "{}",
        outdated.text
    );
    for day in ["yesterday", "2020-01-01", "2999-01-01"] {
        let form: &'static str =
            Box::leak(format!("kind=reminder&seen=0&day={day}").into_boxed_str());
        assert_eq!(round(form).await.status, 422, "{day}");
    }
    let again = stage.bring(LIST).await;
    assert_eq!(again.status, 303, "{}", again.text);
    assert!(
        stage.board().await.contains("to 3 people"),
        "an address is in the list once"
    );
}

#[tokio::test]
async fn without_a_server_for_mail_the_page_says_so_and_links_are_taken_along() {
    let stage = Mailing::bare().await;
    stage.list(LIST).await;
    let board = stage.board().await;
    assert!(board.contains("No server for mail is set up"), "{board}");
    stage.write(LETTERS).await;
    let refused = stage
        .ada
        .post(
            "/surveys/brands/invitations/rounds",
            "kind=invitation&seen=3",
        )
        .await;
    assert!(
        refused.status == 422 && refused.text.contains("an operator can name one"),
        "{}",
        refused.text
    );

    let taken = stage
        .ada
        .post("/surveys/brands/invitations/links", "")
        .await;

    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(taken.text.lines().count(), 4, "{}", taken.text);
    assert!(taken.text.contains("canary1@example.net"), "{}", taken.text);
    let way = fieldwork::begin(&stage.site, &stage::link_in(&taken.text)).await;
    assert!(way.starts_with("/s/brands/r/"), "{way}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_to_whoever_writes_and_to_nobody_in_the_list() {
    let mut stage = Mailing::set(json!({}), &[]).await;
    stage.list(LIST).await;
    let tested = [LETTERS, &[("test", "invitation:de")][..]].concat();

    let page = stage
        .ada
        .post("/surveys/brands/invitations/letters", &form(&tested))
        .await;

    assert!(
        page.status == 200 && page.text.contains("A test went to ada@example.org"),
        "{}",
        page.text
    );
    let letter = stage.letters(1).remove(0);
    assert_eq!(letter["to"], json!(["ada@example.org"]));
    let text = text_of(&letter);
    assert!(text.contains("Hallo Bob aus south"), "{text}");
    assert!(text.contains("https://localhost/surveys/brands"), "{text}");
    assert!(!text.contains("?k="), "nobody's link is in it: {text}");
    let down = Mailing::set(json!({ "refuse_recipient": "ada@example.org" }), &[]).await;
    let failed = down
        .ada
        .post("/surveys/brands/invitations/letters", &form(&tested))
        .await;
    assert!(
        failed.text.contains("The test did not leave"),
        "{}",
        failed.text
    );
}
