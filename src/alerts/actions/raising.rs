//! Raising an alert, and settling it when what it was about is over.

use serde_json::json;

use crate::alerts::model::{Alert, AlertId, Kept, STILL, Severity, State};
use crate::alerts::sql;
use crate::base::{Time, text};
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{Error, Transaction};

/// Letters of a title, a text and a key that are kept.
const TITLE: usize = 200;
const TEXT: usize = 4_000;
const KEY: usize = 200;

/// Says that something needs attention. One alert is open for a key: a repeat
/// counts it up, and leaves a line in the journal only when it got worse. What
/// somebody called a false alarm stays one for a day unless it gets worse.
pub async fn raise(site: &Site, alert: Alert) -> Result<(), Error> {
    let (now, alert) = (site.clock.now(), trimmed(alert));
    site.system
        .write(move |tx| {
            let entry = Entry::new(now, &Actor::system(), "alert.raised", &*alert.title);
            if let Some((id, before)) = take_in(tx, &alert, now)? {
                let entry = entry.on("alert", id.to_string()).with(json!({
                    "key": alert.key,
                    "severity": alert.severity.name(),
                    "before": before.map(Severity::name),
                    "about": alert.workspace.map(|one| one.to_string()),
                }));
                journal::record(tx, &entry)?;
            }
            Ok(())
        })
        .await
}

/// Keeps it. Gives the alert and how bad it was before, when it is news.
fn take_in(
    tx: &Transaction<'_>,
    alert: &Alert,
    now: Time,
) -> Result<Option<(AlertId, Option<Severity>)>, Error> {
    let is_still = |kept: &Kept| {
        let fresh = kept.ended.is_some_and(|ended| ended.plus(STILL) > now);
        kept.state == State::FalseAlarm && fresh && alert.severity <= kept.alert.severity
    };
    match sql::newest(tx, &alert.key)? {
        Some(kept) if !kept.state.is_over() || is_still(&kept) => {
            sql::again(tx, kept.id, alert, now)?;
            let before = kept.alert.severity;
            if alert.severity <= before {
                return Ok(None);
            }
            // Somebody looks after less than it has become.
            sql::set_state(tx, kept.id, State::Open, now)?;
            Ok(Some((kept.id, Some(before))))
        }
        _ => {
            let id = AlertId::new(now);
            sql::insert(tx, id, alert, now)?;
            Ok(Some((id, None)))
        }
    }
}

fn trimmed(alert: Alert) -> Alert {
    Alert {
        key: text::shorten(&alert.key, KEY).into_owned(),
        title: text::shorten(&alert.title, TITLE).into_owned(),
        text: text::shorten(&alert.text, TEXT).into_owned(),
        ..alert
    }
}

/// Says that what an alert was about is over. Without one nothing happens.
pub async fn settle(site: &Site, key: &str) -> Result<(), Error> {
    let (now, key) = (site.clock.now(), text::shorten(key, KEY).into_owned());
    let open = {
        let key = key.clone();
        site.system.read(move |conn| sql::newest(conn, &key))
    };
    if open.await?.is_none_or(|kept| kept.state.is_over()) {
        return Ok(());
    }
    site.system
        .write(move |tx| {
            let Some(kept) = sql::newest(tx, &key)?.filter(|kept| !kept.state.is_over()) else {
                return Ok(());
            };
            sql::set_state(tx, kept.id, State::Settled, now)?;
            let entry = Entry::new(now, &Actor::system(), "alert.settled", kept.alert.title);
            let entry = entry.on("alert", kept.id.to_string());
            journal::record(tx, &entry.with(json!({ "key": key, "by": "the system" })))
        })
        .await
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::base::Clock;
    use crate::config::{Config, Said};

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
        site.system
            .read(|conn| sql::count_lines(conn))
            .await
            .unwrap()
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
        assert!(all[0].alert.text.chars().count() <= TEXT + 1);
    }
}
