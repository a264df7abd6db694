//! Calls of surveys: another machine is asked on the way, once, and what it said is the
//! respondent's from then on.

pub(crate) mod machine;
mod manual;
mod secrets;
mod stage;
mod tried;

use std::collections::BTreeSet;
use std::sync::Arc;

use machine::{Machine, Reply};
use onsight::base::Time;
use stage::{CALLS, GOLD, SECRET, Stage, TEXT};

use crate::fieldwork;

const SAID: &str = "You are gold with 3 visits.";
const UNKNOWN: &str = "You are unknown with  visits.";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_a_machine_said_and_it_is_asked_once() {
    let machine = Machine::open(&[Reply::Json(GOLD), Reply::Json("{}")]).await;
    let stage = Stage::of(TEXT, &machine).await;

    let (way, page) = stage.comes("a 7&x=1").await;

    assert!(page.text.contains(SAID), "{}", page.text);
    let heard = machine.heard().remove(0);
    assert!(
        heard
            .head
            .starts_with("GET /customers/a%207%26x%3D1?age=40 HTTP/1.1"),
        "{heard:?}"
    );
    let bearer = format!("Bearer {SECRET}");
    assert_eq!(heard.header("authorization"), Some(&*bearer));
    assert_eq!(heard.header("x-app"), Some("onsight"));
    let answers = [
        "crm answered",
        "crm_tier gold",
        "crm_vip 1.0",
        "crm_visits 3.0",
    ];
    assert_eq!(stage.kept().await, answers);
    // Loaded again, back with another answer, and forward: it stays what it was.
    assert!(stage.site.stranger().get(&way).await.text.contains(SAID));
    assert!(stage.back(&way).await.text.contains("Age?"));
    let again = fieldwork::send(&stage.site, &way, "age=41").await;
    assert!(again.text.contains(SAID), "{}", again.text);
    let stage = stage.restarted();
    assert!(stage.site.stranger().get(&way).await.text.contains(SAID));
    let more = fieldwork::send(&stage.site, &way, "liking=well").await;
    assert!(
        more.text.contains("More for gold?"),
        "a condition uses it: {}",
        more.text
    );
    assert_eq!(machine.heard().len(), 1);
    assert_eq!(stage.kept().await, answers);
    assert_eq!(stage.counts().await, ["answered 1"]);
}

const REPLIES: &[Reply] = &[
    Reply::Status(500),
    Reply::Elsewhere,
    Reply::Large,
    Reply::Json("<b>no</b>"),
    Reply::Json(r#"{"customer":{"tier":"gold","visits":"three"}}"#),
    Reply::Json(r#"{"customer":{"tier":"gold","visits":1001}}"#),
    Reply::Silent,
    Reply::Json(r#"{"customer":{"tier":"tin"}}"#),
];

/// Why there is no answer, one after the other.
const REASONS: [&str; 7] = [
    "refused",
    "redirected",
    "too-large",
    "not-json",
    "misfit",
    "misfit",
    "late",
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_they_go_on_with_what_stands_in_and_it_is_said_why() {
    let machine = Machine::open(REPLIES).await;
    let stage = Stage::of(TEXT, &machine).await;

    for why in REASONS {
        let (way, page) = stage.comes("a7").await;
        assert!(page.text.contains(UNKNOWN), "{why}: {}", page.text);
        assert!(stage.site.stranger().get(&way).await.text.contains(UNKNOWN));
        let kept = stage.kept().await;
        let last = &kept[kept.len() - 4..];
        assert_eq!(
            last,
            [
                &*format!("crm {why}"),
                "crm_tier unknown",
                "crm_vip -",
                "crm_visits -"
            ]
        );
    }
    // What is not there is no fault.
    let (_, page) = stage.comes("a7").await;
    assert!(
        page.text.contains("You are tin with  visits."),
        "{}",
        page.text
    );
    assert_eq!(
        machine.heard().len(),
        8,
        "nobody goes where it was told to, or asks twice"
    );
    assert_eq!(
        stage.counts().await,
        [
            "answered 1",
            "late 1",
            "misfit 2",
            "not-json 1",
            "redirected 1",
            "refused 1",
            "too-large 1"
        ]
    );
    let page = stage.page().await;
    for words in [
        "its answer has more than 64 KiB",
        "it did not answer in the time",
        ">8<",
        ">7<",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_stand_in_an_address_asks_nobody() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::of(TEXT, &machine).await;

    for pid in ["", "..", "../../admin", "a/b"] {
        let (_, page) = stage.comes(pid).await;
        assert!(page.text.contains(UNKNOWN), "{pid}: {}", page.text);
    }

    assert!(machine.heard().is_empty());
    assert_eq!(stage.counts().await, ["address 4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_needed_they_wait_and_can_try_again() {
    let machine = Machine::open(&[Reply::Status(503), Reply::Json(GOLD)]).await;
    let text = TEXT.replace("timeout = 1", "timeout = 1\non_failure = \"stop\"");
    let stage = Stage::of(&text, &machine).await;

    let (way, page) = stage.comes("a7").await;

    assert_eq!(page.status, 200);
    for words in [
        "cannot be had just now",
        "Your answers are kept",
        ">Try again</a>",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(stage.kept().await.is_empty());
    // Who presses at once asks nobody yet.
    let page = stage.site.stranger().get(&way).await;
    assert!(
        page.text.contains("cannot be had just now"),
        "{}",
        page.text
    );
    assert_eq!(machine.heard().len(), 1);
    stage.later(5 * Time::SECOND);
    let page = stage.site.stranger().get(&way).await;
    assert!(page.text.contains(SAID), "{}", page.text);
    assert_eq!(stage.counts().await, ["answered 1", "refused 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_ask_once_and_see_the_same() {
    let machine = Machine::open(&[Reply::Held(GOLD), Reply::Json("{}")]).await;
    let text = TEXT.replace("timeout = 1", "timeout = 10");
    let stage = Arc::new(Stage::of(&text, &machine).await);
    let way = fieldwork::begin(&stage.site, "/s/brands?pid=a7").await;
    let stranger = stage.site.stranger();
    let sent = format!("{}&age=40", fieldwork::page_of(&stranger.get(&way).await));
    assert_eq!(stranger.post(&way, &sent).await.status, 303);

    let tabs = [stage.site.stranger(), stage.site.stranger()].map(|tab| {
        let way = way.clone();
        tokio::spawn(async move { tab.get(&way).await })
    });
    while machine.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    // While the machine thinks, others are served.
    let other = fieldwork::begin(&stage.site, "/s/brands?pid=b8").await;
    assert!(
        stage
            .site
            .stranger()
            .get(&other)
            .await
            .text
            .contains("Age?")
    );
    machine.release.notify_one();

    for tab in tabs {
        let page = tab.await.unwrap();
        assert!(page.text.contains(SAID), "{}", page.text);
    }
    assert_eq!(machine.heard().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_cut_off_before_the_answer_is_kept_is_asked_for_again_and_has_one() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::of(TEXT, &machine).await;
    let (way, _) = stage.comes("a7").await;
    // Killed between their answer and our note of it.
    stage
        .run(false, "delete from answer where variable glob 'crm*'")
        .await;
    let stage = stage.restarted();

    let page = stage.site.stranger().get(&way).await;

    assert!(page.text.contains(SAID), "{}", page.text);
    assert_eq!(machine.heard().len(), 2);
    assert_eq!(stage.kept().await.len(), 4, "one answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_at_once_each_has_their_own_answer() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let text = TEXT.replace("timeout = 1", "timeout = 10");
    let stage = Arc::new(Stage::of(&text, &machine).await);
    let mut ways = Vec::new();
    for number in 0..64 {
        let way = fieldwork::begin(&stage.site, &format!("/s/brands?pid=p{number}")).await;
        let stranger = stage.site.stranger();
        let sent = format!("{}&age=40", fieldwork::page_of(&stranger.get(&way).await));
        assert_eq!(stranger.post(&way, &sent).await.status, 303);
        ways.push(way);
    }

    let all = ways.into_iter().map(|way| {
        let tab = stage.site.stranger();
        tokio::spawn(async move {
            loop {
                let page = tab.get(&way).await;
                assert_eq!(page.status, 200, "{}", page.text);
                if !page.text.contains("goes on by itself") {
                    break page;
                }
            }
        })
    });
    let all: Vec<_> = all.collect();
    for page in all {
        let page = page.await.unwrap();
        assert!(page.text.contains(SAID), "{}", page.text);
    }

    let heard = machine.heard();
    let asked: BTreeSet<_> = heard
        .iter()
        .map(|one| one.head.lines().next().unwrap())
        .collect();
    assert_eq!((heard.len(), asked.len()), (64, 64));
    assert_eq!(stage.counts().await, ["answered 64"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_many_ask_at_once_who_comes_besides_sees_a_page_that_goes_on_by_itself() {
    let machine = Machine::open(&[Reply::Held(GOLD)]).await;
    let text = TEXT.replace("timeout = 1", "timeout = 10");
    let stage = Arc::new(Stage::of(&text, &machine).await);
    let mut ways = Vec::new();
    for number in 0..17 {
        let way = fieldwork::begin(&stage.site, &format!("/s/brands?pid=p{number}")).await;
        let stranger = stage.site.stranger();
        let sent = format!("{}&age=40", fieldwork::page_of(&stranger.get(&way).await));
        assert_eq!(stranger.post(&way, &sent).await.status, 303);
        ways.push(way);
    }
    let last = ways.pop().unwrap();
    let asking = ways.into_iter().map(|way| {
        let tab = stage.site.stranger();
        tokio::spawn(async move { tab.get(&way).await })
    });
    let asking: Vec<_> = asking.collect();
    while machine.heard().len() < 16 {
        tokio::task::yield_now().await;
    }

    let waits = stage.site.stranger().get(&last).await;

    assert_eq!(waits.status, 200);
    assert!(waits.text.contains("goes on by itself"), "{}", waits.text);
    let again = format!("<meta http-equiv=\"refresh\" content=\"3;url={last}\">");
    assert!(waits.text.contains(&again), "{}", waits.text);
    assert_eq!(machine.heard().len(), 16);
    while asking.iter().any(|tab| !tab.is_finished()) {
        machine.release.notify_waiters();
        tokio::task::yield_now().await;
    }
    for tab in asking {
        let page = tab.await.unwrap();
        assert!(page.text.contains(SAID), "{}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_sends_what_was_answered_as_json() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let send = "method = \"POST\"\nsend = { \"customer/id\" = \"${pid}\", \"customer/age\" = \"${age} + 1\", wave = \"'a\\\"b'\", none = \"${crm2}\" }\ntimeout = 1";
    let before = "[[page.ask]]\nid = \"crm2\"\ntype = \"hidden\"\ndefault = \"''\"\n\n[[page]]\nid = \"second\"";
    let text = TEXT
        .replace("timeout = 1", send)
        .replace("[[page]]\nid = \"second\"", before);
    let stage = Stage::of(&text, &machine).await;

    let (_, page) = stage.comes("a7").await;

    assert!(page.text.contains(SAID), "{}", page.text);
    let heard = machine.heard().remove(0);
    assert_eq!(heard.header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_str(&heard.body).unwrap();
    let wanted = serde_json::json!({
        "customer": { "id": "a7", "age": 41.0 }, "wave": "a\"b", "none": null,
    });
    assert_eq!(body, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_where_the_configuration_does_not_let_them() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let elsewhere = TEXT.replace("127.0.0.1:PORT", "169.254.169.254");
    let stage = Stage::brought(&elsewhere, &machine).await;
    stage.enter_secret().await;

    let refused = stage.publish().await;

    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("cannot ask https://169.254.169.254"),
        "{}",
        refused.text
    );
    let other = TEXT.replace("127.0.0.1:PORT", "10.9.8.7");
    let second = Stage::brought(&other, &machine).await;
    second.enter_secret().await;
    let page = second.ada.get("/surveys/brands/publish").await;
    assert!(
        page.text
            .contains("[egress] allow = [&#34;10.9.8.7:443&#34;]"),
        "{}",
        page.text
    );

    // Nor where it was published when it was allowed yet.
    let stage = Stage::of(TEXT, &machine).await;
    stage
        .run(
            true,
            "update survey_version set text = replace(text, '127.0.0.1', '127.0.0.2')",
        )
        .await;
    let (_, page) = stage.comes("a7").await;
    assert!(page.text.contains(UNKNOWN), "{}", page.text);
    assert_eq!(stage.counts().await, ["not-allowed 1"]);
    assert!(machine.heard().is_empty());
    assert!(stage.page().await.text.contains("[egress] allow"));
    let unlisted = stage.ada.get(&format!("{CALLS}/secrets")).await;
    assert_ne!(unlisted.status, 200);
}
