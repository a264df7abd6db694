//! The test runner: a draft is tried, what became of it is said, pages are jumped to, and
//! nothing of it counts.

use super::stage::{ID, Stage, WHOLE};
use crate::fieldwork::page_of;
use crate::support::{Answer, Visitor};

const POLICY: &str = "content-security-policy";

/// Begins a test with those fields. Gives the page of the runner, and its address.
async fn begun(ada: &Visitor, fields: &str) -> (Answer, String) {
    let begun = ada.post(&format!("/surveys/{ID}/try"), fields).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let at = begun.location().to_owned();
    (ada.get(&at).await, at)
}

fn frame(page: &Answer) -> String {
    page.between("<iframe src=\"", "\"").to_owned()
}

fn token(page: &Answer) -> String {
    let frame = frame(page);
    let way = frame.split('?').next().unwrap();
    way.rsplit('/').next().unwrap().to_owned()
}

/// What the list says of a page or a question: from its name to the next one.
fn line<'a>(page: &'a Answer, id: &str) -> &'a str {
    page.between(
        &format!("<span class=\"id\">{id}</span>"),
        "<span class=\"id\">",
    )
}

#[tokio::test]
async fn the_frame_shows_what_a_respondent_gets_and_the_list_what_became_of_it() {
    let quota = "[quota.male]\ntarget = 150\nwhen = \"${gender} = 1\"\n";
    let stage = Stage::of(&format!("{WHOLE}\n{quota}")).await;
    let ada = stage.ada();
    let (runner, at) = begun(ada, "e.pid=a7&lang=de&device=tablet&scheme=dark").await;
    let policy = |page: &Answer| page.headers[POLICY].to_str().unwrap().to_owned();
    assert!(policy(&runner).contains("frame-src 'self';"));
    assert!(policy(&runner).contains("frame-ancestors 'none'"));
    assert!(
        runner
            .text
            .contains("data-device=\"tablet\" data-scheme=\"dark\"")
    );
    assert!(runner.text.contains("a7"), "what came with it is said");

    let way = frame(&runner);
    let page = ada.get(&way).await;
    assert!(
        policy(&page).contains("frame-ancestors 'self';"),
        "{}",
        policy(&page)
    );
    assert!(!page.headers.contains_key("x-frame-options"));
    assert!(page.text.contains("lang=\"de\""));
    let fields = format!("{}&gender=2&age=42", page_of(&page));
    let way = way.split('?').next().unwrap();
    assert_eq!(ada.post(way, &fields).await.status, 303);

    let after = ada.get(&at).await;
    assert!(
        line(&after, "age").contains(">42</strong>"),
        "{}",
        after.text
    );
    let young = line(&after, "young");
    assert!(
        young.contains("not taken") && young.contains("${age} &#60; 18"),
        "{young}"
    );
    assert!(young.contains("age is 42"), "{young}");
    assert!(
        line(&after, "male").contains("does not count"),
        "{}",
        after.text
    );
    assert!(after.text.len() < 60_000);
    // The list by itself is the same, without a frame around it.
    let query = at.split('?').nth(1).unwrap();
    let part = ada.get(&format!("/surveys/{ID}/try/way?{query}")).await;
    assert!(line(&part, "age").contains(">42</strong>") && !part.text.contains("<iframe"));
}

#[tokio::test]
async fn a_page_nobody_came_to_is_jumped_to_and_a_closed_one_is_forced() {
    let stage = Stage::of(WHOLE).await;
    let ada = stage.ada();
    let (runner, _) = begun(ada, "seed=11").await;
    let run = token(&runner);
    let go = format!("/surveys/{ID}/try/go");

    let jumped = ada.post(&go, &format!("run={run}&to=last/0")).await;
    assert_eq!(jumped.status, 303, "{}", jumped.text);
    let there = ada.get(jumped.location()).await;
    let shown = ada.get(&frame(&there)).await;
    assert!(
        shown.text.contains("name=\".page\" value=\"last\""),
        "{}",
        shown.text
    );
    assert!(
        line(&there, "last").contains("next"),
        "{}",
        line(&there, "last")
    );

    // Nobody who ate none of them is asked how they liked it.
    let none = format!("run={run}&at=use/0/brands&v.brands_9=1");
    let changed = ada.post(&format!("/surveys/{ID}/try/answer"), &none).await;
    assert_eq!(changed.status, 303, "{}", changed.text);
    let list = ada.get(changed.location()).await;
    let details = line(&list, "details");
    assert!(
        details.contains("skipped") && details.contains("section eaters"),
        "{details}"
    );
    assert!(details.contains("brands is 9 (None of these)"), "{details}");
    assert!(details.contains("selected(${brands}, 9)"), "{details}");

    assert_eq!(stage.kept(&run).1["brands_9"], "1");
    let forced = ada.post(&go, &format!("run={run}&to=details/0")).await;
    let list = ada.get(forced.location()).await;
    // Other answers lead there: nothing has to be forced.
    assert!(
        !line(&list, "details").contains("forced"),
        "{}",
        line(&list, "details")
    );
}

#[tokio::test]
async fn what_no_answer_opens_is_forced_and_says_what_stands_against_it() {
    let closed = WHOLE.replace("id = \"last\"", "id = \"last\"\nwhen = \"${age} < 10\"");
    let stage = Stage::of(&closed).await;
    let ada = stage.ada();
    // By chance the way there could hold an age under 10: then the exit stands against it.
    let (runner, _) = begun(ada, "seed=11").await;
    let run = token(&runner);

    let to = format!("run={run}&to=last/0");
    let led = ada.post(&format!("/surveys/{ID}/try/go"), &to).await;

    let list = ada.get(led.location()).await;
    let end = line(&list, "last");
    assert!(
        end.contains("forced") && end.contains("${age} &#60; 10"),
        "{end}"
    );
    let shown = ada.get(&frame(&list)).await;
    assert!(
        shown.text.contains("name=\".page\" value=\"last\""),
        "{}",
        shown.text
    );
    // It is answered like any other, and the test ends.
    let way = frame(&list);
    let way = way.split('?').next().unwrap();
    let sent = ada.post(way, &page_of(&shown)).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(stage.kept(&run).0.as_deref(), Some("complete"));
}

#[tokio::test]
async fn an_answer_that_is_not_taken_is_said_and_nothing_changes() {
    let stage = Stage::of(WHOLE).await;
    let ada = stage.ada();
    let (runner, at) = begun(ada, "").await;
    let run = token(&runner);
    let go = format!("/surveys/{ID}/try/go");
    ada.post(&go, &format!("run={run}&to=use/0")).await;
    let before = stage.kept(&run).1["age"].clone();
    let open = ada.get(&format!("{at}&change=screener%2F0%2Fage")).await;
    assert!(open.text.contains("name=\"v.age\""), "{}", open.text);

    let typed = format!("run={run}&at=screener/0/age&v.age=121");
    let refused = ada.post(&format!("/surveys/{ID}/try/answer"), &typed).await;

    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("120 or less"), "{}", refused.text);
    assert!(
        refused.text.contains("value=\"121\""),
        "what was typed stays"
    );
    assert_eq!(stage.kept(&run).1["age"], before);
}

#[tokio::test]
async fn the_same_seed_begins_again_the_same_way_and_nothing_of_it_counts() {
    let stage = Stage::of(WHOLE).await;
    let ada = stage.ada();
    let (runner, _) = begun(ada, "seed=5&e.pid=x1").await;
    let first = token(&runner);
    let (go, again) = (
        format!("/surveys/{ID}/try/go"),
        format!("/surveys/{ID}/try"),
    );
    ada.post(&go, &format!("run={first}&to=last/0")).await;
    let before = stage.kept(&first).1;

    let begun = ada.post(&again, &format!("run={first}")).await;
    let second = token(&ada.get(begun.location()).await);
    ada.post(&go, &format!("run={second}&to=last/0")).await;
    let same = stage.kept(&second).1;
    let begun = ada
        .post(&again, &format!("run={second}&chance=other"))
        .await;
    let third = token(&ada.get(begun.location()).await);
    ada.post(&go, &format!("run={third}&to=last/0")).await;
    let other = stage.kept(&third).1;

    assert_eq!(before, same);
    assert_ne!(same, other);
    // One test is left, and nobody came.
    let tests = stage.texts(
        "select cast(count(*) as text) from respondent where is_test = 1",
        None,
    );
    assert_eq!(tests, ["1"]);
    let responses = ada.get(&format!("/surveys/{ID}/responses")).await;
    assert!(
        responses.text.contains("No responses here"),
        "{}",
        responses.text
    );
    let gone = ada.get(&format!("/surveys/{ID}/try?run={first}")).await;
    assert!(gone.text.contains("not there any more"), "{}", gone.text);
}

#[tokio::test]
async fn a_respondent_is_no_test_and_a_test_of_one_survey_none_of_another() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("pid=9").await;
    let real = way.rsplit('/').next().unwrap();
    let ada = stage.ada();

    let page = ada.get(&format!("/surveys/{ID}/try?run={real}")).await;
    let to = format!("run={real}&to=last/0");
    let led = ada.post(&format!("/surveys/{ID}/try/go"), &to).await;

    assert!(page.text.contains("not there any more") && !page.text.contains("<iframe"));
    assert_eq!(led.status, 404);
    let shown = stage.stranger.get(&way).await;
    let policy = shown
        .headers
        .get(POLICY)
        .map(|policy| policy.to_str().unwrap().to_owned());
    assert!(policy.unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(shown.headers["x-frame-options"], "DENY");
}

#[tokio::test]
async fn the_start_says_what_is_missing_and_what_cannot_be_read() {
    let required = WHOLE.replace("unique = true", "unique = true\nrequired = true");
    let stage = Stage::of(&required).await;
    let ada = stage.ada();
    let at = format!("/surveys/{ID}/try");
    let start = ada.get(&at).await;
    assert!(start.text.contains("value=\"test-1\""), "{}", start.text);

    let missing = ada.post(&at, "e.pid=").await;
    let seed = ada.post(&at, "e.pid=1&seed=many").await;

    assert_eq!((missing.status.as_u16(), seed.status.as_u16()), (422, 422));
    assert!(
        missing.text.contains("A value is missing"),
        "{}",
        missing.text
    );
    assert!(seed.text.contains("whole number"), "{}", seed.text);
    let system = &stage.site.site().system;
    let broken = |tx: &onsight::store::Transaction<'_>| {
        tx.execute(
            "update survey set draft = 'format = 1\nid = ', draft_at = 7",
            [],
        )?;
        Ok::<_, onsight::store::Error>(())
    };
    system.write(broken).await.unwrap();
    let unread = ada.get(&at).await;
    assert!(
        unread.text.contains("cannot be tried yet"),
        "{}",
        unread.text
    );
    assert!(unread.text.contains("Line 2"), "{}", unread.text);
}
