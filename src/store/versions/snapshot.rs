//! Copies of a data folder under `snapshots`: made before an upgrade, proved,
//! gone after a week.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::copy::{self, Copied};
use super::mark::Build;
use super::proof;
use crate::base::Time;
use crate::store::folder::{Error, Folder, io as at_path};
use crate::store::instance::{Source, settle};

const FOLDER: &str = "snapshots";
const MANIFEST: &str = "manifest.json";
/// How long a copy is kept. It is a copy like any backup: a week, then gone.
const KEEP: i64 = 7 * Time::DAY;

/// A state of the data folder that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its folder's name.
    pub name: String,
    /// The version it belongs to.
    pub version: String,
    pub made: Time,
    pub bytes: u64,
    /// It is the state somebody went back from.
    pub is_set_aside: bool,
    pub(super) build: Build,
    pub(super) files: Vec<Copied>,
}

impl Snapshot {
    /// When it will be deleted.
    pub fn until(&self) -> Time {
        self.made.plus(KEEP)
    }

    /// That version opens it without changing it.
    pub fn is_like(&self, build: &Build) -> bool {
        self.build.is_like(build)
    }
}

/// The folder of a snapshot.
pub(super) fn place(data: &Path, name: &str) -> PathBuf {
    data.join(FOLDER).join(name)
}

pub(super) fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Copies the state of the folder, proves the copy, and only then gives it its
/// name. A copy of that version's state is made anew.
pub(super) fn take(folder: &Folder, of: &Build, system: &str, now: Time) -> Result<String, Error> {
    let _alone = folder.alone()?;
    let data = folder.path();
    let (part, whole) = (
        place(data, &format!("{}.part", of.version)),
        place(data, &of.version),
    );
    let made = fill(data, &part, of, (system, now));
    if let Err(error) = made {
        // What is there already takes room that somebody is short of.
        let _ = fs::remove_dir_all(&part);
        return Err(Error::NoSnapshot {
            folder: whole,
            reason: error.to_string(),
        });
    }
    let named = destroy(&whole).and_then(|()| fs::rename(&part, &whole));
    named.map_err(|source| at_path(&whole, source))?;
    settle(&whole)?;
    Ok(of.version.clone())
}

fn fill(data: &Path, part: &Path, of: &Build, (system, now): (&str, Time)) -> Result<(), Error> {
    let fresh = remove(part).and_then(|()| make(part));
    fresh.map_err(|source| at_path(part, source))?;
    let mut files = Vec::new();
    for path in copy::state(data).map_err(|source| at_path(data, source))? {
        let copied = copy::copy(data, part, &path);
        files.push(copied.map_err(|source| at_path(&data.join(&path), source))?);
    }
    let source = Source::find(&data.join(copy::KEYS))?;
    proof::prove(part, &source, system)?;
    clear_traces(part, &files).map_err(|source| at_path(part, source))?;
    write(part, of, now, &files)
}

/// Takes away what reading left beside the databases.
fn clear_traces(root: &Path, files: &[Copied]) -> io::Result<()> {
    let known = |path: &Path| files.iter().any(|file| Path::new(&file.path) == path);
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if !known(&path) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// Says what a copy is and holds. With this it is whole.
pub(super) fn write(root: &Path, of: &Build, made: Time, files: &[Copied]) -> Result<(), Error> {
    let list: Vec<_> = files
        .iter()
        .map(|file| json!({ "path": file.path, "bytes": file.bytes, "sha256": file.hash }))
        .collect();
    let manifest = json!({ "build": of.line(), "made": made.0, "files": list });
    let at = root.join(MANIFEST);
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&at)
        .and_then(|mut file| {
            writeln!(file, "{manifest:#}")?;
            file.sync_all()
        });
    written.map_err(|source| at_path(&at, source))?;
    settle(&at)
}

/// What was put aside in that data folder, the newest first.
pub fn snapshots(data: &Path) -> Result<Vec<Snapshot>, Error> {
    let root = data.join(FOLDER);
    let entries = match fs::read_dir(&root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(at_path(&root, source)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| at_path(&root, source))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.extend(read(&entry.path(), name));
    }
    found.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.made));
    Ok(found)
}

fn read(folder: &Path, name: String) -> Option<Snapshot> {
    let text = fs::read_to_string(folder.join(MANIFEST)).ok()?;
    let manifest: Value = serde_json::from_str(&text).ok()?;
    let files = manifest["files"].as_array()?.iter().map(|file| {
        Some(Copied {
            path: file["path"].as_str()?.to_owned(),
            bytes: file["bytes"].as_u64()?,
            hash: file["sha256"].as_str()?.to_owned(),
        })
    });
    let files = files.collect::<Option<Vec<_>>>()?;
    let build = Build::read(manifest["build"].as_str()?)?;
    Some(Snapshot {
        is_set_aside: name.ends_with(super::back::ASIDE),
        name,
        version: build.version.clone(),
        made: Time(manifest["made"].as_i64()?),
        bytes: files.iter().map(|file| file.bytes).sum(),
        build,
        files,
    })
}

/// Deletes what was put aside longer ago than a week, and what came to nothing.
/// Gives the names.
pub fn forget_old(data: &Path, now: Time) -> Result<Vec<String>, Error> {
    let mut forgotten = Vec::new();
    for snapshot in snapshots(data)? {
        if snapshot.until() <= now {
            let at = place(data, &snapshot.name);
            destroy(&at).map_err(|source| at_path(&at, source))?;
            forgotten.push(snapshot.name);
        }
    }
    Ok(forgotten)
}

/// The keys go first, written over: without them the rest is noise.
pub(super) fn destroy(folder: &Path) -> io::Result<()> {
    let keyring = folder.join("keys/keyring.db");
    if keyring.exists() {
        let mut file = OpenOptions::new().write(true).open(&keyring)?;
        let mut left = file.metadata()?.len();
        file.seek(SeekFrom::Start(0))?;
        let nothing = [0; 4096];
        while left > 0 {
            let part = left.min(nothing.len() as u64);
            file.write_all(&nothing[..usize::try_from(part).unwrap_or(nothing.len())])?;
            left -= part;
        }
        file.sync_all()?;
    }
    remove(folder)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }?;
    match folder.parent() {
        Some(parent) if parent.exists() => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
