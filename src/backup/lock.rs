//! One backup at a time, also between the server and a command beside it.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Error;

/// The folder in the data folder where points are put together.
const FOLDER: &str = "backup";

/// Held while one works. What lies in the folder is nobody else's then.
pub(super) struct Lock {
    folder: PathBuf,
    _file: File,
}

impl Lock {
    pub(super) fn take(data: &Path) -> Result<Lock, Error> {
        let folder = data.join(FOLDER);
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock {
                folder,
                _file: file,
            }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// An empty folder of that name, for the time the lock is held.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.folder.join(name);
        clear(&path)?;
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// Where the manifest of the newest full point is kept at hand.
    pub(super) fn base(&self) -> PathBuf {
        self.folder.join("base.age")
    }
}

/// Removes a folder and what is in it.
pub(super) fn clear(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
