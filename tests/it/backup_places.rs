//! Backups on their way: over SSH to a real server, and opened without Onsight.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use data_encoding::BASE64;
use onsight::backup::{
    self, DestinationId, Error, From, Identity, NewDestination, Only, Reason, Wanted,
};
use onsight::base::{Clock, Secret};
use onsight::config::Config;
use onsight::journal::Actor;
use onsight::site::Site;
use tempfile::TempDir;

use crate::support::TestSite;
use crate::webdav::{self, Dav};

pub(crate) fn run(program: &str, words: &[&str]) -> Output {
    let done = Command::new(program).args(words).output();
    let done = done.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {words:?}: {said}");
    done
}

/// A server of OpenSSH for this test alone.
pub(crate) struct Ssh {
    pub(crate) port: u16,
    folder: TempDir,
    server: Child,
}

impl Ssh {
    pub(crate) fn start() -> Ssh {
        let folder = TempDir::new().unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["host", "key"] {
            run(
                "ssh-keygen",
                &["-q", "-t", "ed25519", "-N", "", "-f", &at(name)],
            );
        }
        fs::copy(at("key.pub"), at("known")).unwrap();
        fs::create_dir(at("copies")).unwrap();
        // Where it lives when the machine's own one has never run.
        let _ = fs::create_dir_all("/run/sshd");
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n",
            at("host"),
            at("known")
        );
        fs::write(at("config"), config).unwrap();
        let server = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f", &at("config")])
            .stderr(Stdio::null())
            .spawn()
            .expect("openssh-server is needed");
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                break;
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ssh {
            port,
            folder,
            server,
        }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn address(&self) -> String {
        let who = String::from_utf8(run("id", &["-un"]).stdout).unwrap();
        let copies = self.at("copies");
        format!(
            "sftp://{}@127.0.0.1:{}{}",
            who.trim(),
            self.port,
            copies.display()
        )
    }

    /// The fingerprint of its key, as OpenSSH says it.
    pub(crate) fn print(&self) -> String {
        let host = self.at("host.pub").display().to_string();
        let said = run("ssh-keygen", &["-l", "-f", &host]).stdout;
        let said = String::from_utf8(said).unwrap();
        said.split(' ').nth(1).unwrap().to_owned()
    }

    pub(crate) fn key(&self) -> Secret {
        Secret::from(fs::read_to_string(self.at("key")).unwrap())
    }
}

impl Drop for Ssh {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

async fn add(site: &Site, new: NewDestination) -> Result<DestinationId, Error> {
    backup::add_destination(site, Actor::command_line(), new).await
}

async fn make(site: &Site) -> backup::Point {
    let wanted = Wanted {
        actor: Actor::system(),
        reason: Reason::Asked,
        slot: None,
        is_full: true,
    };
    backup::make(site, wanted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_goes_over_ssh_and_comes_back() {
    let ssh = Ssh::start();
    let test = TestSite::calling(vec![format!("127.0.0.1:{}", ssh.port)]);
    let admin = test.found("Northgate", "ada@example.org").await;
    test.furnish().await;
    let site = test.site();
    let new = |pin: &str| NewDestination {
        name: "nas".to_owned(),
        address: ssh.address(),
        secret: Some(ssh.key()),
        pin: pin.to_owned(),
        is_required: true,
    };
    let identity = Identity::random().unwrap();
    backup::add_holder(site, Actor::command_line(), "safe", identity.recipient())
        .await
        .unwrap();

    let stranger = add(site, new("")).await.unwrap_err().to_string();
    assert!(stranger.contains(&ssh.print()), "{stranger}");
    let id = add(site, new(&ssh.print())).await.unwrap();
    let tested = admin
        .post(&format!("/backup/destinations/{id}/test"), "")
        .await;
    assert!(!tested.text.contains(">failed<"), "{}", tested.text);
    let point = make(site).await;
    assert_eq!(point.copies, ["nas"]);
    assert_eq!(
        backup::prove(site, &Actor::system()).await.unwrap().fault,
        None
    );

    let bare = TempDir::new().unwrap();
    let config = Config {
        data: bare.path().join("data"),
        ..site.config.clone()
    };
    let from = From {
        address: ssh.address(),
        secret: Some(ssh.key()),
        pin: ssh.print(),
        identities: vec![identity],
    };
    let clock = Clock::set_to(site.clock.now());
    let done = backup::restore(config, clock, from, (None, Only::Everything)).await;
    assert_eq!(done.unwrap().point, point.id);
    // The secret lies in the keyring, sealed, and nowhere else.
    let page = admin.get("/backup/destinations").await;
    assert!(!page.text.contains("PRIVATE KEY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_goes_over_webdav_and_comes_back() {
    let dav = Dav::start();
    let test = TestSite::calling(vec![format!("127.0.0.1:{}", dav.port)]);
    test.found("Northgate", "ada@example.org").await;
    test.furnish().await;
    let site = test.site();
    let identity = Identity::random().unwrap();
    backup::add_holder(site, Actor::command_line(), "safe", identity.recipient())
        .await
        .unwrap();
    let new = |secret: &str| NewDestination {
        name: "cloud".to_owned(),
        address: dav.address(),
        secret: Some(Secret::from(secret.to_owned())),
        pin: dav.certified.ca.clone(),
        is_required: true,
    };

    let wrong = add(site, new("wrong")).await.unwrap_err().to_string();
    assert!(wrong.contains("it answered 401"), "{wrong}");
    add(site, new(webdav::WORD)).await.unwrap();
    let point = make(site).await;

    assert_eq!(point.copies, ["cloud"]);
    assert_eq!(backup::verify(site, None).await.unwrap(), [""; 0]);
    let tested = backup::prove(site, &Actor::system()).await.unwrap();
    assert_eq!(tested.fault, None);
    let bare = TempDir::new().unwrap();
    let config = Config {
        data: bare.path().join("data"),
        ..site.config.clone()
    };
    let from = From {
        address: dav.address(),
        secret: Some(Secret::from(webdav::WORD.to_owned())),
        pin: dav.certified.ca.clone(),
        identities: vec![identity],
    };
    let clock = Clock::set_to(site.clock.now());
    let done = backup::restore(config, clock, from, (None, Only::Everything)).await;
    assert_eq!(done.unwrap().point, point.id);
}

/// What `age` makes of a file.
fn opened(identity: &Path, sealed: &Path) -> Vec<u8> {
    let (identity, sealed) = (identity.display().to_string(), sealed.display().to_string());
    let plain = run("age", &["-d", "-i", &identity, &sealed]).stdout;
    zstd::decode_all(plain.as_slice()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_point_is_opened_with_the_tools_of_debian() {
    let (test, _) = TestSite::new().await;
    test.furnish().await;
    let site = test.site();
    let folder = TempDir::new().unwrap();
    let words = folder.path().join("identity");
    run("age-keygen", &["-o", &words.display().to_string()]);
    let written = fs::read_to_string(&words).unwrap();
    let [identity] = &Identity::parse_file(&written).unwrap()[..] else {
        panic!("one identity")
    };
    let said = written
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "));
    assert_eq!(identity.recipient().to_string(), said.unwrap());
    backup::add_holder(site, Actor::command_line(), "safe", identity.recipient())
        .await
        .unwrap();
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let new = NewDestination {
        name: "disk".to_owned(),
        address: copies.display().to_string(),
        secret: None,
        pin: String::new(),
        is_required: true,
    };
    add(site, new).await.unwrap();

    let point = make(site).await;

    let keyring = fs::read_dir(copies.join("keyring"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let secrets: serde_json::Value =
        serde_json::from_slice(&opened(&words, &keyring.path())).unwrap();
    let secrets = secrets["secrets"].as_array().unwrap();
    let own = secrets
        .iter()
        .find(|one| one[0] == "backup:system")
        .unwrap();
    let own = BASE64.decode(own[1].as_str().unwrap().as_bytes()).unwrap();
    let system = folder.path().join("system");
    fs::write(&system, own).unwrap();
    let lying = copies.join("points").join(&point.id);
    let signed: serde_json::Value =
        serde_json::from_slice(&opened(&words, &lying.join("manifest.age"))).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_str(signed["manifest"].as_str().unwrap()).unwrap();
    let first = &manifest["items"][0];
    assert_eq!(first["name"], "system");
    let pack = lying.join(first["packs"][0]["name"].as_str().unwrap());
    let database = opened(&system, &pack);
    assert!(database.starts_with(b"SQLite format 3\0"));
    assert_eq!(
        database.len() as u64,
        first["files"][0]["bytes"].as_u64().unwrap()
    );
}
