//! A survey over HTTP: what is typed is what is kept, whatever happens on the way.

mod calls;
mod crowd;
mod data;
mod file;
mod frame;
mod host;
mod hostile;
mod line;
mod live;
mod live_ends;
mod live_posted;
mod panels;
mod pictures;
mod places;
mod postbacks;
mod script;
mod stage;
mod trying;
mod uploads;

use stage::{Stage, WHOLE};

use crate::fieldwork::page_of;

#[tokio::test]
async fn random_ways_through_a_whole_survey_are_kept_as_they_were_typed() {
    let stage = Stage::of(WHOLE).await;
    for seed in 0..40 {
        let typed = script::walk(&stage, seed).await;

        let (outcome, kept) = stage.kept(&typed.token);

        assert_eq!(outcome.as_deref(), Some(typed.outcome()), "seed {seed}");
        assert_eq!(kept, typed.answers, "seed {seed}: {:#?}", typed.pages);
    }
    // The script went everywhere.
    let seen = stage.outcomes();
    assert!(
        seen.contains(&"complete".to_owned()) && seen.contains(&"screenout".to_owned()),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_page_sent_twice_counts_once() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    let form = format!("{}&gender=1&age=40", page_of(&page));

    let first = stage.stranger.post(&way, &form).await;
    let second = stage
        .stranger
        .post(&way, &form.replace("age=40", "age=41"))
        .await;

    assert_eq!(
        (first.status, second.status),
        (303.try_into().unwrap(), 303.try_into().unwrap())
    );
    assert_eq!(second.location(), way);
    let (_, kept) = stage.kept(&way);
    assert_eq!(kept["age"], "40");
    assert!(stage.stranger.get(&way).await.text.contains("brands"));
}

#[tokio::test]
async fn a_page_from_before_is_taken_in_and_the_way_goes_on_from_there() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let first = stage.stranger.get(&way).await;
    let before = page_of(&stage.stranger.get(&way).await);
    stage.send(&way, &first, "gender=1&age=40").await;
    let second = stage.stranger.get(&way).await;
    stage.send(&way, &second, "brands=1&brands=2").await;

    // The browser's own button back, and the page as it was shown before.
    let answer = stage
        .stranger
        .post(&way, &format!("{before}&gender=2&age=50"))
        .await;

    assert_eq!(answer.location(), way);
    let (_, kept) = stage.kept(&way);
    assert_eq!((&*kept["gender"], &*kept["age"]), ("2", "50"));
    assert_eq!(kept["brands_1"], "1");
    let now = stage.stranger.get(&way).await;
    assert!(
        now.text.contains("name=\".page\" value=\"use\""),
        "{}",
        now.text
    );
    assert!(
        now.text.contains("value=\"1\" checked"),
        "what was chosen is still chosen"
    );
}

#[tokio::test]
async fn a_page_not_reached_yet_is_not_taken_in() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    let ahead = page_of(&page).replace(".page=screener", ".page=last");

    let answer = stage
        .stranger
        .post(&way, &format!("{ahead}&recommend=10"))
        .await;

    assert_eq!(answer.location(), way);
    assert!(stage.kept(&way).1.is_empty());
    assert!(
        stage
            .stranger
            .get(&way)
            .await
            .text
            .contains("name=\".page\" value=\"screener\"")
    );
}

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_typed_stays() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;

    let answer = stage.send(&way, &page, "age=twelve").await;

    assert_eq!(answer.status, 422);
    assert!(
        answer
            .text
            .contains("<a href=\"#q-gender\">Please answer this question.</a>")
    );
    assert!(
        answer
            .text
            .contains("<a href=\"#q-age\">Please enter a whole number, like 12.</a>")
    );
    assert!(answer.text.contains("value=\"twelve\""));
    assert!(stage.kept(&way).1.is_empty());
}

#[tokio::test]
async fn answers_off_the_way_are_gone_in_the_end() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    for form in ["gender=1&age=40", "brands=1", "liking=7"] {
        let page = stage.stranger.get(&way).await;
        stage.send(&way, &page, form).await;
    }
    assert_eq!(stage.kept(&way).1["liking@1"], "7");
    // Back twice, to say that it was none of them.
    for _ in 0..2 {
        let page = stage.stranger.get(&way).await;
        stage.send(&way, &page, ".back=1").await;
    }
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "brands=9&why=Too+sweet").await;
    assert!(stage.off_path(&way).contains(&"liking@1".to_owned()));

    let page = stage.stranger.get(&way).await;
    assert!(
        page.text.contains("name=\".page\" value=\"last\""),
        "{}",
        page.text
    );
    let end = stage.send(&way, &page, "recommend=3").await;

    assert_eq!(end.status, 303);
    let (outcome, kept) = stage.kept(&way);
    assert_eq!(outcome.as_deref(), Some("complete"));
    assert!(!kept.contains_key("liking@1"), "{kept:?}");
    assert_eq!(kept["why"], "Too sweet");
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_nothing() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "gender=2&age=33").await;
    let before = stage.kept(&way);

    let stage = stage.restarted().await;

    assert_eq!(stage.kept(&way), before);
    let page = stage.stranger.get(&way).await;
    assert!(
        page.text.contains("name=\".page\" value=\"use\""),
        "{}",
        page.text
    );
    let onward = stage.send(&way, &page, "brands=1").await;
    assert_eq!(onward.location(), way);
}

#[tokio::test]
async fn a_respondent_reads_their_language_from_the_side_it_is_written() {
    let stage = Stage::of(&WHOLE.replace("\"de\"]", "\"de\", \"ar\"]")).await;

    let german = stage
        .stranger
        .get(&format!("/s/{}?lang=de", stage.slug))
        .await;
    let arabic = stage
        .stranger
        .get(&format!("/s/{}?lang=ar", stage.slug))
        .await;

    assert!(
        german.text.contains("<html lang=\"de\" dir=\"ltr\">"),
        "{}",
        german.text
    );
    assert!(german.text.contains("Beginnen"));
    assert!(arabic.text.contains("<html lang=\"ar\" dir=\"rtl\">"));
    let way = stage.begin("lang=de").await;
    let page = stage.stranger.get(&way).await;
    assert!(page.text.contains("<title>Frage 1 von "), "{}", page.text);
    assert!(page.text.contains("Männlich"));
    assert!(page.headers.get("set-cookie").is_none());
    assert!(page.text.len() < 60_000);
}

#[tokio::test]
async fn nobody_is_let_in_where_a_survey_is_closed() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    stage.set_state("closed").await;

    let door = stage.stranger.get(&format!("/s/{}", stage.slug)).await;
    let inside = stage.stranger.get(&way).await;

    assert_eq!(door.status, 410);
    assert!(door.text.contains("This survey is closed"), "{}", door.text);
    // Who is inside is served.
    assert_eq!(inside.status, 200);
}

#[tokio::test]
async fn consent_comes_first() {
    let text = WHOLE.replacen("back = true", "back = true\nconsent = \"I **agree**.\"", 1);
    let stage = Stage::of(&text).await;
    let door = format!("/s/{}", stage.slug);

    let refused = stage.stranger.post(&door, "lang=en").await;
    let begun = stage.stranger.post(&door, "lang=en&agree=1").await;

    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("You can only take part if you agree"));
    assert!(refused.text.contains("<strong>agree</strong>"));
    assert_eq!(begun.status, 303);
}
