//! The real executable: it starts, answers, refuses a second copy, cuts off the
//! silent, stops cleanly.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) fn onsight(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onsight"));
    command
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A server that is killed when the test ends, however it ends.
pub(crate) struct Running {
    pub(crate) child: Child,
    address: String,
    said: Vec<String>,
    /// Held open, so that the server has somebody to talk to.
    _out: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(data: &Path) -> Running {
        let mut child = onsight(data).arg("serve").spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (mut said, mut address) = (Vec::new(), String::new());
        while !said
            .last()
            .is_some_and(|line: &String| line.contains("certificate"))
        {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended: {said:?}");
            if let Some((_, rest)) = line.trim_end().split_once("https://") {
                rest.trim_end_matches('/').clone_into(&mut address);
            }
            said.push(line);
        }
        Running {
            child,
            address,
            said,
            _out: out,
        }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_binary_stands_alone() {
    let file = std::fs::read(env!("CARGO_BIN_EXE_onsight")).unwrap();
    assert_eq!(&file[..4], b"\x7fELF");
    let linked = Command::new("ldd")
        .arg(env!("CARGO_BIN_EXE_onsight"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&linked.stdout).into_owned();
    assert!(said.contains("statically linked"), "{said}");
}

#[test]
fn a_second_copy_on_the_same_folder_is_refused_and_named() {
    let folder = TempDir::new().unwrap();
    let first = Running::start(folder.path());
    let second = onsight(folder.path()).arg("serve").output().unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("is in use by another onsight"), "{said}");
    assert!(said.contains(&first.child.id().to_string()), "{said}");
}

#[test]
fn a_client_that_says_nothing_is_cut_off() {
    let folder = TempDir::new().unwrap();
    let server = Running::start(folder.path());
    let mut silent = server.connect();
    silent
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let read = silent.read(&mut [0; 16]).unwrap();
    assert_eq!(
        read, 0,
        "the server hangs up on a handshake that never comes"
    );
}

#[test]
fn it_stops_when_told_and_starts_again_on_the_same_data() {
    let folder = TempDir::new().unwrap();
    let mut server = Running::start(folder.path());
    let fingerprint = server.said.last().unwrap().clone();
    let id = server.child.id().to_string();
    drop(server.connect());
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    let begun = Instant::now();
    let status = server.child.wait().unwrap();
    assert!(status.success(), "{status} after {:?}", begun.elapsed());

    let again = Running::start(folder.path());

    assert_eq!(*again.said.last().unwrap(), fingerprint);
}

#[test]
fn an_unknown_key_in_the_configuration_is_named_with_its_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("onsight.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:0\"\ntls_crt = \"x.pem\"\n").unwrap();
    let refused = onsight(folder.path())
        .arg("serve")
        .arg("--config")
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("line 2: unknown key `tls_crt`; did you mean `tls_cert`?"),
        "{said}"
    );
}

#[test]
fn a_lost_key_is_said_plainly_and_nothing_is_made_over() {
    let folder = TempDir::new().unwrap();
    drop(Running::start(folder.path()));
    let key = folder.path().join("keys/instance.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();

    let refused = onsight(folder.path()).arg("serve").output().unwrap();

    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("its key") && said.contains("is missing"),
        "{said}"
    );
    assert_eq!(refused.status.code(), Some(78));
    assert!(!key.exists());
    std::fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    let mode: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, mode.clone()).unwrap();

    let refused = onsight(folder.path()).arg("serve").output().unwrap();

    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(78), "{said}");
    assert!(
        said.contains("instance.key") && said.contains("put back"),
        "{said}"
    );
    std::fs::write(&key, kept).unwrap();
    std::fs::set_permissions(&key, mode).unwrap();
    drop(Running::start(folder.path()));
}

#[test]
fn a_key_in_the_environment_is_refused() {
    let folder = TempDir::new().unwrap();
    let refused = onsight(folder.path())
        .arg("serve")
        .env("ONSIGHT_KEY", "0123456789abcdef".repeat(4))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(78), "{said}");
    assert!(
        said.contains("ONSIGHT_KEY") && !said.contains("0123456789abcdef"),
        "{said}"
    );
}

#[test]
fn keys_change_from_the_command_line_and_the_server_starts_again() {
    let folder = TempDir::new().unwrap();
    drop(Running::start(folder.path()));
    let key = folder.path().join("keys/instance.key");
    let before = std::fs::read_to_string(&key).unwrap();

    let changed = onsight(folder.path())
        .args(["keys", "rotate", "all"])
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&changed.stdout).into_owned();
    assert!(changed.status.success(), "{changed:?}");
    let after = std::fs::read_to_string(&key).unwrap();
    assert_ne!(before, after);
    assert!(
        !said.contains(after.trim()) && !said.contains(before.trim()),
        "{said}"
    );
    drop(Running::start(folder.path()));
}

#[test]
fn a_socket_that_was_opened_before_is_used_instead_of_an_address() {
    let folder = TempDir::new().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    // As a service manager hands it over: number 3, for that process.
    let mut child = Command::new("bash")
        .args([
            "-c",
            "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=public exec \"$@\"",
            "bash",
            env!("CARGO_BIN_EXE_onsight"),
            "--listen",
            "192.0.2.1:1",
            "--data",
        ])
        .arg(folder.path())
        .arg("serve")
        .stdin(Stdio::from(std::os::fd::OwnedFd::from(listener)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("certificate") {
        assert!(out.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }

    assert!(said.contains(&format!("https://{address}/")), "{said}");
    drop(TcpStream::connect(&address).unwrap());

    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_a_newer_version_wrote_is_refused_and_the_way_back_named() {
    let folder = TempDir::new().unwrap();
    drop(Running::start(folder.path()));
    let version = folder.path().join("version");
    let kept = std::fs::read(&version).unwrap();
    std::fs::write(&version, "99.0.0 900 900 900\n").unwrap();

    let refused = onsight(folder.path()).arg("serve").output().unwrap();
    let beside = onsight(folder.path())
        .args(["user", "list"])
        .output()
        .unwrap();

    for refused in [refused, beside] {
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(78), "{said}");
        assert!(
            said.contains("99.0.0") && said.contains("onsight rollback"),
            "{said}"
        );
    }
    std::fs::write(&version, kept).unwrap();
    drop(Running::start(folder.path()));
}
