//! Who is not there any more: respondents, receivers, and webhooks themselves.

use onsight::base::Time;
use onsight::surveys::keeping::round;

use super::ENDS;
use super::receiver::Receiver;
use super::stage::{Stage, TEXT, form};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_respondent_who_withdrew_only_that_is_told() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let events = ["response.complete", "response.erased"];
    stage.add(&receiver, &events, "&on=1&answers=1").await;
    let way = stage.answers("40").await;
    assert_eq!(stage.messages().await, ["waiting 0"]);

    let gone = stage
        .site
        .stranger()
        .post(&format!("{way}/withdraw"), "")
        .await;
    assert_eq!(gone.status, 303, "{}", gone.text);

    assert!(stage.messages().await.is_empty(), "it goes with them");
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard().remove(0);
    assert_eq!(heard.event(), "response.erased");
    assert_eq!(heard.json()["respondents"], serde_json::json!([1]));
    assert_eq!(heard.json()["how"], "withdrawn");
    for word in ["canary9", "grace", "answers"] {
        assert!(!heard.body.contains(word), "{}", heard.body);
    }
    // When it was taken, nothing here says any more who it was.
    let details = stage.texts(true, "select detail from hook_message").await;
    assert_eq!(details, ["{}"]);
    let page = stage.page().await;
    assert!(!page.text.contains(">Send again<"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_rule_deletes_is_told_by_number() {
    let receiver = Receiver::open(&["200"]).await;
    let rule = "withdraw = true\nretention = \"30d after answer\"";
    let text = TEXT.replace("withdraw = true", rule);
    let stage = Stage::of(&text, &[&receiver]).await;
    stage.add(&receiver, &["response.erased"], "&on=1").await;
    stage.answers("40").await;
    stage.answers("50").await;

    stage.later(31 * Time::DAY);
    assert_eq!(round(stage.site.site()).await.unwrap(), 1);

    assert_eq!(stage.send().await, 1);
    let said = receiver.heard().remove(0).json();
    assert_eq!(said["respondents"], serde_json::json!([1, 2]));
    assert_eq!(said["how"], "by the survey's rule");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_no_more_is_told_no_more_until_somebody_turns_it_on() {
    let receiver = Receiver::open(&["410", "200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;

    assert_eq!(stage.send().await, 0);

    let why = "its server answered 410: it wants no more messages";
    assert_eq!(stage.messages().await, [format!("failed 1 {why}")]);
    let page = stage.page().await;
    assert!(page.text.contains(why), "{}", page.text);
    let alerts = "select text from alert where key like 'survey.webhook:%'";
    let alert = stage.texts(true, alerts).await.remove(0);
    assert!(alert.contains("was turned off"), "{alert}");
    stage.answers("50").await;
    assert_eq!(
        stage.messages().await.len(),
        1,
        "what happens while it is off is not told"
    );
    assert_eq!(stage.send().await, 0);
    let on = stage
        .ada
        .post(&hook.at(""), &form(&receiver, ENDS, "&on=1"))
        .await;
    assert_eq!(on.status, 303, "{}", on.text);
    stage.answers("60").await;
    assert_eq!(stage.send().await, 1);
    assert!(!stage.page().await.text.contains("badge\">off"), "it is on");
    let records = stage.records().await;
    assert_eq!(
        records,
        [
            "webhook.added ok",
            "webhook.turned_off failed",
            "webhook.changed ok"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_removed_takes_along_what_waits() {
    let receiver = Receiver::prepared(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let events = ["response.complete", "survey.closed"];
    let hook = stage.add(&receiver, &events, "&on=1").await;
    stage.answers("40").await;
    stage.ada.post("/surveys/brands/close", "").await;
    assert_eq!(stage.send().await, 0);

    let removed = stage.ada.post(&hook.at("/remove"), "").await;

    assert_eq!(removed.status, 303, "{}", removed.text);
    assert!(stage.messages().await.is_empty());
    let left = "select id from hook_message union all select id from survey_hook";
    assert!(stage.texts(true, left).await.is_empty());
    receiver.listen().await;
    assert_eq!(stage.send().await, 0);
    assert_eq!(stage.ada.get(&hook.at("")).await.status, 404);
    assert!(stage.page().await.text.contains("Nothing is told yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_that_is_deleted_tells_nothing_and_comes_back_with_its_webhooks() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, &["survey.closed"], "&on=1").await;
    stage.ada.post("/surveys/brands/close", "").await;

    let gone = stage
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    assert_eq!(gone.location(), "/deleting", "{}", gone.text);
    assert_eq!(stage.send().await, 0);
    assert!(receiver.heard().is_empty());
    let page = stage.ada.get("/deleting").await;
    let ending = page.between("action=\"/deleting/", "/undo\"");
    let undone = stage
        .ada
        .post(&format!("/deleting/{ending}/undo"), "")
        .await;
    assert_eq!(undone.status, 303, "{}", undone.text);

    assert_eq!(stage.send().await, 1);
    assert_eq!(receiver.events(), ["survey.closed"]);
}
