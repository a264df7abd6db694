//! Backups: made in their slots, proved, put back; and what goes when its time
//! has come, and what does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onsight::backup::{
    self, Error, From, Identity, NewDestination, Only, Point, Reason, Restored, State, Wanted,
};
use onsight::base::{Clock, Time};
use onsight::config::Config;
use onsight::journal::{self, Actor};
use onsight::sanity;
use onsight::site::Site;
use onsight::store;
use onsight::surveys::map::Datum;
use onsight::surveys::personal;
use onsight::web::WorkspaceId;
use tempfile::TempDir;

use crate::fieldwork;
use crate::support::{TestSite, Visitor};

/// A site with something in it, two destinations, and somebody who can open
/// what lies there.
pub(crate) struct Vault {
    pub(crate) test: TestSite,
    pub(crate) admin: Visitor,
    pub(crate) workspace: WorkspaceId,
    places: [TempDir; 2],
    identity: Identity,
}

impl Vault {
    pub(crate) async fn new() -> Vault {
        let (test, admin) = TestSite::new().await;
        let workspace = test.furnish().await;
        let places = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        let identity = Identity::random().unwrap();
        let (site, actor) = (test.site(), Actor::command_line);
        for (number, place) in places.iter().enumerate() {
            let new = NewDestination {
                name: format!("place {number}"),
                address: place.path().display().to_string(),
                secret: None,
                pin: String::new(),
                is_required: true,
            };
            backup::add_destination(site, actor(), new).await.unwrap();
        }
        backup::add_holder(site, actor(), "safe", identity.recipient())
            .await
            .unwrap();
        Vault {
            test,
            admin,
            workspace,
            places,
            identity,
        }
    }

    pub(crate) fn site(&self) -> &Site {
        self.test.site()
    }

    pub(crate) fn place(&self, number: usize) -> &Path {
        self.places[number].path()
    }

    pub(crate) async fn make(&self, is_full: bool) -> Result<Point, Error> {
        let wanted = Wanted {
            actor: Actor::system(),
            reason: Reason::Slot,
            slot: Some(self.site().clock.now()),
            is_full,
        };
        backup::make(self.site(), wanted).await
    }

    fn from(&self, number: usize) -> From {
        From {
            address: self.place(number).display().to_string(),
            secret: None,
            pin: String::new(),
            identities: vec![self.identity.clone()],
        }
    }

    /// Puts a point back into that folder.
    pub(crate) async fn restore(
        &self,
        data: &Path,
        what: (Option<String>, Only),
    ) -> Result<Restored, Error> {
        let clock = Clock::set_to(self.site().clock.now());
        backup::restore(self.config(data), clock, self.from(1), what).await
    }

    fn config(&self, data: &Path) -> Config {
        Config {
            data: data.to_owned(),
            ..self.site().config.clone()
        }
    }

    pub(crate) fn open(&self, data: &Path) -> Site {
        let clock = Clock::set_to(self.site().clock.now());
        Site::open(self.config(data), clock).unwrap()
    }

    /// The keys of the alerts that are open.
    pub(crate) async fn alerts(&self) -> Vec<String> {
        let read = |conn: &store::Connection| {
            let sql = "select key from alert where state = 'open' order by key";
            let mut list = conn.prepare(sql)?;
            let keys = list.query_map([], |row| row.get(0))?;
            Ok::<_, store::Error>(keys.collect::<Result<Vec<String>, _>>()?)
        };
        let keys = self.site().system.read(read).await.unwrap().into_iter();
        keys.filter(|key| key == "clock" || key.starts_with("backup"))
            .collect()
    }

    /// The points that lie at a destination.
    pub(crate) fn lying(&self, number: usize) -> Vec<String> {
        let Ok(points) = fs::read_dir(self.place(number).join("points")) else {
            return Vec::new();
        };
        let mut names: Vec<String> = points
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    async fn standing(&self) -> backup::Standing {
        backup::standing(self.site()).await.unwrap()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

async fn rows(site: &Site, workspace: WorkspaceId, table: &'static str) -> u64 {
    let db = site.files.open(&workspace.to_string()).unwrap();
    let sql = format!("select count(*) from {table}");
    let read = move |conn: &store::Connection| Ok(conn.query_row(&sql, [], |row| row.get(0))?);
    db.read::<u64, store::Error>(read).await.unwrap()
}

async fn note(site: &Site, workspace: WorkspaceId, key: String) {
    let db = site.files.open(&workspace.to_string()).unwrap();
    let write = move |tx: &store::Transaction<'_>| {
        tx.execute("insert into _once (key, at) values (?1, 0)", [key])?;
        Ok::<_, store::Error>(())
    };
    db.write(write).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_made_while_people_write_is_put_back_on_a_bare_machine() {
    let vault = Vault::new().await;
    let stop = Arc::new(AtomicBool::new(false));
    let (site, workspace, told) = (vault.site().clone(), vault.workspace, Arc::clone(&stop));
    let writer = tokio::spawn(async move {
        let mut number = 0;
        while !told.load(Ordering::Relaxed) {
            note(&site, workspace, format!("key {number}")).await;
            number += 1;
        }
        number
    });

    let point = vault.make(true).await.unwrap();
    stop.store(true, Ordering::Relaxed);
    let written = writer.await.unwrap();

    assert_eq!(point.state, State::Whole, "{point:?}");
    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");
    let done = vault
        .restore(&data, (None, Only::Everything))
        .await
        .unwrap();
    assert_eq!((done.point, done.databases), (point.id, 2));
    let site = vault.open(&data);
    assert_eq!(rows(&site, workspace, "penguins").await, 344);
    assert!(rows(&site, workspace, "_once").await <= written);
    for name in ["system".to_owned(), workspace.to_string()] {
        let db = match name.as_str() {
            "system" => site.system.clone(),
            id => site.files.open(id).unwrap(),
        };
        assert_eq!(db.check().await.unwrap(), Vec::<String>::new(), "{name}");
    }
    site.checkpoint().await.unwrap();
    let (keyring, folder) = (Arc::clone(&site.keyring), data.clone());
    let verify = move |conn: &store::Connection| journal::verify_all(conn, &keyring, &folder);
    let verified = site.system.read(verify).await.unwrap();
    assert!(verified.is_ok(), "the audit trail is whole");
    // It does not write over the backups of the one it is a copy of.
    let waits = backup::standing(&site).await.unwrap().plan.waits;
    assert!(waits.unwrap().contains("put back from a backup"));
    assert!(!data.join("restoring").exists());
    let again = vault.restore(&data, (None, Only::Everything)).await;
    assert!(matches!(again, Err(Error::NotEmpty(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_holds_what_changed_and_says_nothing_to_those_who_carry_it() {
    let vault = Vault::new().await;
    // Something that does not change and cannot be made smaller.
    let id = vault.workspace.to_string();
    let mut word = 1_u32;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        word.to_be_bytes()[0]
    })
    .take(1 << 20)
    .collect();
    fs::write(
        vault.site().files.staging(&id).unwrap().join("brought"),
        bytes,
    )
    .unwrap();
    let full = vault.make(true).await.unwrap();
    vault.site().clock.advance(6 * Time::HOUR);
    note(vault.site(), vault.workspace, "later".to_owned()).await;
    let changes = vault.make(false).await.unwrap();

    assert_eq!(changes.base.as_deref(), Some(full.id.as_str()));
    assert!(changes.stored * 2 < full.stored, "{changes:?} {full:?}");
    for at in 0..2 {
        for path in files(vault.place(at)) {
            let bytes = fs::read(&path).unwrap();
            for word in ["Adelie", "ada@example.org", "penguins", "SQLite"] {
                let has_word = bytes
                    .windows(word.len())
                    .any(|part| part == word.as_bytes());
                assert!(!has_word, "{} says {word}", path.display());
            }
        }
    }
    let bare = TempDir::new().unwrap();
    let now = rows(vault.site(), vault.workspace, "_once").await;
    for (point, later) in [(&full, now - 1), (&changes, now)] {
        let data = bare.path().join(&point.id);
        let what = (Some(point.id.clone()), Only::Everything);
        vault.restore(&data, what).await.unwrap();
        let site = vault.open(&data);
        assert_eq!(rows(&site, vault.workspace, "_once").await, later);
    }
    let accounts = bare.path().join("accounts");
    let done = vault
        .restore(&accounts, (None, Only::Accounts))
        .await
        .unwrap();
    assert_eq!(done.databases, 1);
    let site = vault.open(&accounts);
    let ada = onsight::people::Email::parse("ada@example.org").unwrap();
    assert!(onsight::people::sign_in_link(&site, &ada).await.is_ok());
    let stranger = From {
        identities: vec![Identity::random().unwrap()],
        ..vault.from(0)
    };
    let listed = backup::listed(vault.config(bare.path()), stranger).await;
    assert!(listed.is_err());
    let listed = backup::listed(vault.config(bare.path()), vault.from(0))
        .await
        .unwrap();
    let kinds: Vec<_> = listed.iter().map(|point| point.is_full).collect();
    assert_eq!(kinds, [Some(false), Some(true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_workspace_goes_back_while_the_others_stay() {
    let vault = Vault::new().await;
    vault.site().clock.advance(1);
    vault.test.make("Other", "eve@example.org").await;
    let (test, first) = (&vault.test, vault.workspace);
    let read = move |conn: &store::Connection| {
        let sql = "select id from workspace where id <> ?1";
        Ok::<_, store::Error>(conn.query_row(sql, [first], |row| row.get::<_, WorkspaceId>(0))?)
    };
    let other = test.site().system.read(read).await.unwrap();
    note(test.site(), other, "before".to_owned()).await;
    let before = rows(test.site(), first, "_once").await;
    vault.make(true).await.unwrap();
    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");
    vault
        .restore(&data, (None, Only::Everything))
        .await
        .unwrap();
    {
        let site = vault.open(&data);
        note(&site, first, "first".to_owned()).await;
        note(&site, other, "other".to_owned()).await;
        site.carry().await.unwrap();
    }

    let one = (None, Only::Workspace(first));
    let done = vault.restore(&data, one).await.unwrap();

    assert_eq!(done.closed, Vec::<String>::new());
    let site = vault.open(&data);
    assert_eq!(rows(&site, first, "_once").await, before);
    assert_eq!(rows(&site, other, "_once").await, 2);
    let carried = move |conn: &store::Connection| {
        let sql = "select count(*) from chain where action = 'workspace.restored'";
        Ok::<u64, store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    site.carry().await.unwrap();
    assert_eq!(site.system.read(carried).await.unwrap(), 1);
    drop(site);
    let nobody = WorkspaceId::new(Time(1));
    let none = vault.restore(&data, (None, Only::Workspace(nobody))).await;
    assert!(matches!(none, Err(Error::NoWorkspace(_))), "{none:?}");
    // A restore that fails leaves what is there as it was.
    assert_eq!(rows(&vault.open(&data), other, "_once").await, 2);
}

/// A survey with one personal question.
const PERSONAL: &str = "format = 1\nid = \"brands\"\ntitle = \"B\"\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"mail\"\ntype = \"text\"\ntext = \"Mail?\"\npersonal = true\n";

/// What lies in the file under the personal question, opened.
fn mail(site: &Site, workspace: WorkspaceId) -> Datum {
    let file = store::project_file(workspace, "brands");
    let read = |conn: &store::Connection| {
        let sql = "select value from answer where respondent = 1 and variable = 'mail'";
        Ok::<Vec<u8>, store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
    };
    let sealed = site.files.open(&file).unwrap().read_now(read).unwrap();
    let opens = personal::Vault::of(site, &file).unwrap();
    opens.open_answer((1, "mail", 0), &sealed)
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_answers_come_back_with_the_key_that_opens_them() {
    let vault = Vault::new().await;
    let (site, workspace) = (vault.site(), vault.workspace);
    fieldwork::publish(&vault.admin, PERSONAL).await;
    let way = fieldwork::begin(&vault.test, "/s/brands").await;
    fieldwork::send(&vault.test, &way, "mail=canary7707").await;
    let answer = Datum::Text("canary7707".to_owned());
    assert_eq!(mail(site, workspace), answer);
    vault.make(true).await.unwrap();
    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");

    let all = (None, Only::Everything);
    vault.restore(&data, all).await.unwrap();

    {
        let restored = vault.open(&data);
        assert_eq!(mail(&restored, workspace), answer);
        let file = store::project_file(workspace, "brands");
        restored.files.destroy_second_key(&file).unwrap();
        assert_eq!(mail(&restored, workspace), Datum::NotAnswered);
    }

    let one = (None, Only::Workspace(workspace));
    vault.restore(&data, one).await.unwrap();

    assert_eq!(mail(&vault.open(&data), workspace), answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_forty_days_seven_nights_are_left_and_nothing_is_old_anywhere() {
    let vault = Vault::new().await;
    for _ in 0..160 {
        vault.site().clock.advance(6 * Time::HOUR);
        backup::round(vault.site()).await.unwrap();
    }

    let standing = vault.standing().await;
    let nights: Vec<_> = standing
        .points
        .iter()
        .filter(|point| point.is_full())
        .collect();
    assert_eq!(nights.len(), 7);
    assert!(standing.points.len() > 20 && standing.points.len() <= 28);
    let mut known: Vec<String> = standing.points.iter().map(|one| one.id.clone()).collect();
    known.sort();
    let now = vault.site().clock.now();
    for at in 0..2 {
        assert_eq!(vault.lying(at), known, "place {at}");
    }
    for point in &standing.points {
        assert!(now.0 - point.began.0 <= 30 * Time::DAY && point.copies.len() == 2);
    }
    assert!(standing.ledger.len() > 200);
    assert!(standing.tests.len() >= 2 && standing.tests.iter().all(|test| test.fault.is_none()));
    assert_eq!(vault.alerts().await, Vec::<String>::new());
    for at in 0..2 {
        let keyrings = fs::read_dir(vault.place(at).join("keyring"))
            .unwrap()
            .count();
        assert_eq!(keyrings, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_destroys_nothing_until_somebody_confirms_it() {
    let vault = Vault::new().await;
    backup::round(vault.site()).await.unwrap();
    let first = vault.lying(0);
    assert_eq!(first.len(), 1);

    vault.site().clock.jump(400 * Time::DAY);
    backup::round(vault.site()).await.unwrap();

    assert!(vault.lying(0).contains(&first[0]));
    assert!(vault.alerts().await.contains(&"clock".to_owned()));
    sanity::believe(vault.site(), Actor::command_line())
        .await
        .unwrap();
    backup::round(vault.site()).await.unwrap();
    assert!(!vault.lying(0).contains(&first[0]));
    assert!(!vault.alerts().await.contains(&"clock".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_keeps_a_point_beyond_its_time_and_its_end_destroys_it() {
    let vault = Vault::new().await;
    let kept = vault.make(true).await.unwrap();
    let review = vault.site().clock.now().plus(20 * Time::DAY);
    let what = (Some(kept.id.clone()), review);
    let actor = Actor::command_line();
    let hold = backup::hold(vault.site(), actor, "incident 7", what)
        .await
        .unwrap();
    for _ in 0..70 {
        vault.site().clock.advance(12 * Time::HOUR);
        backup::round(vault.site()).await.unwrap();
    }

    assert!(vault.lying(0).contains(&kept.id));
    let alerts = vault.alerts().await;
    assert_eq!(alerts, [format!("backup.hold:{hold}")]);
    backup::release(vault.site(), Actor::command_line(), hold)
        .await
        .unwrap();
    backup::round(vault.site()).await.unwrap();

    assert!(!vault.lying(0).contains(&kept.id) && !vault.lying(1).contains(&kept.id));
    let ledger = vault.standing().await.ledger;
    assert!(
        ledger
            .iter()
            .any(|line| line.point == kept.id && line.why.contains("30 days"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_byte_fails_the_restore_test_loudly() {
    let vault = Vault::new().await;
    vault.make(true).await.unwrap();
    let first = backup::prove(vault.site(), &Actor::system()).await.unwrap();
    assert_eq!(first.fault, None);
    assert_eq!(
        backup::verify(vault.site(), None).await.unwrap(),
        Vec::<String>::new()
    );
    // The one that was not tested is next.
    let next = usize::from(first.destination == "place 0");
    let packs = { files(vault.place(next)).into_iter() }
        .filter(|path| path.to_string_lossy().ends_with(".zst.age"));
    let largest = packs
        .max_by_key(|path| fs::metadata(path).unwrap().len())
        .unwrap();
    let mut bytes = fs::read(&largest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&largest, bytes).unwrap();

    let test = backup::prove(vault.site(), &Actor::system()).await.unwrap();

    assert_eq!(test.destination, format!("place {next}"));
    assert!(test.fault.unwrap().contains("damaged"));
    assert_eq!(vault.alerts().await, ["backup.test"]);
    let public = vault.site().signer().public();
    assert!(journal::is_signed(
        &public,
        test.report.as_bytes(),
        &test.signature
    ));
    assert_eq!(backup::verify(vault.site(), None).await.unwrap().len(), 1);
    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");
    let clock = Clock::set_to(vault.site().clock.now());
    let what = (None, Only::Everything);
    let refused = backup::restore(vault.config(&data), clock, vault.from(next), what).await;
    assert!(matches!(refused, Err(Error::Damaged(_))), "{refused:?}");
    assert!(
        !data.join("onsight.db").exists(),
        "nothing half is left to be used"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_gone_degrades_and_two_fail_and_both_are_told() {
    let vault = Vault::new().await;
    backup::round(vault.site()).await.unwrap();
    fs::remove_file(vault.place(0).join("onsight.backup")).unwrap();
    vault.site().clock.advance(6 * Time::HOUR);
    backup::round(vault.site()).await.unwrap();
    let newest = vault.standing().await.points[0].clone();
    assert_eq!(newest.state, State::Degraded);
    assert_eq!(newest.copies, ["place 1"]);
    assert!(vault.alerts().await.contains(&"backup.degraded".to_owned()));

    fs::remove_file(vault.place(1).join("onsight.backup")).unwrap();
    vault.site().clock.advance(6 * Time::HOUR);
    backup::round(vault.site()).await.unwrap();
    vault.site().clock.advance(Time::HOUR + 5 * Time::MINUTE);
    backup::round(vault.site()).await.unwrap();

    let alerts = vault.alerts().await;
    for wanted in ["backup.failed", "backup.late"] {
        assert!(alerts.contains(&wanted.to_owned()), "{alerts:?}");
    }
    let admin = vault.test.again("ada@example.org", &vault.admin).await;
    let page = admin.get("/backup/destinations").await;
    assert!(page.text.contains("is it mounted"), "{}", page.text);
    // What was whole before is whole.
    let whole = vault.standing().await.newest().unwrap().id.clone();
    assert!(vault.lying(1).contains(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_in_the_middle_counts_for_nothing() {
    let vault = Vault::new().await;
    let whole = vault.make(true).await.unwrap();
    vault.site().clock.advance(Time::HOUR);
    let cut = vault.make(true).await.unwrap();
    for at in 0..2 {
        let manifest = vault
            .place(at)
            .join("points")
            .join(&cut.id)
            .join("manifest.age");
        fs::remove_file(manifest).unwrap();
    }

    let bare = TempDir::new().unwrap();
    let data = bare.path().join("data");
    let done = vault
        .restore(&data, (None, Only::Everything))
        .await
        .unwrap();

    assert_eq!(done.point, whole.id);
    // A restore that was cut off itself is begun anew, and nobody serves it meanwhile.
    let half = bare.path().join("half");
    fs::create_dir_all(half.join("restoring/keys")).unwrap();
    let refused = Site::open(vault.config(&half), Clock::system());
    assert!(refused.err().unwrap().to_string().contains("cut off"));
    vault
        .restore(&half, (None, Only::Everything))
        .await
        .unwrap();
    assert_eq!(
        rows(&vault.open(&half), vault.workspace, "penguins").await,
        344
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_destroyed_closes_every_backup_of_its_workspace() {
    let vault = Vault::new().await;
    vault.make(true).await.unwrap();
    vault.make(true).await.unwrap();
    let id = vault.workspace.to_string();
    vault.site().keyring.destroy(&format!("file:{id}")).unwrap();
    backup::round(vault.site()).await.unwrap();

    let bare = TempDir::new().unwrap();
    let done = vault
        .restore(&bare.path().join("data"), (None, Only::Everything))
        .await;

    assert_eq!(done.unwrap().closed, [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_lies_outside_the_data_folder() {
    let (test, admin) = TestSite::new().await;
    let inside = test.site().config.data.join("files");
    fs::create_dir_all(&inside).unwrap();
    let form = format!("name=nas&address={}", inside.display());
    let wrong = admin.post("/backup/destinations", &form).await;
    assert!(
        wrong.text.contains("lies in the data folder"),
        "{}",
        wrong.text
    );
}

/// Looks at the page until it says so: what takes long goes on without it.
async fn comes(admin: &Visitor, words: &str) {
    for _ in 0..600 {
        if admin.get("/backup").await.text.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{words}: {}", admin.get("/backup").await.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_lead_from_nothing_to_a_point() {
    let (_test, admin) = TestSite::new().await;
    let empty = admin.get("/backup").await;
    assert!(
        empty.text.contains("Two steps and it begins"),
        "{}",
        empty.text
    );
    let identity = Identity::random().unwrap();
    let wrong = admin
        .post("/backup/recipients", "name=safe&recipient=age1x")
        .await;
    assert!(wrong.status == 422 && wrong.text.contains("it begins with age1"));
    let form = format!("name=safe&recipient={}", identity.recipient());
    assert_eq!(admin.post("/backup/recipients", &form).await.status, 303);
    let again = admin.post("/backup/recipients", &form).await;
    assert!(again.text.contains("entered already"), "{}", again.text);
    let place = TempDir::new().unwrap();
    let at = place.path().display();
    let wrong = admin
        .post(
            "/backup/destinations",
            "name=nas&address=%2Fnowhere%2Fat%2Fall",
        )
        .await;
    assert!(
        wrong.status == 422 && wrong.text.contains("/nowhere/at/all"),
        "{}",
        wrong.text
    );
    let form = format!("name=nas&address={at}&required=yes");
    assert_eq!(admin.post("/backup/destinations", &form).await.status, 303);
    let list = admin.get("/backup/destinations").await;
    let id = list.between("/backup/destinations/", "/test");
    let tested = admin
        .post(&format!("/backup/destinations/{id}/test"), "")
        .await;
    assert!(tested.text.contains("Read it back, the same") && !tested.text.contains(">failed<"));

    assert_eq!(admin.post("/backup/now", "").await.status, 303);
    comes(&admin, "one place only").await;
    comes(&admin, "full, asked for").await;
    assert_eq!(admin.post("/backup/test", "").await.status, 303);
    comes(&admin, "whole</span> in").await;

    let form = "every=24&nightly=02%3A00&zone=UTC&nights=7&test_days=30";
    let wrong = admin.post("/backup/plan", form).await;
    assert!(wrong.status == 422 && wrong.text.contains("from 1 to 12"));
    let form = "every=12&nightly=03%3A15&zone=Europe%2FBerlin&nights=14&test_days=30&on=yes";
    assert_eq!(admin.post("/backup/plan", form).await.status, 303);
    let kept = admin.get("/backup/plan").await;
    assert!(kept.text.contains("value=\"03:15\"") && kept.text.contains("value=\"Europe/Berlin\""));
    let hold = admin
        .post("/backup/holds", "reason=incident&point=&review=2027-02-01")
        .await;
    assert_eq!(hold.status, 303, "{}", hold.text);
    let holds = admin.get("/backup/holds").await;
    let id = holds.between("/backup/holds/", "/release");
    let released = admin.post(&format!("/backup/holds/{id}/release"), "").await;
    assert_eq!(released.status, 303);
}
