//! Deliveries that happen by themselves, on whose right they lean, and when they stop.

use onsight::base::Time;
use onsight::people::{self, Email};
use onsight::surveys::deliveries::stop_open;
use onsight::web::Role;

use super::stage::stage;

const DAILY: &str = "to=link&every=day&at=06%3A30&zone=UTC";

#[tokio::test]
async fn a_schedule_delivers_at_its_hour_and_what_was_missed_once() {
    let stage = stage().await;
    stage.set(DAILY).await;
    stage.work().await;
    assert_eq!(stage.states().await, "", "what is past is not made up for");

    // 08:00:01 now.
    stage.site.site().clock.advance(22 * Time::HOUR);
    stage.work().await;
    assert_eq!(stage.states().await, "", "06:00");
    stage.site.site().clock.advance(30 * Time::MINUTE);
    stage.work().await;
    stage.work().await;
    assert_eq!(stage.states().await, "there", "once");
    let stage = stage.restarted();
    // Three were missed while it was off.
    stage.site.site().clock.advance(4 * Time::DAY + Time::HOUR);
    stage.work().await;

    let sql = "select group_concat(cast(slot as text) || ' ' || by_name, ', ') from (select slot, by_name from survey_delivered order by id)";
    assert_eq!(
        stage.told(sql).await,
        "1800081000000 ada, 1800340200000 ada"
    );
    let actors = "select group_concat(distinct actor_kind) from journal where action in ('delivery.asked', 'delivery.made')";
    assert_eq!(stage.told(actors).await, "system");
}

#[tokio::test]
async fn nothing_new_is_not_delivered_again() {
    let stage = stage().await;
    stage.set(&format!("{DAILY}&new=yes")).await;
    for expected in ["there", "there"] {
        stage.site.site().clock.advance(Time::DAY);
        stage.work().await;
        assert_eq!(stage.states().await, expected);
    }

    stage.answers("b2").await;
    stage.site.site().clock.advance(Time::DAY);
    stage.work().await;

    assert_eq!(stage.states().await, "there there");
    let sql = "select group_concat(cast(responses as text), ' ') from (select responses from survey_delivered order by id)";
    assert_eq!(stage.told(sql).await, "1 2");
}

#[tokio::test]
async fn a_schedule_stops_when_who_set_it_up_may_not_export_any_more() {
    let mut stage = stage().await;
    let first = stage.ada.clone();
    stage.ada = stage.site.member("cyd@example.org", Role::Builder).await;
    stage.set(DAILY).await;
    stage.ada = first;
    people::disable(stage.site.site(), &Email::parse("cyd@example.org").unwrap())
        .await
        .unwrap();

    stage.site.site().clock.advance(Time::DAY);
    stage.work().await;
    stage.site.site().clock.advance(Time::DAY);
    stage.work().await;

    assert_eq!(stage.states().await, "failed");
    assert_eq!(
        stage.recorded().await,
        "delivery.set delivery.asked delivery.failed delivery.stopped"
    );
    stage.again().await;
    let list = stage.list().await;
    assert!(
        list.contains("cyd may not take data out of this survey any more"),
        "{list}"
    );
    assert!(list.contains("Keep it anew"), "{list}");
    let alert = stage
        .told("select detail from journal where action = 'alert.raised'")
        .await;
    assert!(alert.contains("delivery.failed:brands."), "{alert}");
    // Who keeps it anew answers for it from then on.
    let id = stage.told("select id from survey_delivery").await;
    let form = format!("name=W&format=csv&pattern={{survey}}-{{time}}&days=7&{DAILY}");
    let kept = stage
        .ada
        .post(&format!("/surveys/brands/deliveries/{id}"), &form)
        .await;
    assert_eq!(kept.status, 303, "{}", kept.text);
    stage.site.site().clock.advance(Time::DAY);
    stage.work().await;
    assert_eq!(stage.states().await, "failed there");
}

#[tokio::test]
async fn who_asked_and_lost_the_right_before_it_was_made_gets_nothing() {
    let mut stage = stage().await;
    let at = stage.set("to=link").await;
    let first = stage.ada.clone();
    stage.ada = stage.site.member("cyd@example.org", Role::Builder).await;
    let asked = stage.ada.post(&format!("{at}/deliver"), "").await;
    assert_eq!(asked.status, 303);
    let twice = stage.ada.post(&format!("{at}/deliver"), "").await;
    assert_eq!(twice.status, 409, "{}", twice.text);
    stage.ada = first;
    people::disable(stage.site.site(), &Email::parse("cyd@example.org").unwrap())
        .await
        .unwrap();

    stage.work().await;

    assert_eq!(
        (stage.states().await, stage.lying()),
        ("failed".to_owned(), vec![])
    );
    assert!(!stage.recorded().await.contains("delivery.made"));
}

#[tokio::test]
async fn after_a_restore_nothing_leaves_by_itself() {
    let stage = stage().await;
    let at = stage.set(DAILY).await;
    stage.deliver(&at).await;
    let link = stage.link().await;

    assert_eq!(stop_open(stage.site.site(), None).await.unwrap(), 2);

    assert_eq!(stage.site.stranger().post(&link, "").await.status, 404);
    stage.site.site().clock.advance(3 * Time::DAY);
    stage.work().await;
    assert_eq!(
        (stage.states().await, stage.lying()),
        ("failed".to_owned(), vec![])
    );
    let why = "select stopped || is_on from survey_delivery";
    let why = stage.told(why).await;
    assert!(
        why.contains("a backup was put back") && why.ends_with('0'),
        "{why}"
    );
}
