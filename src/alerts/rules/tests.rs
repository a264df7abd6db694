//! One script for each rule: what it is about raises exactly one alert, and
//! what looks like it raises none.

use tempfile::TempDir;

use crate::alerts::Reader;
use crate::alerts::model::{Kept, Severity};
use crate::alerts::sql;
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::journal::{self, Actor, Entry, Seen, Via};
use crate::site::Site;
use crate::store::Error;

struct Stage {
    site: Site,
    reader: Reader,
    _folder: TempDir,
}

impl Stage {
    async fn set() -> Stage {
        let folder = TempDir::new().unwrap();
        let said = Said {
            data: Some(folder.path().to_owned()),
            ..Said::default()
        };
        let clock = Clock::set_to(Time(1_800_000_000_000));
        let site = Site::open(Config::of(&[said]).unwrap(), clock).unwrap();
        let mut reader = Reader::new(site.clone());
        assert_eq!(reader.read().await.unwrap(), 0);
        Stage {
            site,
            reader,
            _folder: folder,
        }
    }

    /// Writes a line, and lets a second pass.
    async fn tell(&self, entry: impl FnOnce(Time) -> Entry) {
        let entry = entry(self.site.clock.now());
        let told = self
            .site
            .system
            .write(move |tx| journal::record(tx, &entry));
        told.await.unwrap();
        self.site.clock.advance(Time::SECOND);
    }

    async fn all(&mut self) -> Vec<Kept> {
        self.site.carry().await.unwrap();
        self.reader.read().await.unwrap();
        let wanted = sql::Wanted {
            any_state: true,
            ..sql::Wanted::default()
        };
        let found = self
            .site
            .system
            .read(move |conn| sql::list(conn, &wanted, 100));
        found.await.unwrap()
    }

    async fn keys(&mut self) -> Vec<String> {
        let all = self.all().await.into_iter();
        all.map(|kept| kept.alert.key).collect()
    }
}

/// Somebody, from an address, in a session.
fn actor(user: Option<&str>, address: &str, session: &str) -> Actor {
    Actor {
        user: user.map(str::to_owned),
        name: user.unwrap_or("somebody").to_owned(),
        email: String::new(),
        via: Via::Web,
        workspace: None,
        grant: None,
        seen: std::sync::Arc::new(Seen {
            address: address.to_owned(),
            session: session.to_owned(),
            ..Seen::default()
        }),
    }
}

async fn fail(stage: &Stage, account: &str, address: &str) {
    let (who, account) = (actor(None, address, ""), account.to_owned());
    stage
        .tell(move |now| Entry::new(now, &who, "session.refused", account).refused("wrong"))
        .await;
}

#[tokio::test]
async fn guessing_one_account_from_many_places_is_one_alert() {
    let mut stage = Stage::set().await;
    for n in 0..7 {
        fail(&stage, "ada@example.org", &format!("10.0.0.{n}")).await;
    }
    assert!(stage.keys().await.is_empty());
    for n in 7..20 {
        fail(&stage, "Ada@example.org", &format!("10.0.0.{n}")).await;
    }
    let all = stage.all().await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].alert.key, "sign-in.account:ada@example.org");
    assert_eq!(all[0].count, 2, "sixteen and more fill it twice");
}

#[tokio::test]
async fn who_forgets_a_password_now_and_then_alarms_nobody() {
    let mut stage = Stage::set().await;
    for _ in 0..20 {
        fail(&stage, "ada@example.org", "10.0.0.1").await;
        stage.site.clock.advance(3 * Time::MINUTE);
    }
    assert!(stage.keys().await.is_empty());
}

#[tokio::test]
async fn one_address_that_fails_again_and_again_is_one_alert() {
    let mut stage = Stage::set().await;
    for n in 0..20 {
        fail(&stage, &format!("p{}@example.org", n % 5), "10.0.0.1").await;
    }
    assert_eq!(stage.keys().await, ["sign-in.address:10.0.0.1"]);
}

#[tokio::test]
async fn a_few_passwords_on_everybody_is_one_alert() {
    let mut stage = Stage::set().await;
    for n in 0..6 {
        fail(&stage, &format!("p{n}@example.org"), "10.0.0.1").await;
        fail(&stage, "p0@example.org", "10.0.0.1").await;
    }
    let all = stage.all().await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].alert.key, "sign-in.spray:10.0.0.1");
    assert_eq!(all[0].alert.severity, Severity::Critical);
}

#[tokio::test]
async fn somebody_disabled_who_tries_is_one_alert() {
    let mut stage = Stage::set().await;
    let made = stage
        .site
        .system
        .write(|tx| sql::add_disabled(tx, "eve@example.org"));
    made.await.unwrap();
    fail(&stage, "bob@example.org", "10.0.0.1").await;
    fail(&stage, "Eve@example.org", "10.0.0.1").await;
    fail(&stage, "eve@example.org", "10.0.0.2").await;
    assert_eq!(stage.keys().await, ["sign-in.disabled:eve@example.org"]);
}

#[tokio::test]
async fn a_session_that_tries_every_door_is_one_alert() {
    let mut stage = Stage::set().await;
    for n in 0..30 {
        let who = actor(Some("bob"), "10.0.0.1", "abc");
        // The same door again and again is a bookmark, not a search.
        stage
            .tell(move |now| Entry::new(now, &who, "access.refused", "GET /members").refused("no"))
            .await;
        if n == 0 {
            assert!(stage.keys().await.is_empty());
        }
    }
    assert!(stage.keys().await.is_empty());
    for n in 0..15 {
        let who = actor(Some("bob"), "10.0.0.1", "abc");
        let page = format!("GET /x/{n}");
        stage
            .tell(move |now| Entry::new(now, &who, "access.refused", page).refused("no"))
            .await;
    }
    assert_eq!(stage.keys().await, ["access.probing:abc"]);
}

#[tokio::test]
async fn a_key_that_is_refused_for_an_hour_is_one_alert() {
    let mut stage = Stage::set().await;
    for _ in 0..10 {
        let who = actor(None, "10.0.0.1", "");
        stage
            .tell(move |now| Entry::new(now, &who, "key.refused", "Excel").refused("expired"))
            .await;
        stage.site.clock.advance(Time::MINUTE);
    }
    assert_eq!(stage.keys().await, ["key.refused:Excel from 10.0.0.1"]);
}

#[tokio::test]
async fn a_key_from_a_new_network_is_one_alert_and_its_first_network_none() {
    let mut stage = Stage::set().await;
    for address in ["10.0.0.1", "10.0.0.9", "10.0.0.1"] {
        let who = actor(Some("bob"), address, "k1");
        stage
            .tell(move |now| Entry::new(now, &who, "key.used", "Excel").on("key", "k1"))
            .await;
    }
    assert!(stage.keys().await.is_empty());
    for address in ["203.0.113.5", "203.0.113.6", "10.0.0.2"] {
        let who = actor(Some("bob"), address, "k1");
        stage
            .tell(move |now| Entry::new(now, &who, "key.used", "Excel").on("key", "k1"))
            .await;
    }
    assert_eq!(stage.keys().await, ["key.moved:key:k1:203.0.113.0/24"]);

    // Another start knows the networks of before.
    stage.reader = Reader::new(stage.site.clone());
    let who = actor(Some("bob"), "203.0.113.7", "k1");
    stage
        .tell(move |now| Entry::new(now, &who, "key.used", "Excel").on("key", "k1"))
        .await;
    assert_eq!(stage.all().await[0].count, 1);
}

#[tokio::test]
async fn taking_one_thing_after_the_other_is_one_alert() {
    let mut stage = Stage::set().await;
    for n in 0..10 {
        let who = actor(Some("bob"), "10.0.0.1", "abc");
        let action = if n % 2 == 0 {
            "rows.exported"
        } else {
            "table.exported"
        };
        stage
            .tell(move |now| Entry::new(now, &who, action, "orders"))
            .await;
    }
    assert_eq!(stage.keys().await, ["export.mass:bob"]);
}

#[tokio::test]
async fn a_start_in_between_loses_no_count_and_tells_nothing_twice() {
    let mut stage = Stage::set().await;
    for _ in 0..5 {
        fail(&stage, "ada@example.org", "10.0.0.1").await;
    }
    assert!(stage.keys().await.is_empty());
    stage.reader = Reader::new(stage.site.clone());
    for _ in 0..3 {
        fail(&stage, "ada@example.org", "10.0.0.1").await;
    }
    assert_eq!(stage.keys().await, ["sign-in.account:ada@example.org"]);

    stage.reader = Reader::new(stage.site.clone());
    assert_eq!(stage.all().await[0].count, 1);
}

#[tokio::test]
async fn a_record_that_was_changed_behind_our_back_is_one_alert() {
    let mut stage = Stage::set().await;
    fail(&stage, "ada@example.org", "10.0.0.1").await;
    assert!(stage.keys().await.is_empty());
    fail(&stage, "bob@example.org", "10.0.0.1").await;
    stage.site.carry().await.unwrap();
    let forged = stage.site.system.write(sql::forge_newest);
    forged.await.unwrap();

    assert_eq!(stage.keys().await, ["audit.chain"]);
    fail(&stage, "bob@example.org", "10.0.0.1").await;
    assert_eq!(stage.all().await.len(), 1);
}

#[tokio::test]
async fn what_happened_before_the_rules_came_alarms_nobody() {
    let folder = TempDir::new().unwrap();
    let said = Said {
        data: Some(folder.path().to_owned()),
        ..Said::default()
    };
    let clock = Clock::set_to(Time(1_800_000_000_000));
    let site = Site::open(Config::of(&[said]).unwrap(), clock).unwrap();
    let reader = Reader::new(site.clone());
    let mut stage = Stage {
        site,
        reader,
        _folder: folder,
    };
    for _ in 0..50 {
        fail(&stage, "ada@example.org", "10.0.0.1").await;
    }
    assert!(stage.keys().await.is_empty());
    let read = stage.site.system.read(sql::read_so_far).await.unwrap();
    assert_eq!(read, Some(50));
}

#[tokio::test]
async fn failures_of_everybody_from_everywhere_alarm_nobody() {
    let mut stage = Stage::set().await;
    let site = stage.site.clone();
    let told = site.system.write(move |tx| {
        for n in 0..3_000_u32 {
            let [_, a, b, c] = n.to_be_bytes();
            let who = actor(None, &format!("10.{a}.{b}.{c}"), "");
            let now = Time(1_800_000_000_000 + i64::from(n));
            let account = format!("p{n}@example.org");
            journal::record(tx, &Entry::new(now, &who, "session.refused", account))?;
        }
        Ok::<_, Error>(())
    });
    told.await.unwrap();
    assert!(stage.keys().await.is_empty());
}

#[tokio::test]
async fn a_crowd_of_records_of_our_own_is_skimmed_and_nothing_of_it_is_missed() {
    let mut stage = Stage::set().await;
    fail(&stage, "ada@example.org", "10.0.0.1").await;
    assert!(stage.keys().await.is_empty());
    for n in 0..2_500 {
        let act = move |now| Entry::new(now, &Actor::system(), "row.added", format!("t{n}"));
        stage.tell(act).await;
        if n % 400 == 0 {
            fail(&stage, "ada@example.org", "10.0.0.1").await;
        }
    }
    // Somebody else carries in between: the command line, say.
    let beside = crate::journal::Chain::new(stage.site.system.clone());
    beside.carry(SYSTEM, &stage.site.system).await.unwrap();
    fail(&stage, "bob@example.org", "10.0.0.1").await;

    assert_eq!(stage.keys().await, ["sign-in.account:ada@example.org"]);
    let read = stage.site.system.read(sql::read_so_far).await.unwrap();
    assert_eq!(read, Some(2_509));
}
