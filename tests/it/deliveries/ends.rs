//! What becomes of deliveries when the process, the survey or an answer ends.

use onsight::base::Time;
use onsight::ending;
use onsight::surveys::deliveries::{Desk, sweep};

use super::stage::{bytes, calling, encoded, stage};
use crate::webdav::{self, Dav};

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_it_left_the_same_file_leaves_after() {
    let dav = Dav::start();
    let stage = calling(vec![format!("127.0.0.1:{}", dav.port)]).await;
    let form = format!(
        "to=place&address={}&secret={}&pin={}&clear=yes",
        encoded(&dav.address()),
        encoded(webdav::WORD),
        encoded(&dav.certified.ca)
    );
    let at = stage.set(&form).await;
    let asked = stage.ada.post(&format!("{at}/deliver"), "").await;
    assert_eq!(asked.status, 303);
    // Half a file of before, under its name.
    let folder = stage.site.site().config.data.join("workspaces");
    let folder = folder.join(stage.workspace.to_string()).join("deliveries");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(stage.newest().await), "half").unwrap();
    Desk::new(stage.site.site().clone()).round().await.unwrap();
    assert_eq!(stage.states().await, "made");
    let plain = stage.exported("csv", "which=all").await;

    let stage = stage.restarted();
    stage.site.site().clock.advance(Time::MINUTE);
    stage.work().await;

    assert_eq!(stage.states().await, "delivered");
    assert_eq!(
        dav.files(),
        [("brands-20270115T080001Z.csv".to_owned(), plain)]
    );
    std::fs::write(folder.join("0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0"), "nobody's").unwrap();
    sweep(stage.site.site(), stage.workspace).unwrap();
    assert_eq!(stage.lying(), [""; 0], "what nobody can get is removed");
}

#[tokio::test]
async fn a_survey_that_is_deleted_takes_its_deliveries_along() {
    let stage = stage().await;
    let at = stage.set("to=link&every=day&at=06%3A30").await;
    stage.deliver(&at).await;
    let link = stage.link().await;
    let stranger = stage.site.stranger();
    let deleted = stage
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    assert_eq!(deleted.location(), "/deleting", "{}", deleted.text);
    assert_eq!(stranger.get(&link).await.status, 404);
    sweep(stage.site.site(), stage.workspace).unwrap();
    assert_eq!(stage.lying().len(), 1, "it can be had back");
    let page = stage.ada.get("/deleting").await;
    let id = page.between("action=\"/deleting/", "/undo\"").to_owned();
    let back = stage.ada.post(&format!("/deleting/{id}/undo"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);
    let plain = stage.exported("csv", "which=all").await;
    assert_eq!(bytes(&stranger, "POST", &link).await, plain);

    stage.site.site().clock.advance(1);
    stage
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    stage.site.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(stage.site.site()).await.unwrap(), 1);

    assert_eq!(stage.lying(), [""; 0]);
    let left = "select cast((select count(*) from survey_delivery) + (select count(*) from survey_delivered) as text)";
    assert_eq!(stage.told(left).await, "0");
}

#[tokio::test]
async fn a_file_that_lies_here_goes_with_the_answers_in_it() {
    let stage = stage().await;
    let at = stage.set("to=link").await;
    stage.deliver(&at).await;
    let link = stage.link().await;
    // Another is still to be made.
    stage.site.site().clock.advance(1);
    let asked = stage.ada.post(&format!("{at}/deliver"), "").await;
    assert_eq!(asked.status, 303);

    let erased = { &stage.ada }
        .post("/surveys/brands/keeping/erase", "respondent=1")
        .await;

    assert_eq!(erased.status, 303, "{}", erased.text);
    assert_eq!(stage.site.stranger().post(&link, "").await.status, 404);
    assert_eq!(
        (stage.states().await, stage.lying()),
        ("withdrawn waiting".to_owned(), vec![])
    );
    stage.work().await;
    let link = stage.link().await;
    let left = bytes(&stage.site.stranger(), "POST", &link).await;
    assert_eq!(
        String::from_utf8(left).unwrap().lines().count(),
        1,
        "the heading"
    );
}

#[tokio::test]
async fn a_delivery_that_is_removed_brings_nothing_more_and_its_log_stays() {
    let stage = stage().await;
    let at = stage.set("to=link&every=day&at=06%3A30").await;
    let asked = stage.ada.post(&format!("{at}/deliver"), "").await;
    assert_eq!(asked.status, 303);

    let removed = stage.ada.post(&format!("{at}/remove"), "").await;

    assert_eq!(removed.status, 303, "{}", removed.text);
    stage.site.site().clock.advance(2 * Time::DAY);
    stage.work().await;
    assert_eq!(
        (stage.states().await, stage.lying()),
        ("withdrawn".to_owned(), vec![])
    );
    let log = stage.recorded().await;
    assert!(
        log.ends_with("delivery.removed delivery.withdrawn"),
        "{log}"
    );
}
