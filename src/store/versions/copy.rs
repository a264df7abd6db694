//! Files of a data folder that belong to one state of it, and how they are copied.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::base::Weight;

/// Folders that are part of the state, with all they hold.
pub(super) const FOLDERS: [&str; 2] = ["audit", "workspaces"];
/// Where the keys of the files lie. The instance key beside them stays where
/// it is: a copy never holds what opens it.
pub(super) const KEYS: &str = "keys";
const KEYRING: &str = "keyring.db";
const SYSTEM: &str = "onsight";

/// One file of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Copied {
    /// From the root of the copy.
    pub(super) path: String,
    pub(super) bytes: u64,
    /// SHA-256, hexadecimal.
    pub(super) hash: String,
}

/// The paths of everything that is part of the state, from the folder's root.
pub(super) fn state(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for (folder, is_ours) in [
        (PathBuf::new(), is_system as fn(&str) -> bool),
        (PathBuf::from(KEYS), is_keyring),
    ] {
        for name in names(&root.join(&folder))? {
            if is_ours(&name) && root.join(&folder).join(&name).is_file() {
                found.push(folder.join(name));
            }
        }
    }
    for folder in FOLDERS {
        walk(root, Path::new(folder), &mut found)?;
    }
    found.sort();
    Ok(found)
}

/// What is moved as one when a state takes the place of another.
pub(super) fn pieces(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = state(root)?
        .into_iter()
        .filter(|path| !FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .collect();
    let folders = FOLDERS.iter().filter(|name| root.join(name).is_dir());
    found.extend(folders.map(PathBuf::from));
    Ok(found)
}

fn is_system(name: &str) -> bool {
    let rest = name.strip_prefix(SYSTEM).unwrap_or_default();
    rest.starts_with('.') && is_database(rest)
}

fn is_keyring(name: &str) -> bool {
    name.starts_with(KEYRING) && is_database(name)
}

/// A database or its log. The index of the log is made anew by whoever opens it.
fn is_database(name: &str) -> bool {
    let ending = name.rsplit('.').next();
    matches!(ending, Some("db" | "db-wal" | "db-journal"))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, folder.join(entry.file_name()));
        if kind.is_dir() {
            walk(root, &path, found)?;
        } else if kind.is_file() && !path.to_string_lossy().ends_with("-shm") {
            found.push(path);
        }
    }
    Ok(())
}

/// Copies one file, waits for the disk, and reads both again: they are alike.
pub(super) fn copy(from: &Path, to: &Path, path: &Path) -> io::Result<Copied> {
    let (source, copy) = (from.join(path), to.join(path));
    if let Some(folder) = copy.parent() {
        super::snapshot::make(folder)?;
    }
    fs::copy(&source, &copy)?;
    File::open(&copy)?.sync_all()?;
    let (bytes, hash) = hash(&copy)?;
    if self::hash(&source)? != (bytes, hash.clone()) {
        return Err(io::Error::other(format!(
            "{} is not what was copied to it",
            copy.display()
        )));
    }
    Ok(Copied {
        path: path.to_string_lossy().into_owned(),
        bytes,
        hash,
    })
}

/// How long a file is, and its SHA-256.
pub(super) fn hash(path: &Path) -> io::Result<(u64, String)> {
    let weight = Weight::of(File::open(path)?)?;
    Ok((weight.bytes, weight.hex()))
}
