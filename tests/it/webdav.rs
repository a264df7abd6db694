//! A server that speaks `WebDAV` beside a test.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::sync::Mutex;

use serde_json::Value;
use tempfile::TempDir;

use crate::companion::{self, Certified, python};

const USER: &str = "ada";
pub(crate) const WORD: &str = "pass: wörd";

pub(crate) struct Dav {
    child: Child,
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    pub(crate) port: u16,
    pub(crate) certified: Certified,
    folder: TempDir,
}

impl Dav {
    pub(crate) fn start() -> Dav {
        let (certified, folder) = (Certified::new(), TempDir::new().unwrap());
        std::fs::create_dir(folder.path().join("in box")).unwrap();
        let mut command = Command::new(python("ONSIGHT_WEBDAV", "wsgidav-4.3.3"));
        command
            .arg("tests/it/webdav/server.py")
            .args([&certified.cert, &certified.key])
            .arg(folder.path())
            .args([USER, WORD]);
        let mut child = companion::start(&mut command, "wsgidav==4.3.3 cheroot==10.0.1");
        let stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let said = line(&mut stdout);
        Dav {
            child,
            talk: Mutex::new((stdin, stdout)),
            port: u16::try_from(said["port"].as_u64().unwrap()).unwrap(),
            certified,
            folder,
        }
    }

    /// Has it do something; what that is stands in `server.py`.
    pub(crate) fn tell(&self, words: &str) {
        let (to, from) = &mut *self.talk.lock().unwrap();
        writeln!(to, "{words}").unwrap();
        line(from);
    }

    pub(crate) fn address(&self) -> String {
        self.folder_called("in box")
    }

    pub(crate) fn folder_called(&self, name: &str) -> String {
        format!("davs://{USER}@127.0.0.1:{}/dav/{name}", self.port)
    }

    /// The files that lie in its folder, by name.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder: PathBuf = self.folder.path().join("in box");
        let mut all: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read(&path).unwrap())
            })
            .collect();
        all.sort();
        all
    }
}

impl Drop for Dav {
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
