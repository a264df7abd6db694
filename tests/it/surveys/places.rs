//! The last place of a quota is given once, however many ask for it.

use std::sync::Arc;

use onsight::base::Time;
use onsight::store::Error;

use super::stage::{Stage, WHOLE};
use crate::fieldwork::page_of;

fn with_quotas(men: u32, young_men: u32) -> String {
    format!(
        "{WHOLE}\n[quota.men]\ntarget = {men}\nwhen = \"${{gender}} = 1\"\n[quota.young_men]\ntarget = {young_men}\nwhen = \"${{gender}} = 1 and ${{age}} < 30\"\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_at_once_get_as_many_places_as_there_are() {
    let stage = Arc::new(Stage::of(&with_quotas(5, 64)).await);
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let stage = Arc::clone(&stage);
        tasks.push(tokio::spawn(async move {
            let way = stage.begin("").await;
            let page = stage.stranger.get(&way).await;
            stage.send(&way, &page, "gender=1&age=40").await;
            stage.kept(&way).0
        }));
    }
    let mut full = 0;
    for task in tasks {
        match task.await.unwrap().as_deref() {
            Some("quotafull") => full += 1,
            None => {}
            other => panic!("{other:?}"),
        }
    }

    assert_eq!(full, 59);
    assert_eq!(held(&stage), ["men 5"]);
}

/// The places that are had. The engine's own count says the same, whatever happened.
fn held(stage: &Stage) -> Vec<String> {
    let there = stage.texts(
        "select quota || ' ' || count(*) from quota_place group by quota order by quota",
        None,
    );
    let counted = stage.texts(
        "select quota || ' ' || places from quota_count where places <> 0 order by quota",
        None,
    );
    assert_eq!(counted, there);
    there
}

#[tokio::test]
async fn the_place_of_who_is_taken_out_is_counted_no_more() {
    let stage = Stage::of(&with_quotas(3, 3)).await;
    man(&stage, 20).await;
    let older = man(&stage, 50).await;
    assert_eq!(held(&stage), ["men 2", "young_men 1"]);

    let gone = stage.db.write(|tx| {
        tx.execute("delete from respondent where id = 1", [])?;
        Ok::<_, Error>(())
    });
    gone.await.unwrap();

    assert_eq!(held(&stage), ["men 1"]);
    assert_eq!(stage.kept(&older).0, None);
}

async fn man(stage: &Stage, age: u32) -> String {
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    stage
        .send(&way, &page, &format!("gender=1&age={age}"))
        .await;
    way
}

#[tokio::test]
async fn who_is_full_in_one_of_two_quotas_takes_a_place_in_neither() {
    let stage = Stage::of(&with_quotas(3, 1)).await;

    let first = man(&stage, 20).await;
    let second = man(&stage, 21).await;
    let older = man(&stage, 50).await;

    assert_eq!(stage.kept(&first).0, None);
    assert_eq!(stage.kept(&second).0.as_deref(), Some("quotafull"));
    assert_eq!(stage.kept(&older).0, None);
    assert_eq!(held(&stage), ["men 2", "young_men 1"]);
    let end = stage.stranger.get(&second).await;
    assert!(
        end.text
            .contains("We have enough answers from your group already"),
        "{}",
        end.text
    );
}

#[tokio::test]
async fn a_place_nobody_comes_back_for_is_given_to_another() {
    let stage = Stage::of(&with_quotas(1, 1)).await;
    let first = man(&stage, 40).await;
    assert_eq!(
        stage.kept(&man(&stage, 40).await).0.as_deref(),
        Some("quotafull")
    );

    stage.site.site().clock.advance(31 * Time::MINUTE);
    let second = man(&stage, 40).await;
    // The first comes back too late, and says so much only now.
    let page = stage.stranger.get(&first).await;
    stage.send(&first, &page, "brands=1").await;

    assert_eq!(stage.kept(&second).0, None);
    assert_eq!(stage.kept(&first).0.as_deref(), Some("quotafull"));
    assert_eq!(held(&stage), ["men 1"]);
}

#[tokio::test]
async fn who_goes_on_answering_keeps_the_place() {
    let stage = Stage::of(&with_quotas(1, 1)).await;
    let first = man(&stage, 40).await;
    let clock = &stage.site.site().clock;
    let page = stage.stranger.get(&first).await;

    // A page sent at once renews nothing yet; one sent later does.
    stage.send(&first, &page, "brands=1").await;
    clock.advance(20 * Time::MINUTE);
    let page = stage.stranger.get(&first).await;
    stage.send(&first, &page, "liking=3").await;
    clock.advance(20 * Time::MINUTE);
    let second = man(&stage, 40).await;

    assert_eq!(stage.kept(&second).0.as_deref(), Some("quotafull"));
    assert_eq!(stage.kept(&first).0, None);
    assert_eq!(held(&stage), ["men 1"]);
}

#[tokio::test]
async fn a_place_outlives_the_process_and_no_longer_than_its_time() {
    let stage = Stage::of(&with_quotas(1, 1)).await;
    let first = man(&stage, 40).await;

    let stage = stage.restarted().await;

    let second = man(&stage, 40).await;
    assert_eq!(stage.kept(&second).0.as_deref(), Some("quotafull"));
    let page = stage.stranger.get(&first).await;
    assert_eq!(stage.send(&first, &page, "brands=1").await.status, 303);
    assert_eq!(held(&stage), ["men 1"]);
    stage.site.site().clock.advance(31 * Time::MINUTE);
    let third = man(&stage, 40).await;
    assert_eq!(stage.kept(&third).0, None);
    // The first has no place any more: it is full for them.
    let page = stage.stranger.get(&first).await;
    stage.send(&first, &page, "liking=3").await;
    assert_eq!(stage.kept(&first).0.as_deref(), Some("quotafull"));
    assert_eq!(held(&stage), ["men 1"]);
}

#[tokio::test]
async fn another_answer_gives_the_place_back() {
    let stage = Stage::of(&with_quotas(1, 1)).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    let again = page_of(&stage.stranger.get(&way).await);
    stage.send(&way, &page, "gender=1&age=40").await;
    assert_eq!(held(&stage), ["men 1"]);

    stage
        .stranger
        .post(&way, &format!("{again}&gender=2&age=40"))
        .await;

    assert!(held(&stage).is_empty());
}

#[tokio::test]
async fn least_filled_arms_fill_alike() {
    let stage = Stage::of(WHOLE).await;
    for _ in 0..10 {
        let way = stage.begin("").await;
        let page = stage.stranger.get(&way).await;
        stage.send(&way, &page, "gender=2&age=40").await;
    }

    assert_eq!(
        stage.texts(
            "select code || ' ' || count(*) from allotment group by code order by code",
            None
        ),
        ["1 5", "2 5"]
    );
}
