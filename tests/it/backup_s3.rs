//! Backups to object storage: against a server that speaks S3, checks signatures
//! and loses connections when it is told to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::sync::Mutex;

use onsight::backup::{
    self, DestinationId, Error, From, Identity, NewDestination, Only, Point, Reason, State, Wanted,
};
use onsight::base::{Clock, Secret, Time};
use onsight::config::Config;
use onsight::journal::Actor;
use onsight::site::Site;
use serde_json::Value;
use tempfile::TempDir;

use crate::companion::{self, Certified, python};
use crate::support::TestSite;

pub(crate) const KEY: &str = "AKIAONSIGHT";
/// With what has to be escaped where it does not belong.
pub(crate) const SECRET: &str = "wJal+rXUtn/FEMI=K7MDENG";

pub(crate) struct S3 {
    child: Child,
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    pub(crate) port: u16,
    pub(crate) certified: Certified,
}

impl S3 {
    pub(crate) fn start() -> S3 {
        let certified = Certified::new();
        let mut command = Command::new(python("ONSIGHT_S3", "moto-5.2.5"));
        command
            .arg("tests/it/s3/server.py")
            .args([&certified.cert, &certified.key])
            .args(["box", KEY, SECRET]);
        let mut child = companion::start(&mut command, "'moto[server]==5.2.5'");
        let stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let said = line(&mut stdout);
        S3 {
            child,
            talk: Mutex::new((stdin, stdout)),
            port: u16::try_from(said["port"].as_u64().unwrap()).unwrap(),
            certified,
        }
    }

    /// Has it do something; what that is stands in `server.py`.
    pub(crate) fn tell(&self, words: &str) -> Value {
        let (to, from) = &mut *self.talk.lock().unwrap();
        writeln!(to, "{words}").unwrap();
        line(from)
    }

    /// The keys that begin like that.
    pub(crate) fn keys(&self, under: &str) -> Vec<String> {
        let all: Vec<String> = serde_json::from_value(self.tell("keys")).unwrap();
        all.into_iter()
            .filter(|key| key.starts_with(under))
            .collect()
    }

    pub(crate) fn address(&self, key: &str, bucket: &str) -> String {
        format!("s3://{key}@127.0.0.1:{}/{bucket}/onsight", self.port)
    }

    fn destination(&self) -> NewDestination {
        NewDestination {
            name: "box".to_owned(),
            address: self.address(KEY, "box"),
            secret: Some(Secret::from(SECRET.to_owned())),
            pin: self.certified.ca.clone(),
            is_required: true,
        }
    }

    /// A site that may call it, and who opens what it sends there.
    async fn site(&self) -> (TestSite, Identity) {
        let test = TestSite::calling(vec![format!("127.0.0.1:{}", self.port)]);
        test.found("Northgate", "ada@example.org").await;
        test.furnish().await;
        let identity = Identity::random().unwrap();
        let (actor, recipient) = (Actor::command_line(), identity.recipient());
        backup::add_holder(test.site(), actor, "safe", recipient)
            .await
            .unwrap();
        (test, identity)
    }

    fn from(&self, identity: Identity) -> From {
        From {
            address: self.address(KEY, "box"),
            secret: Some(Secret::from(SECRET.to_owned())),
            pin: self.certified.ca.clone(),
            identities: vec![identity],
        }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(from: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
}

async fn add(site: &Site, new: NewDestination) -> Result<DestinationId, Error> {
    backup::add_destination(site, Actor::command_line(), new).await
}

async fn make(site: &Site) -> Result<Point, Error> {
    let wanted = Wanted {
        actor: Actor::system(),
        reason: Reason::Slot,
        slot: Some(site.clock.now()),
        is_full: true,
    };
    backup::make(site, wanted).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_goes_to_object_storage_and_comes_back() {
    let s3 = S3::start();
    let (test, identity) = s3.site().await;
    let site = test.site();
    add(site, s3.destination()).await.unwrap();

    let point = make(site).await.unwrap();

    assert_eq!(
        (point.state, &*point.copies),
        (State::Whole, &["box".to_owned()][..])
    );
    assert_eq!(backup::verify(site, None).await.unwrap(), [""; 0]);
    let tested = backup::prove(site, &Actor::system()).await.unwrap();
    assert_eq!(tested.fault, None);
    let bare = TempDir::new().unwrap();
    let config = Config {
        data: bare.path().join("data"),
        ..site.config.clone()
    };
    let clock = Clock::set_to(site.clock.now());
    let done = backup::restore(config, clock, s3.from(identity), (None, Only::Everything)).await;
    assert_eq!(done.unwrap().point, point.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_more_than_a_thousand_is_read_to_its_end() {
    let s3 = S3::start();
    let (test, identity) = s3.site().await;
    let site = test.site();
    add(site, s3.destination()).await.unwrap();
    let point = make(site).await.unwrap();
    s3.tell("seed 2100");

    let listed = backup::listed(site.config.clone(), s3.from(identity)).await;

    // Points nobody made have no manifest; the one that was made is the newest.
    let listed = listed.unwrap();
    assert_eq!(listed.len(), 2101);
    assert_eq!((&listed[0].id, listed[0].is_full), (&point.id, Some(true)));
    assert!(listed[1..].iter().all(|one| one.is_full.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_or_is_not_who_they_say_hears_why() {
    let s3 = S3::start();
    let (test, _) = s3.site().await;
    let site = test.site();
    let changed = |change: fn(&mut NewDestination)| {
        let mut new = s3.destination();
        change(&mut new);
        new
    };
    let nobody = NewDestination {
        address: s3.address("AKIANOBODY", "box"),
        ..s3.destination()
    };
    let elsewhere = NewDestination {
        address: s3.address(KEY, "another"),
        ..s3.destination()
    };
    let wrong = changed(|new| new.secret = Some(Secret::from("wrong".to_owned())));
    let unknown = changed(|new| new.pin = String::new());
    for (new, why) in [
        (wrong, "403 SignatureDoesNotMatch"),
        (nobody, "403 InvalidAccessKeyId"),
        (elsewhere, "404 NoSuchBucket"),
        (unknown, "certificate"),
    ] {
        let error = add(site, new).await.unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
        assert!(!error.contains(SECRET), "{error}");
    }
    assert_eq!(s3.keys(""), [""; 0], "nothing was left there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_makes_no_half_point() {
    let s3 = S3::start();
    let (test, identity) = s3.site().await;
    let site = test.site();
    add(site, s3.destination()).await.unwrap();

    for method in ["PUT", "GET"] {
        site.clock.advance(1);
        s3.tell(&format!("cut {method}"));

        let error = make(site).await.unwrap_err().to_string();

        assert!(error.contains("box: "), "{method}: {error}");
        let listed = backup::listed(site.config.clone(), s3.from(identity.clone()));
        let whole = listed.await.map_or(0, |all| {
            all.iter().filter(|one| one.is_full.is_some()).count()
        });
        assert_eq!(whole, 0, "{method}");
    }

    // Without hands.
    site.clock.advance(1);
    assert_eq!(make(site).await.unwrap().state, State::Whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_time_has_come_for_is_taken_out_of_the_bucket() {
    let s3 = S3::start();
    let (test, _) = s3.site().await;
    let site = test.site();
    add(site, s3.destination()).await.unwrap();
    let old = make(site).await.unwrap();
    assert!(!s3.keys(&format!("onsight/points/{}/", old.id)).is_empty());
    site.clock.advance(31 * Time::DAY);
    onsight::sanity::believe(site, Actor::system())
        .await
        .unwrap();
    let new = make(site).await.unwrap();

    backup::prune(site).await.unwrap();

    assert_eq!(s3.keys(&format!("onsight/points/{}/", old.id)), [""; 0]);
    assert!(!s3.keys(&format!("onsight/points/{}/", new.id)).is_empty());
    assert_eq!(backup::verify(site, None).await.unwrap(), [""; 0]);
}
