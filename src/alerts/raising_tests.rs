//! What becomes of an alert that is raised, again, and settled.

use tempfile::TempDir;

use super::actions::{raise, settle};
use super::model::{Alert, Kept, STILL, Severity, State};
use super::sql;
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::site::Site;

fn site(folder: &TempDir) -> Site {
    let said = Said {
        data: Some(folder.path().to_owned()),
        ..Said::default()
    };
    let config = Config::of(&[said]).unwrap();
    Site::open(config, Clock::set_to(Time(1_800_000_000_000))).unwrap()
}

fn disk(severity: Severity) -> Alert {
    Alert {
        key: "disk.low".to_owned(),
        severity,
        title: "The disk fills up".to_owned(),
        text: "Make room.".to_owned(),
        workspace: None,
    }
}

async fn newest(site: &Site) -> Kept {
    let found = site.system.read(|conn| sql::newest(conn, "disk.low"));
    found.await.unwrap().unwrap()
}

async fn lines(site: &Site) -> i64 {
    site.system.read(sql::count_lines).await.unwrap()
}

#[tokio::test]
async fn a_repeat_counts_up_and_writes_no_line() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    for _ in 0..5 {
        raise(&site, disk(Severity::Warning)).await.unwrap();
        site.clock.advance(Time::MINUTE);
    }

    let kept = newest(&site).await;
    assert_eq!((kept.count, kept.state), (5, State::Open));
    assert_eq!(kept.last.0 - kept.first.0, 4 * Time::MINUTE);
    assert_eq!(lines(&site).await, 1);
}

#[tokio::test]
async fn what_gets_worse_is_news_and_open_again() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    raise(&site, disk(Severity::Warning)).await.unwrap();
    let id = newest(&site).await.id;
    let taken = site
        .system
        .write(move |tx| sql::set_state(tx, id, State::Acknowledged, Time(0)));
    taken.await.unwrap();

    raise(&site, disk(Severity::Critical)).await.unwrap();
    raise(&site, disk(Severity::Info)).await.unwrap();

    let kept = newest(&site).await;
    assert_eq!(kept.id, id);
    assert_eq!(kept.state, State::Open);
    assert_eq!(kept.alert.severity, Severity::Critical);
    assert_eq!(lines(&site).await, 2);
}

#[tokio::test]
async fn a_settled_alert_comes_back_as_a_new_one() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    settle(&site, "disk.low").await.unwrap();
    raise(&site, disk(Severity::Warning)).await.unwrap();
    let first = newest(&site).await;
    settle(&site, "disk.low").await.unwrap();
    settle(&site, "disk.low").await.unwrap();
    assert_eq!(newest(&site).await.state, State::Settled);
    assert_eq!(lines(&site).await, 2, "raised and settled, once each");
    site.clock.advance(1);

    raise(&site, disk(Severity::Warning)).await.unwrap();

    let second = newest(&site).await;
    assert_ne!(second.id, first.id);
    assert_eq!((second.count, second.state), (1, State::Open));
}

#[tokio::test]
async fn a_false_alarm_stays_one_for_a_day_unless_it_gets_worse() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    raise(&site, disk(Severity::Warning)).await.unwrap();
    let (id, now) = (newest(&site).await.id, site.clock.now());
    let called = site
        .system
        .write(move |tx| sql::set_state(tx, id, State::FalseAlarm, now));
    called.await.unwrap();

    raise(&site, disk(Severity::Warning)).await.unwrap();
    assert_eq!(newest(&site).await.state, State::FalseAlarm);
    assert_eq!(newest(&site).await.count, 2);

    site.clock.advance(STILL);
    raise(&site, disk(Severity::Warning)).await.unwrap();
    let later = newest(&site).await;
    assert_eq!(later.state, State::Open);
    assert_ne!(later.id, id);

    let now = site.clock.now();
    let called = site
        .system
        .write(move |tx| sql::set_state(tx, later.id, State::FalseAlarm, now));
    called.await.unwrap();
    raise(&site, disk(Severity::Critical)).await.unwrap();
    assert_eq!(newest(&site).await.state, State::Open);
}

#[tokio::test]
async fn what_is_endless_is_cut() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let endless = Alert {
        key: "k".repeat(10_000),
        title: "t".repeat(10_000),
        text: "x".repeat(100_000),
        ..disk(Severity::Info)
    };

    raise(&site, endless.clone()).await.unwrap();
    raise(&site, endless.clone()).await.unwrap();
    settle(&site, &endless.key).await.unwrap();

    let all = site.system.read(|conn| {
        let any = sql::Wanted {
            any_state: true,
            ..sql::Wanted::default()
        };
        sql::list(conn, &any, 10)
    });
    let all = all.await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].count, all[0].state), (2, State::Settled));
    assert!(all[0].alert.text.chars().count() <= 4_001);
}
