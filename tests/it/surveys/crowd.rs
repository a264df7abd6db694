//! More come at one moment than can be served: who is on their way is, the others come back.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use onsight::store::{Error, Transaction};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::stage::{Stage, WHOLE};
use crate::support::Answer;

/// More than begin at once and wait together.
const CROWD: usize = 320;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_is_asked_to_come_back_and_who_is_on_their_way_is_served() {
    let stage = Arc::new(Stage::of(WHOLE).await);
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    // Whoever begins waits for the survey's file.
    let (go_on, holding) = hold_up(&stage).await;
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let stage = Arc::clone(&stage);
        crowd.spawn(async move {
            let door = format!("/s/{}?pid={number}", stage.slug);
            stage.stranger.post(&door, "lang=de&agree=1").await
        });
    }

    let mut turned = Vec::new();
    // Those who were let in wait for the file; all others are told within a second or so.
    while let Ok(Some(answer)) =
        tokio::time::timeout(Duration::from_secs(4), crowd.join_next()).await
    {
        turned.push(answer.unwrap());
    }
    let door = stage.stranger.get("/s/cereals?pid=900&lang=de").await;
    let sending = stage.send(&way, &page, "gender=2&age=40");
    let (sent, ()) = tokio::join!(sending, async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        go_on.send(()).unwrap();
    });
    holding.await.unwrap().unwrap();

    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(stage.kept(&way).1["age"], "40");
    for answer in turned.iter().chain([&door]) {
        comes_back(answer);
    }
    assert!(
        turned[0]
            .text
            .contains("<form method=\"post\" action=\"/s/cereals?pid=")
            && turned[0].text.contains("name=\"agree\" value=\"1\""),
        "{}",
        turned[0].text
    );
    let mut began = 0;
    while let Some(answer) = crowd.join_next().await {
        assert_eq!(answer.unwrap().status, 303);
        began += 1;
    }
    assert_eq!(turned.len() + began, CROWD);
    assert!(began >= 1 && turned.len() >= CROWD / 2, "{began} began");
    // Nothing was begun for those who were turned away.
    let there = stage.texts("select cast(count(*) as text) from respondent", None);
    assert_eq!(there, [(began + 1).to_string()]);
}

/// From now on nobody writes to the survey's file, until it is said to go on.
async fn hold_up(stage: &Stage) -> (mpsc::Sender<()>, JoinHandle<Result<(), Error>>) {
    let ((go_on, held), (begins, begun)) = (mpsc::channel(), oneshot::channel());
    let file = stage.db.clone();
    let holding = tokio::spawn(async move {
        let waits = move |_: &Transaction<'_>| {
            let _ = begins.send(());
            held.recv().map_err(|_gone| Error::Closed)
        };
        file.write(waits).await
    });
    begun.await.unwrap();
    (go_on, holding)
}

/// It says so, says when, and comes back by itself, with a script and without.
fn comes_back(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text);
    let seconds = answer.headers[RETRY_AFTER].to_str().unwrap();
    assert!(
        (3..=10).contains(&seconds.parse::<u32>().unwrap()),
        "{seconds}"
    );
    let refresh = format!("<meta http-equiv=\"refresh\" content=\"{seconds};url=/s/cereals?pid=");
    assert!(answer.text.contains(&refresh), "{}", answer.text);
    assert!(
        answer.text.contains("von selbst noch einmal"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn who_was_turned_away_begins_with_the_same_address_later() {
    let stage = Stage::of(WHOLE).await;
    let (go_on, holding) = hold_up(&stage).await;
    let doors: Vec<String> = { 0..40 }
        .map(|number| format!("/s/{}?pid={number}", stage.slug))
        .collect();
    let all = doors
        .iter()
        .map(|door| stage.stranger.post(door, "lang=en"));
    let all = futures_util::future::join_all(all);
    let (answers, ()) = tokio::join!(all, async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        go_on.send(()).unwrap();
    });
    holding.await.unwrap().unwrap();
    let turned = answers.iter().position(|answer| answer.status == 503);
    let door = &doors[turned.expect("eight more than begin at once")];

    let later = stage.stranger.post(door, "lang=en").await;

    assert_eq!(later.status, 303, "{}", later.text);
    assert!(later.location().starts_with("/s/cereals/r/"));
}
