//! A line ends with what it is about: the respondent, their way, the survey, the
//! workspace; and nobody takes more of it than their share.

use onsight::base::Time;
use onsight::people;
use onsight::store::named_params;
use serde_json::json;

use super::line::{Open, batch, hello, posted, token_of, visit};
use super::stage::{Stage, WHOLE};
use crate::fieldwork::page_of;

async fn change(stage: &Stage, sql: &'static str) {
    let system = &stage.site.site().system;
    let write = system.write(move |tx| {
        tx.execute(sql, named_params! {})?;
        Ok::<_, onsight::store::Error>(())
    });
    write.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_respondent_is_not_heard_any_more() {
    let stage = Stage::of(&WHOLE.replacen("format", "withdraw = true\nformat", 1)).await;
    let way = stage.begin("").await;
    let open = Open::of(&stage);
    let (mut line, mut quiet) = (open.greeted(&way).await, open.greeted(&way).await);
    let visit = visit();
    assert_eq!(line.acked(&batch(&visit, 1..=3)).await, 3);

    let gone = stage.stranger.post(&format!("{way}/withdraw"), "").await;

    assert_eq!(gone.location(), "/s/cereals/withdrawn", "{}", gone.text);
    line.say(&batch(&visit, 4..=4)).await;
    assert_eq!(line.ends().await, 4404);
    assert_eq!(quiet.ends().await, 4404, "who says nothing is told as well");
    let mut again = open.line().await;
    again.say(&hello(token_of(&way))).await;
    assert_eq!(again.ends().await, 4404);
    let late = stage.posts(&posted(&way, &visit, 1..=4)).await;
    assert_eq!(late.status, 404);
    assert_eq!(stage.noted(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_or_a_workspace_that_closes_closes_the_lines() {
    for (close, reopen) in [
        (
            "update survey set state = 'closed'",
            "update survey set state = 'live'",
        ),
        (
            "update workspace set closed = 1",
            "update workspace set closed = null",
        ),
    ] {
        let stage = Stage::of(WHOLE).await;
        let way = stage.begin("").await;
        let open = Open::of(&stage);
        let mut line = open.greeted(&way).await;
        let visit = visit();
        assert_eq!(line.acked(&batch(&visit, 1..=1)).await, 1);

        change(&stage, close).await;

        assert_eq!(line.ends().await, 4410, "{close}");
        let late = stage.posts(&posted(&way, &visit, 2..=2)).await;
        assert_eq!(late.status, 409, "{close}");
        let own = open.origin();
        let refused = open.ask("/s/cereals/live", Some(&own)).await.err();
        assert_eq!(refused.unwrap().status(), 409, "{close}");
        change(&stage, reopen).await;
        assert_eq!(
            open.greeted(&way).await.acked(&batch(&visit, 2..=2)).await,
            2
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_last_page_noted_is_heard_for_a_minute() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let open = Open::of(&stage);
    let mut line = open.greeted(&way).await;
    let page = stage.stranger.get(&way).await;
    let form = format!("{}&gender=2&age=12", page_of(&page));
    stage.stranger.post(&way, &form).await;
    assert_eq!(stage.kept(&way).0.as_deref(), Some("screenout"));
    let visit = visit();

    let first = stage.posts(&posted(&way, &visit, 1..=2)).await;
    let second = line.acked(&batch(&visit, 1..=3)).await;
    let clock = &stage.site.site().clock;
    clock.advance(Time::MINUTE + 1);
    let late = stage.posts(&posted(&way, &visit, 4..=4)).await;

    assert_eq!(
        (first.status.as_u16(), second, late.status.as_u16()),
        (200, 3, 409)
    );
    assert_eq!(line.ends().await, 4410);
    assert_eq!(stage.noted().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_that_notes_nothing_has_no_line() {
    for words in ["[paradata]\nevents = false\n", "anonymous = true\n"] {
        let text = "format = 1\nid = \"cereals\"\ntitle = \"T\"\nlangs = [\"en\"]\n";
        let page = "[[page]]\nid = \"screener\"\n[[page.ask]]\nid = \"age\"\ntype = \"number\"\ntext = \"Age?\"\n";
        let stage = Stage::of(&format!("{text}{words}{page}")).await;
        let way = stage.begin("").await;
        let open = Open::of(&stage);

        let shown = stage.stranger.get(&way).await;
        let mut line = open.line().await;
        line.say(&hello(token_of(&way))).await;
        let code = line.ends().await;
        let posted = stage.posts(&posted(&way, &visit(), 1..=1)).await;

        assert!(!shown.text.contains("/live") && !shown.text.contains("notes how it is used"));
        assert_eq!((code, posted.status.as_u16()), (4410, 409), "{words}");
        assert_eq!(stage.noted(), [""; 0], "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_more_than_their_share() {
    let stage = Stage::of(WHOLE).await;
    let (way, other) = (stage.begin("").await, stage.begin("").await);
    let open = Open::of(&stage);
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(open.greeted(&way).await);
    }
    let mut fourth = open.line().await;
    fourth.say(&hello(token_of(&way))).await;
    assert_eq!(fourth.ends().await, 1013);
    let mut others = open.greeted(&other).await;

    // All they may send at once, over one line or several.
    for (at, line) in held.iter_mut().enumerate() {
        let from = u32::try_from(at).unwrap() * 200;
        assert_eq!(
            line.acked(&batch(&visit_one(), from + 1..=from + 200))
                .await,
            u64::from(from) + 200
        );
    }
    let mut line = held.pop().unwrap();
    line.say(&batch(&visit_one(), 601..=601)).await;

    assert_eq!(line.ends().await, 4429);
    assert_eq!(
        others.acked(&batch(&visit(), 1..=200)).await,
        200,
        "others go on"
    );
    stage.site.site().clock.advance(2 * Time::SECOND);
    assert_eq!(held[0].acked(&batch(&visit_one(), 601..=640)).await, 640);
}

fn visit_one() -> String {
    "AAAAAAAAAAAAAAAAAAAAAA".to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_notes_as_a_test_and_goes_with_it() {
    let stage = Stage::of(WHOLE).await;
    stage.set_state("draft").await;
    let began = stage
        .ada()
        .post(&format!("/surveys/{}/preview", super::stage::ID), "")
        .await;
    assert_eq!(began.status, 303, "{}", began.text);
    let way = began.location().to_owned();
    let body = posted(&way, &visit(), 1..=2);

    let noted = stage.posts(&body).await;

    assert_eq!(noted.status, 200, "{}", noted.text);
    assert_eq!(stage.noted().len(), 2);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&noted.text).unwrap()["ack"]["seq"],
        json!(2)
    );
    let workspace = people::first_workspace(stage.site.site()).await.unwrap();
    assert!(
        stage
            .site
            .site()
            .files
            .is_there(&onsight::store::project_file(workspace, super::stage::ID))
            .unwrap()
    );
    stage
        .db
        .write(onsight::surveys::running::forget_tests)
        .await
        .unwrap();
    assert_eq!(stage.noted(), [""; 0]);
}
