//! The same over HTTPS, and what a page says of itself.

use onsight::base::Time;
use serde_json::json;

use super::line::{batch, posted, token_of, visit};
use super::stage::{Stage, WHOLE};

#[tokio::test]
async fn a_batch_by_itself_is_taken_as_over_a_socket() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let visit = visit();

    for (sent, acked) in [
        (vec![1, 2, 3], 3),
        (vec![5], 3),
        (vec![2, 3, 4], 4),
        (vec![], 4),
    ] {
        let answer = stage.posts(&posted(&way, &visit, sent.clone())).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let said = json!({ "ack": { "visit": visit, "seq": acked } });
        assert_eq!(answer.text, said.to_string(), "{sent:?}");
    }
    assert_eq!(stage.noted().len(), 4);
}

#[tokio::test]
async fn what_is_no_batch_is_refused_in_words() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let heavy = "x".repeat(40 << 10);
    let mut nobody = posted(&way, &visit(), [1]);
    nobody["token"] = json!("AAAAAAAAAAAAAAAAAAAAAA");

    for (body, status) in [
        (batch(&visit(), [1]), 422),
        (json!({ "token": token_of(&way) }), 422),
        (json!("beat"), 422),
        (nobody, 404),
        (posted(&way, &visit(), [1001]), 422),
        (posted(&way, "x", [1]), 422),
        (json!({ "token": heavy }), 413),
    ] {
        let answer = stage.posts(&body).await;
        assert_eq!(answer.status, status, "{body}");
    }
    let mut elsewhere = stage.site.stranger();
    let body = posted(&way, &visit(), [1]).to_string();
    // Another site's pages are refused before anybody looks; who says nothing, or no TLS, here.
    for (origin, status) in [
        (None, 403),
        (Some("null"), 422),
        (Some("https://evil.example"), 422),
        (Some("http://localhost"), 403),
    ] {
        elsewhere.origin = origin.map(str::to_owned);
        let answer = elsewhere.post("/s/cereals/live", &body).await;
        assert_eq!(answer.status, status, "{origin:?}");
    }
    assert_eq!(stage.noted(), [""; 0]);
}

#[tokio::test]
async fn who_sends_too_much_is_told_how_long_to_wait() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let visit = visit();
    for from in [0, 200, 400] {
        let taken = stage
            .posts(&posted(&way, &visit, from + 1..=from + 200))
            .await;
        assert_eq!(taken.status, 200, "{}", taken.text);
    }

    let refused = stage.posts(&posted(&way, &visit, 601..=640)).await;

    assert_eq!(refused.status, 429, "{}", refused.text);
    assert_eq!(refused.headers["retry-after"], "3");
    stage.site.site().clock.advance(3 * Time::SECOND);
    let taken = stage.posts(&posted(&way, &visit, 601..=640)).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(stage.noted().len(), 640);
}

#[tokio::test]
async fn a_page_names_its_line_and_says_what_it_notes() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;

    let page = stage.stranger.get(&way).await;
    let german = stage.stranger.get(&format!("{way}?lang=de")).await;

    assert!(
        page.text.contains("data-live=\"/s/cereals/live\""),
        "{}",
        page.text
    );
    assert!(page.text.contains("/js/live.js"), "{}", page.text);
    assert!(
        page.text.contains("it notes how it is used"),
        "{}",
        page.text
    );
    assert!(
        german.text.contains("hält sie fest, wie sie benutzt wird"),
        "{}",
        german.text
    );
    // The door notes nothing yet, and says already what will be.
    let door = stage.stranger.get("/s/cereals").await;
    assert!(!door.text.contains("data-live"), "{}", door.text);
    assert!(
        door.text.contains("it notes how it is used"),
        "{}",
        door.text
    );
}
