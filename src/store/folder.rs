//! The data folder: one serving process at a time, short commands beside it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder in the data folder where a backup is put back until it is whole.
pub const RESTORING: &str = "restoring";

/// A data folder in use: by this process alone, or beside the one that serves it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: Option<File>,
    /// Shared by everybody who has files of the folder open; see [`Folder::alone`].
    users: File,
}

/// Nobody else has files of the folder open while this is held.
pub struct Alone<'a>(&'a File);

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} is in use by another onsight (process {process}): stop that one first, or name another folder with --data", path.display())]
    InUse { path: PathBuf, process: String },
    #[error("there is no Onsight in {}: name its data folder with --data, or start it there first with onsight serve", .0.display())]
    Nothing(PathBuf),
    #[error("a command of onsight is at work in {}: let it end and try again", .0.display())]
    Shared(PathBuf),
    #[error("putting back a backup into {} was cut off: run the same onsight restore again, or delete what it left", .0.display())]
    Unfinished(PathBuf),
    #[error("{} can be read by others: run chmod 600 on it", .0.display())]
    Exposed(PathBuf),
    #[error("{} does not hold a key of 64 hexadecimal digits: put back the key this folder was made with", .0.display())]
    BadKey(PathBuf),
    #[error("{} holds data, but its key {} is missing: put the key back, without it nothing here can be read", folder.display(), key.display())]
    KeyMissing { folder: PathBuf, key: PathBuf },
    #[error("{} is not the key that {} was sealed with: put back the instance key this data folder was made with, from where you keep its copy; nothing was changed", key.display(), keyring.display())]
    WrongKey { keyring: PathBuf, key: PathBuf },
    #[error("{} holds data, but its keyring {} is missing: restore both from the same backup", folder.display(), keyring.display())]
    KeyringMissing { folder: PathBuf, keyring: PathBuf },
    #[error(
        "the environment variable {0} looks like an instance key, and what is in the environment others can see: unset it, and put the key into keys/instance.key in the data folder (chmod 600) or hand it over as the systemd credential onsight.key"
    )]
    InEnvironment(&'static str),
    #[error(
        "the instance key comes as a systemd credential, which Onsight cannot replace: hand over a new one beside it as onsight.next.key and restart; Onsight moves over to it and says when the old one can go"
    )]
    Credential,
    #[error("{} was used by Onsight {version}, which this {this} cannot read: install that version again, or go back to the state before the upgrade with onsight rollback; nothing was changed", folder.display())]
    Newer {
        folder: PathBuf,
        version: String,
        this: String,
    },
    #[error("{} is still as Onsight {version} left it: let onsight serve of this {this} start once, which brings it up to date", folder.display())]
    NotYet {
        folder: PathBuf,
        version: String,
        this: String,
    },
    #[error("no proved copy could be made in {} before the upgrade, and without one nothing is changed: {reason}", folder.display())]
    NoSnapshot { folder: PathBuf, reason: String },
    #[error("there is no snapshot in {} called {name}: onsight rollback --list shows those there are", folder.display())]
    NoSuchSnapshot { folder: PathBuf, name: String },
    #[error("going back was cut off in {}: run onsight rollback again, which ends it", .0.display())]
    HalfBack(PathBuf),
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] super::Error),
}

impl Error {
    /// It stays so until somebody changes keys or settings: a new start alone
    /// does not help.
    pub fn is_setting(&self) -> bool {
        matches!(
            self,
            Error::Exposed(_)
                | Error::BadKey(_)
                | Error::KeyMissing { .. }
                | Error::WrongKey { .. }
                | Error::KeyringMissing { .. }
                | Error::InEnvironment(_)
                | Error::Newer { .. }
                | Error::NoSnapshot { .. }
                | Error::HalfBack(_)
                | Error::Store(super::Error::WrongKey(_) | super::Error::TooNew(_))
        )
    }
}

impl Folder {
    /// Takes the folder for this process alone, making it if it is not there.
    pub fn claim(path: &Path) -> Result<Folder, Error> {
        let path = make(path)?;
        if path.join(RESTORING).exists() {
            return Err(Error::Unfinished(path));
        }
        let at = path.join("onsight.lock");
        let mut lock = private(&at)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // Only for the message: an unreadable number is a question mark.
                let _ = lock.read_to_string(&mut process);
                let process = match process.trim() {
                    "" => "?".to_owned(),
                    number => number.to_owned(),
                };
                return Err(Error::InUse { path, process });
            }
            Err(TryLockError::Error(source)) => return Err(Error::Io { path: at, source }),
        }
        let note = |source| Error::Io {
            path: at.clone(),
            source,
        };
        lock.set_len(0).map_err(note)?;
        write!(lock, "{}", std::process::id()).map_err(note)?;
        let users = users(&path)?;
        Ok(Folder {
            path,
            _lock: Some(lock),
            users,
        })
    }

    /// The folder beside the process that holds it, for the command line. Waits
    /// while keys are exchanged.
    pub fn share(path: &Path) -> Result<Folder, Error> {
        if !path.join("keys/keyring.db").exists() {
            return Err(Error::Nothing(path.to_owned()));
        }
        let path = make(path)?;
        let users = users(&path)?;
        Ok(Folder {
            path,
            _lock: None,
            users,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in the folder, for its owner only.
    pub fn within(&self, name: &str) -> Result<PathBuf, Error> {
        make(&self.path.join(name))
    }

    /// Keeps commands on the command line out while files change their keys:
    /// one that has a file open would go on with the file of before.
    pub fn alone(&self) -> Result<Alone<'_>, Error> {
        match self.users.try_lock() {
            Ok(()) => Ok(Alone(&self.users)),
            Err(refused) => {
                // Trying to have it alone gave our own share away.
                self.users
                    .lock_shared()
                    .map_err(|source| io(&self.path, source))?;
                Err(match refused {
                    TryLockError::WouldBlock => Error::Shared(self.path.clone()),
                    TryLockError::Error(source) => io(&self.path, source),
                })
            }
        }
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.lock_shared() {
            tracing::error!("the data folder stays closed to commands until a restart: {error}");
        }
    }
}

/// The lock that everybody with open files shares.
fn users(folder: &Path) -> Result<File, Error> {
    let at = folder.join("onsight.users");
    let users = private(&at)?;
    users.lock_shared().map_err(|source| io(&at, source))?;
    Ok(users)
}

fn make(path: &Path) -> Result<PathBuf, Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .and_then(|()| path.canonicalize())
        .map_err(|source| io(path, source))
}

/// A file for its owner only, made if it is not there.
fn private(at: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(at)
        .map_err(|source| io(at, source))
}

pub(super) fn io(at: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: at.to_owned(),
        source,
    }
}
