//! Where the instance key comes from, and how one takes the place of another.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Key;
use super::folder::{Error, io};

/// The name of the key among the credentials of the service manager.
const CREDENTIAL: &str = "onsight.key";
/// The one to move over to, among the credentials.
const NEXT_CREDENTIAL: &str = "onsight.next.key";
/// Names somebody could think of: what is in the environment is seen by others.
const ENVIRONMENT: [&str; 3] = ["ONSIGHT_KEY", "ONSIGHT_INSTANCE_KEY", "ONSIGHT_MASTER_KEY"];

/// Where the instance key lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// `instance.key` in this folder; ours to make and to replace.
    File(PathBuf),
    /// In the folder of credentials the service manager made; not ours.
    Credential(PathBuf),
}

impl Source {
    /// The service manager's credential when there is one, else the file in `keys`.
    pub(super) fn find(keys: &Path) -> Result<Source, Error> {
        let word = |name: &&&str| std::env::var_os(name).is_some();
        if let Some(name) = ENVIRONMENT.iter().find(word) {
            return Err(Error::InEnvironment(name));
        }
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        Ok(match credentials {
            Some(folder) if folder.join(CREDENTIAL).exists() => Source::Credential(folder),
            _ => Source::File(keys.to_owned()),
        })
    }

    pub(super) fn path(&self) -> PathBuf {
        match self {
            Source::File(keys) => keys.join("instance.key"),
            Source::Credential(folder) => folder.join(CREDENTIAL),
        }
    }

    /// Where a key waits that is to take over.
    pub(super) fn next_path(&self) -> PathBuf {
        match self {
            Source::File(keys) => keys.join("instance.key.next"),
            Source::Credential(folder) => folder.join(NEXT_CREDENTIAL),
        }
    }

    pub(super) fn current(&self) -> Result<Option<Key>, Error> {
        self.read(&self.path())
    }

    pub(super) fn next(&self) -> Result<Option<Key>, Error> {
        match self.read(&self.next_path()) {
            // Cut off while it was written: it never opened anything.
            Err(Error::BadKey(at)) if matches!(self, Source::File(_)) => {
                fs::remove_file(&at).map_err(|source| io(&at, source))?;
                Ok(None)
            }
            read => read,
        }
    }

    fn read(&self, at: &Path) -> Result<Option<Key>, Error> {
        if !at.exists() {
            return Ok(None);
        }
        let facts = fs::metadata(at).map_err(|source| io(at, source))?;
        // Credentials are the service manager's: it lends them as it sees fit.
        if matches!(self, Source::File(_)) && facts.permissions().mode() & 0o077 != 0 {
            return Err(Error::Exposed(at.to_owned()));
        }
        let text = fs::read_to_string(at).map_err(|source| io(at, source))?;
        let text = Zeroizing::new(text);
        match Key::from_hex(&text) {
            Some(key) => Ok(Some(key)),
            None => Err(Error::BadKey(at.to_owned())),
        }
    }

    /// Keeps a key in a file of its own, on disk when this returns.
    pub(super) fn write(at: &Path, key: &Key) -> Result<(), Error> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(at)
            .map_err(|source| io(at, source))?;
        writeln!(file, "{}", &*key.hex())
            .and_then(|()| file.sync_all())
            .map_err(|source| io(at, source))?;
        settle(at)
    }

    /// The key that waited takes the place of the one before, whose bytes are
    /// written over first.
    pub(super) fn promote(&self) -> Result<(), Error> {
        let (path, next) = (self.path(), self.next_path());
        // A file that may only be read can still be replaced.
        if let Err(error) = overwrite(&path) {
            tracing::warn!("{} was replaced, not written over: {error}", path.display());
        }
        fs::rename(&next, &path).map_err(|source| io(&path, source))?;
        settle(&path)
    }

    /// Forgets a key that waited.
    pub(super) fn forget_next(&self) -> Result<(), Error> {
        let next = self.next_path();
        let gone = overwrite(&next).and_then(|()| fs::remove_file(&next));
        gone.map_err(|source| io(&next, source))
    }
}

fn overwrite(at: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(at)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&vec![b'0'; length])?;
    file.sync_all()
}

/// Waits until the names in the folder are on disk.
pub(super) fn settle(at: &Path) -> Result<(), Error> {
    let folder = at.parent().unwrap_or(at);
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io(folder, source))
}
