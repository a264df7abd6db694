//! A call in the test runner: nobody is asked by itself.

use super::machine::{Machine, Reply};
use super::stage::{GOLD, Stage, TEXT};
use crate::fieldwork::page_of;
use crate::support::{Answer, Visitor};

const TRY: &str = "/surveys/brands/try";

/// A test that has sent its first page. Gives the runner's address and the frame's.
async fn begun(ada: &Visitor) -> (String, String) {
    let begun = ada.post(TRY, "e.pid=a7").await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let at = begun.location().to_owned();
    let runner = ada.get(&at).await;
    let way = runner.between("<iframe src=\"", "\"");
    let way = way.split('?').next().unwrap().to_owned();
    let first = ada.get(&way).await;
    let sent = ada.post(&way, &format!("{}&age=40", page_of(&first))).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    (at, way)
}

fn run(at: &str) -> &str {
    let (_, rest) = at.split_once("run=").unwrap();
    rest.split('&').next().unwrap()
}

/// What the list says of the call.
fn line(page: &Answer) -> String {
    let name = "<span class=\"id\">crm</span>";
    page.between(name, "<span class=\"id\">").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_it_out_says_whether_the_machine_is_asked() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::of(TEXT, &machine).await;
    let ada = &stage.ada;
    let (at, way) = begun(ada).await;

    let waits = ada.get(&way).await;
    assert!(
        waits.text.contains("nobody is asked by itself"),
        "{}",
        waits.text
    );
    assert!(
        waits.text.contains("/customers/a7?age=40"),
        "{}",
        waits.text
    );
    let list = line(&ada.get(&at).await);
    assert!(list.contains("waits for its answer"), "{list}");
    assert!(list.contains("/customers/a7?age=40"), "{list}");
    assert!(machine.heard().is_empty());

    assert_eq!(ada.post(&way, ".call=ask").await.status, 303);

    assert!(
        ada.get(&way)
            .await
            .text
            .contains("You are gold with 3 visits.")
    );
    let list = line(&ada.get(&at).await);
    assert!(
        list.contains("it answered; tier is gold; visits is 3"),
        "{list}"
    );
    assert!(stage.counts().await.is_empty(), "a test counts for nothing");

    let (_, way) = begun(ada).await;
    assert_eq!(ada.post(&way, ".call=skip").await.status, 303);
    assert!(ada.get(&way).await.text.contains("You are unknown"));
    assert_eq!(machine.heard().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_given_by_hand_before_and_after() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let stage = Stage::of(TEXT, &machine).await;
    let ada = &stage.ada;
    let (at, way) = begun(ada).await;
    let open = ada.get(&format!("{at}&change=second%2F0%2Fcrm")).await;
    assert!(open.text.contains("name=\"v.crm_tier\""), "{}", open.text);
    assert!(!open.text.contains("name=\"v.crm\""), "{}", open.text);
    let give = |values: &str| format!("run={}&at=second%2F0%2Fcrm&{values}", run(&at));
    let answer = format!("{TRY}/answer");

    let wrong = ada
        .post(&answer, &give("v.crm_tier=tin&v.crm_visits=5000"))
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let given = ada
        .post(&answer, &give("v.crm_tier=tin&v.crm_visits=5&v.crm_vip=0"))
        .await;

    assert_eq!(given.status, 303, "{}", given.text);
    assert!(
        ada.get(&way)
            .await
            .text
            .contains("You are tin with 5 visits.")
    );
    let again = ada
        .post(&answer, &give("v.crm_tier=lead&v.crm_visits=6"))
        .await;
    assert_eq!(again.status, 303, "{}", again.text);
    assert!(
        ada.get(&way)
            .await
            .text
            .contains("You are lead with 6 visits.")
    );
    let list = line(&ada.get(&at).await);
    assert!(list.contains("given by hand"), "{list}");
    assert!(machine.heard().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_filled_in_by_chance_asks_nobody() {
    let machine = Machine::open(&[Reply::Json(GOLD)]).await;
    let text = TEXT.replace(
        "when = \"${crm_tier} = 'gold' and ${crm} = 'answered'\"\n",
        "",
    );
    let stage = Stage::of(&text, &machine).await;
    let ada = &stage.ada;
    let begun = ada.post(TRY, "e.pid=a7&seed=5").await;
    let at = begun.location().to_owned();

    let go = format!("run={}&to=gold/0", run(&at));
    let jumped = ada.post(&format!("{TRY}/go"), &go).await;

    assert_eq!(jumped.status, 303, "{}", jumped.text);
    let runner = ada.get(jumped.location()).await;
    let way = runner
        .between("<iframe src=\"", "\"")
        .split('?')
        .next()
        .unwrap();
    let page = ada.get(way).await;
    assert!(page.text.contains("More for gold?"), "{}", page.text);
    let list = line(&runner);
    assert!(list.contains("nobody was asked"), "{list}");
    assert!(machine.heard().is_empty());
    // Nobody but a test skips a call.
    let (respondent, _) = stage.comes("a7").await;
    let skipped = stage.site.stranger().post(&respondent, ".call=skip").await;
    assert_eq!(skipped.status, 404);
}
