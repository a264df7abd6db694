//! The data folder: one process at a time, and the key that opens the rest.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Key;

/// A data folder that this process has to itself for as long as it holds this.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: Option<File>,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} is in use by another onsight (process {process}): stop that one first, or name another folder with --data", path.display())]
    InUse { path: PathBuf, process: String },
    #[error("there is no Onsight in {}: name its data folder with --data, or start it there first with onsight serve", .0.display())]
    Nothing(PathBuf),
    #[error("{} can be read by others: run chmod 600 on it", .0.display())]
    Exposed(PathBuf),
    #[error("{} does not hold a key of 64 hexadecimal digits: put back the key this folder was made with", .0.display())]
    BadKey(PathBuf),
    #[error("{} holds data, but its key {} is missing: put the key back, without it nothing here can be read", folder.display(), key.display())]
    KeyMissing { folder: PathBuf, key: PathBuf },
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] super::Error),
}

impl Folder {
    /// Takes the folder for this process alone, making it if it is not there.
    pub fn claim(path: &Path) -> Result<Folder, Error> {
        let path = make(path)?;
        let at = path.join("onsight.lock");
        let mut lock = private(&at, true)?;
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
        Ok(Folder {
            path,
            _lock: Some(lock),
        })
    }

    /// The folder beside the process that holds it, for the command line.
    pub fn share(path: &Path) -> Result<Folder, Error> {
        if !path.join("onsight.db").exists() {
            return Err(Error::Nothing(path.to_owned()));
        }
        let path = make(path)?;
        Ok(Folder { path, _lock: None })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in the folder, for its owner only.
    pub fn within(&self, name: &str) -> Result<PathBuf, Error> {
        make(&self.path.join(name))
    }

    /// The instance key: from the service manager's credential when there is
    /// one, else from `keys/instance.key`, which is made the first time.
    pub fn instance_key(&self) -> Result<Key, Error> {
        if let Some(folder) = std::env::var_os("CREDENTIALS_DIRECTORY") {
            let at = Path::new(&folder).join("onsight.key");
            if at.exists() {
                return read_key(&at);
            }
        }
        let at = self.within("keys")?.join("instance.key");
        if at.exists() {
            let mode = fs::metadata(&at)
                .map_err(|source| io(&at, source))?
                .permissions()
                .mode();
            if mode & 0o077 != 0 {
                return Err(Error::Exposed(at));
            }
            return read_key(&at);
        }
        if self.path.join("onsight.db").exists() {
            return Err(Error::KeyMissing {
                folder: self.path.clone(),
                key: at,
            });
        }
        let key = Key::random()?;
        let mut file = private(&at, true)?;
        writeln!(file, "{}", &*key.hex())
            .and_then(|()| file.sync_all())
            .map_err(|source| io(&at, source))?;
        Ok(key)
    }
}

fn read_key(at: &Path) -> Result<Key, Error> {
    let text = zeroize::Zeroizing::new(fs::read_to_string(at).map_err(|source| io(at, source))?);
    Key::from_hex(&text).ok_or_else(|| Error::BadKey(at.to_owned()))
}

fn make(path: &Path) -> Result<PathBuf, Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .and_then(|()| path.canonicalize())
        .map_err(|source| io(path, source))
}

/// A file for its owner only.
fn private(at: &Path, create: bool) -> Result<File, Error> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(create)
        .truncate(false)
        .mode(0o600)
        .open(at)
        .map_err(|source| io(at, source))
}

fn io(at: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: at.to_owned(),
        source,
    }
}
