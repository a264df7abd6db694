//! Messages that do not arrive at once: tried again, in their order, after an end without
//! warning, given up, and sent again by hand.

use std::sync::Arc;

use onsight::base::Time;
use onsight::surveys::hooks::{self, send};

use super::ENDS;
use super::receiver::Receiver;
use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_again_with_the_same_number_until_it_is_taken() {
    let receiver = Receiver::open(&["500", "302 location: /elsewhere", "200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;

    assert_eq!(stage.send().await, 0);
    let failed = "waiting 1 it answered 500: <b>No such thing</b>";
    assert_eq!(stage.messages().await, [failed]);
    assert_eq!(stage.send().await, 0);
    assert_eq!(receiver.heard().len(), 1, "not at once again");
    let page = stage.page().await;
    assert!(
        page.text.contains("No such thing&#60;/b&#62;"),
        "{}",
        page.text
    );
    stage.later(5 * Time::SECOND);
    assert_eq!(stage.send().await, 0);
    stage.later(30 * Time::SECOND);
    assert_eq!(stage.send().await, 1);

    let heard = receiver.heard();
    assert_eq!(heard.len(), 3, "nobody goes where it was told to");
    let ids: Vec<_> = heard.iter().map(|one| one.header("webhook-id")).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(heard.iter().all(|one| one.body == heard[0].body));
    assert_ne!(
        heard[0].header("webhook-timestamp"),
        heard[1].header("webhook-timestamp")
    );
    assert_eq!(stage.messages().await, ["sent 3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_listens_one_is_tried_and_all_arrive_in_their_order() {
    let receiver = Receiver::prepared(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let events = ["response.complete", "response.screenout", "survey.closed"];
    stage.add(&receiver, &events, "&on=1").await;
    for age in ["40", "12", "50"] {
        stage.answers(age).await;
        stage.later(Time::SECOND);
    }
    let closed = stage.ada.post("/surveys/brands/close", "").await;
    assert_eq!(closed.status, 303, "{}", closed.text);

    assert_eq!(stage.send().await, 0);
    let waiting = stage.messages().await;
    assert!(
        waiting[0].contains("no connection to 127.0.0.1"),
        "{waiting:?}"
    );
    assert_eq!(waiting[1..], ["waiting 0", "waiting 0"]);
    receiver.listen().await;
    stage.later(5 * Time::SECOND);

    assert_eq!(stage.send().await, 4);
    assert_eq!(
        receiver.events(),
        [
            "response.complete",
            "response.screenout",
            "response.complete",
            "survey.closed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_told_after_an_end_without_warning() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    assert!(receiver.heard().is_empty());

    let stage = stage.restarted();
    assert_eq!(stage.send().await, 1);

    // Killed between their yes and our note of it.
    let name = onsight::store::project_file(stage.workspace, "brands");
    let db = stage.site.site().files.open(&name).unwrap();
    let lose = db.write(|tx| {
        tx.execute(
            "update hook_message set state = 'waiting', tries = 0, ended = null",
            [],
        )?;
        Ok::<_, onsight::store::Error>(())
    });
    lose.await.unwrap();
    drop(db);
    let stage = stage.restarted();
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_eq!(heard[0].body, heard[1].body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_be_left_alone_is() {
    let receiver = Receiver::open(&["503 retry-after: 600", "429 retry-after: 5", "200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    stage.later(Time::SECOND);
    stage.answers("40").await;

    assert_eq!(stage.send().await, 0);
    assert_eq!(
        receiver.heard().len(),
        1,
        "the other one is not tried either"
    );
    stage.later(599 * Time::SECOND);
    assert_eq!(stage.send().await, 0);
    assert_eq!(receiver.heard().len(), 1);
    stage.later(Time::SECOND);
    assert_eq!(stage.send().await, 0);
    assert_eq!(receiver.heard().len(), 2);
    stage.later(Time::MINUTE);
    assert_eq!(stage.send().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_slow_keeps_no_other_waiting() {
    let (slow, quick) = (
        Receiver::open(&["held"]).await,
        Receiver::open(&["200"]).await,
    );
    let stage = Arc::new(Stage::calling(&[&slow, &quick]).await);
    stage.add(&slow, ENDS, "&on=1").await;
    stage.add(&quick, ENDS, "&on=1").await;
    stage.answers("40").await;

    let telling = Arc::clone(&stage);
    let told = tokio::spawn(async move { telling.send().await });
    while slow.heard().is_empty() || quick.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    // While it is held up, it is told nothing twice, and the other what is new.
    stage.answers("50").await;
    while quick.heard().len() < 2 {
        stage.send().await;
    }

    assert_eq!(slow.heard().len(), 1);
    slow.release.notify_one();
    assert_eq!(told.await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_an_alert_and_can_be_sent_again() {
    let receiver = Receiver::open(&["500"]).await;
    let mut stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    for _ in 0..80 {
        stage.send().await;
        stage.later(Time::HOUR);
    }
    let tries = receiver.heard().len();
    assert!((9..15).contains(&tries), "{tries}");
    let failed = format!("failed {tries} it answered 500: <b>No such thing</b>");
    assert_eq!(stage.messages().await, [failed]);
    let alerts = "select title || ' ' || state from alert where key like 'survey.webhook:%'";
    let open = "A webhook of a survey is not reached open";
    assert_eq!(stage.texts(true, alerts).await, [open]);
    stage.again().await;
    let page = stage.page().await;
    for words in [">given up<", "Send again all 1", ">Send again<"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }

    let again = stage.ada.post(&hook.at("/again"), "").await;
    assert_eq!(again.status, 303, "{}", again.text);
    assert_eq!(stage.messages().await, ["waiting 0"]);
    stage.send().await;
    assert_eq!(receiver.heard().len(), tries + 1);
    // After a month nothing of it is shown, and what was never taken is not kept either.
    stage.later(31 * Time::DAY);
    stage.send().await;
    assert!(stage.messages().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_is_sent_again_by_hand_with_its_number() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    assert_eq!(stage.send().await, 1);
    let page = stage.page().await;
    let id = page.between("name=\"message\" value=\"", "\"");

    let form = format!("message={id}");
    let again = stage.ada.post(&hook.at("/again"), &form).await;

    assert_eq!(again.status, 303, "{}", again.text);
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard();
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_eq!(heard[1].header("webhook-id"), format!("msg_{id}"));
    let records = stage.records().await;
    assert_eq!(records, ["webhook.added ok", "webhook.retried ok"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_nothing_leaves_before_somebody_says_so() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage
        .add(&receiver, &["response.complete", "survey.closed"], "&on=1")
        .await;
    stage.answers("40").await;
    stage.ada.post("/surveys/brands/close", "").await;

    let site = stage.site.site();
    assert_eq!(
        hooks::stop_open(site, Some(stage.workspace)).await.unwrap(),
        2
    );

    assert_eq!(stage.send().await, 0);
    let page = stage.page().await;
    assert!(page.text.contains("a backup was put back"), "{}", page.text);
    assert!(page.text.contains(">stopped<"), "{}", page.text);
    stage.ada.post(&hook.at("/again"), "").await;
    // A look that is not wide finds it as well: the survey's file is open.
    assert_eq!(send(&stage.sender, false).await.unwrap(), 2);
}
