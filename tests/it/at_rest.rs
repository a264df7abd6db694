//! Nothing anybody typed or sent lies readable on the disk: not in a database,
//! not beside one, not while rows come in or go out.

use std::env;
use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use onsight::people::{self, Email};
use onsight::web::Role;
use rustix::fs::OFlags;

use crate::support::{TestSite, Visitor};
use crate::uploads::{form, send, settled};

/// Each as it would lie in a file; none of them can come about by chance.
const CANARIES: [&str; 8] = [
    "canaryrowvalue8417",
    "canaryperson2290",
    "canarymail7753",
    "canary-pass-word-3131",
    "canaryquerytext9041",
    "canaryfilename6620",
    "canarycolumn5108",
    "canarysort1177",
];
const ROWS: usize = 4_000;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match fs::symlink_metadata(&path) {
            Ok(facts) if facts.is_dir() => found.extend(files(&path)),
            Ok(facts) if facts.is_file() => found.push(path),
            _ => {}
        }
    }
    found
}

/// Opens a file, and waits for nobody at the end of a pipe.
fn now(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    File::options().read(true).custom_flags(flags).open(path)
}

/// Files this process holds open, also those without a name. What the kernel
/// keeps in memory is on no disk, and what the tests are made of is full of
/// canaries. Each is opened before it is judged: a number that is another file
/// by then is judged as that one.
fn held() -> Vec<(PathBuf, File)> {
    let memory = fs::metadata("/dev/shm").map(|facts| facts.dev()).ok();
    let tests = fs::metadata(env::current_exe().unwrap()).unwrap().ino();
    let numbers = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let plain = numbers.filter(|fd| fs::metadata(fd.path()).is_ok_and(|facts| facts.is_file()));
    let open = plain.filter_map(|fd| now(&fd.path()).ok());
    let named = open.map(|file| {
        let link = format!("/proc/self/fd/{}", file.as_raw_fd());
        (fs::read_link(link).unwrap(), file)
    });
    named
        .filter(|(path, file)| {
            let facts = file.metadata().unwrap();
            let ours = path.starts_with(env!("CARGO_MANIFEST_DIR")) || facts.ino() == tests;
            facts.is_file() && Some(facts.dev()) != memory && !ours
        })
        .collect()
}

fn places(data: &Path) -> Vec<(PathBuf, File)> {
    let named = files(data).into_iter();
    // What is gone meanwhile holds nothing.
    let open = named.filter_map(|path| Some((path.clone(), File::open(path).ok()?)));
    open.chain(held()).collect()
}

/// What lies readable anywhere: the place and the word.
fn readable(data: &Path, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, mut file) in places(data) {
        let mut bytes = Vec::new();
        if file.read_to_end(&mut bytes).is_err() {
            continue;
        }
        // As text, whatever the bytes are: the search of text is a fast one.
        let text = String::from_utf8_lossy(&bytes);
        for word in words.iter().filter(|word| text.contains(word.as_str())) {
            found.push(format!("{}: {word}", path.display()));
        }
    }
    found
}

fn csv() -> Vec<u8> {
    let mut text = format!("id,{},note\n", CANARIES[6]);
    for n in 0..ROWS {
        let sorted = n * 7919 % ROWS;
        writeln!(text, "{n},{} {n},{}{sorted}", CANARIES[0], CANARIES[7]).unwrap();
    }
    text.into_bytes()
}

#[expect(clippy::disallowed_methods, reason = "a database somebody might send")]
fn database() -> Vec<u8> {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path = folder.path().join("sent.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(&format!(
        "create table sent (id integer primary key, word text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {ROWS})
         insert into sent (word) select '{} ' || i from n;",
        CANARIES[0]
    ))
    .unwrap();
    drop(conn);
    fs::read(&path).unwrap()
}

/// Looks again and again while it lives. Gives what was found, and how often
/// it looked.
struct Watch {
    over: Arc<AtomicBool>,
    looks: Arc<AtomicUsize>,
    found: std::thread::JoinHandle<Vec<String>>,
}

impl Watch {
    fn begin(data: PathBuf) -> Watch {
        let over = Arc::new(AtomicBool::new(false));
        let looks = Arc::new(AtomicUsize::new(0));
        let (until, count) = (Arc::clone(&over), Arc::clone(&looks));
        let words = CANARIES.map(str::to_owned);
        let found = std::thread::spawn(move || {
            let mut found = Vec::new();
            while (!until.load(Ordering::SeqCst) || count.load(Ordering::SeqCst) < 2)
                && found.is_empty()
            {
                found.extend(readable(&data, &words));
                count.fetch_add(1, Ordering::SeqCst);
            }
            found
        });
        Watch { over, looks, found }
    }

    fn end(self) -> Vec<String> {
        self.over.store(true, Ordering::SeqCst);
        let found = self.found.join().unwrap();
        assert!(!found.is_empty() || self.looks.load(Ordering::SeqCst) > 1);
        found
    }
}

/// Somebody with a name, a password and a key that may lie nowhere, and the
/// secrets that were made for them.
async fn somebody(site: &TestSite, ada: &Visitor) -> (Visitor, Vec<String>) {
    let invited = ada
        .post(
            "/members",
            &format!(
                "email={}%40example.org&name={}&role=builder",
                CANARIES[2], CANARIES[1]
            ),
        )
        .await;
    let link = invited.between("https://localhost/link/", "<").to_owned();
    assert!(link.len() > 20, "{}", invited.text);
    let mut member = site.stranger();
    let joined = member
        .post(
            &format!("/link/{link}"),
            &format!("name={}&password={}", CANARIES[1], CANARIES[3]),
        )
        .await;
    assert_eq!(joined.status, 303, "{}", joined.text);
    member.keep(&joined);
    let made = member
        .post("/account/keys", &format!("name={}", CANARIES[1]))
        .await;
    let key = made.between("onsight_", "<").to_owned();
    assert!(key.len() > 20);
    let session = member.cookie.split('=').nth(1).unwrap().to_owned();
    (member, vec![link, key, session])
}

/// Files come in: as text and as a database.
async fn bring(member: &Visitor) {
    for (name, bytes) in [("csv", csv()), ("db", database())] {
        let sent = send(member, &format!("{}.{name}", CANARIES[5]), &bytes).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let path = sent.location().to_owned();
        settled(member, &path).await;
        let page = member.get(&path).await;
        let started = member
            .post(&format!("{path}/start"), &form(&page.text, &[]))
            .await;
        assert_eq!(started.status, 303, "{}", started.text);
        settled(member, &path).await;
    }
    let list = member.get("/data").await;
    assert!(list.text.contains(CANARIES[5]), "{}", list.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_lies_anywhere_on_the_disk() {
    let (site, ada) = TestSite::new().await;
    let data = site.site().config.data.clone();
    let watch = Watch::begin(data.clone());
    let (member, mut secrets) = somebody(&site, &ada).await;
    secrets.extend(CANARIES.map(str::to_owned));
    bring(&member).await;

    // A query is saved and sorts more than fits its cache; rows go out.
    let sql = format!(
        "select a.{c}, a.note, '{}' as q from {t} a join (select 1 union all select 2 union all select 3) order by a.note desc, a.{c}",
        CANARIES[4],
        c = CANARIES[6],
        t = CANARIES[5]
    );
    let sql: String = form_urlencoded::byte_serialize(sql.as_bytes()).collect();
    let saved = member
        .post("/queries/save", &format!("name={}&sql={sql}", CANARIES[4]))
        .await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let ran = member.post("/queries/run", &format!("sql={sql}")).await;
    assert!(ran.text.contains(CANARIES[7]), "{}", ran.text);
    for path in ["export.csv", "export.xlsx"] {
        let file = member.get(&format!("/data/{}/{path}", CANARIES[5])).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(!file.text.is_empty());
    }
    site.site().carry().await.unwrap();

    assert_eq!(watch.end(), Vec::<String>::new());
    assert_eq!(readable(&data, &secrets), Vec::<String>::new());
    // The search would have found them: it finds what is put there.
    let planted = data.join("planted");
    fs::write(&planted, format!("…{}…", CANARIES[3])).unwrap();
    assert_eq!(readable(&data, &secrets).len(), 1);
}

#[tokio::test]
async fn names_of_files_and_folders_say_nothing_either() {
    let (site, ada) = TestSite::new().await;
    site.member("canarymail7753@example.org", Role::User).await;
    send(&ada, "canaryfilename6620.csv", b"id,name\n1,x\n").await;
    let email = Email::parse("canarymail7753@example.org").unwrap();
    people::disable(site.site(), &email).await.unwrap();
    for path in files(&site.site().config.data) {
        let name = path.to_string_lossy().to_lowercase();
        for word in ["canary", "northgate", "example"] {
            let data = site.site().config.data.to_string_lossy().to_lowercase();
            let inside = name.strip_prefix(&data);
            assert!(!inside.unwrap().contains(word), "{name}");
        }
    }
}
