//! The keys of all other files, in a file that only the instance key opens.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use zeroize::Zeroizing;

use super::folder::{Error as FolderError, io};
use super::instance::{Source, settle};
use super::{Error, Folder, Key, Schema, connect, migrations};

pub struct Keyring {
    /// `None` while the file changes its key.
    conn: Mutex<Option<Connection>>,
    path: PathBuf,
    source: Option<Source>,
}

/// What opens a file, and which of its copies it opens: each new key comes
/// with a new copy.
#[derive(Clone, Debug)]
pub struct FileKey {
    pub key: Key,
    pub generation: u32,
}

/// What is about to be done while the instance key changes. A test ends the
/// change before each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    KeepNewKey,
    CopyKeyring,
    /// From here on the new key opens the keyring, and the old one does not.
    PutInPlace,
    DestroyOldKey,
}

impl Keyring {
    /// Opens the keyring under a key given by hand, making it if it is not there.
    pub fn open(path: &Path, instance: &Key) -> Result<Keyring, Error> {
        let conn = unlock(path, instance)?;
        Ok(Keyring {
            conn: Mutex::new(Some(conn)),
            path: path.to_owned(),
            source: None,
        })
    }

    /// Opens the keyring of a data folder with the instance key, making both
    /// for a new folder. Ends what an end without warning cut off.
    pub fn of(folder: &Folder) -> Result<Keyring, FolderError> {
        let keys = folder.within("keys")?;
        let (path, source) = (keys.join("keyring.db"), Source::find(&keys)?);
        if !path.exists() {
            if folder.path().join("onsight.db").exists() {
                return Err(FolderError::KeyringMissing {
                    folder: folder.path().to_owned(),
                    keyring: path,
                });
            }
            if source.current()?.is_none() {
                Source::write(&source.path(), &Key::random()?)?;
            }
        }
        let (conn, is_moving) = open_with(&path, &source).map_err(|error| match error {
            FolderError::KeyMissing { key, .. } => FolderError::KeyMissing {
                folder: folder.path().to_owned(),
                key,
            },
            other => other,
        })?;
        let keyring = Keyring {
            conn: Mutex::new(Some(conn)),
            path,
            source: Some(source),
        };
        if is_moving {
            keyring.move_to_credential()?;
        }
        Ok(keyring)
    }

    /// The key of that file, made now if it never had one.
    pub fn key_of(&self, file: &str) -> Result<FileKey, Error> {
        self.key_named(&format!("file:{file}"))
    }

    /// The key under that name, made now if there is none.
    pub(super) fn key_named(&self, name: &str) -> Result<FileKey, Error> {
        let wrong = || Error::WrongKey(name.to_owned());
        // Asked for each day and made once: only then is anything written.
        if let Some(bytes) = self.secret(name)? {
            return FileKey::read(&bytes).ok_or_else(wrong);
        }
        let made = FileKey {
            key: Key::random()?,
            generation: 0,
        };
        self.with(|conn| {
            conn.execute(
                "insert into secret (name, value) values (:name, :value)
                 on conflict (name) do nothing",
                named_params! { ":name": name, ":value": made.bytes().as_slice() },
            )?;
            Ok(())
        })?;
        // Another process may have made it first.
        let bytes = self.secret(name)?.ok_or(Error::NotFound)?;
        FileKey::read(&bytes).ok_or_else(wrong)
    }

    /// Whether that file ever had a key.
    pub(super) fn has_key(&self, file: &str) -> Result<bool, Error> {
        Ok(self.secret(&format!("file:{file}"))?.is_some())
    }

    /// The file has another key from now on; the one before is destroyed.
    pub(super) fn replace(&self, file: &str, key: &FileKey) -> Result<(), Error> {
        self.keep(&format!("file:{file}"), &key.bytes())
    }

    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let found = self.with(|conn| {
            let mut find = conn.prepare_cached("select value from secret where name = :name")?;
            let value = |row: &Row<'_>| row.get::<_, Vec<u8>>(0);
            let found = find.query_row(named_params! { ":name": name }, value);
            Ok(found.optional()?)
        })?;
        Ok(found.map(Zeroizing::new))
    }

    /// Keeps a secret under a name, in place of what was there.
    pub fn keep(&self, name: &str, value: &[u8]) -> Result<(), Error> {
        self.with(|conn| {
            conn.execute(
                "insert into secret (name, value) values (:name, :value)
                 on conflict (name) do update set value = excluded.value",
                named_params! { ":name": name, ":value": value },
            )?;
            Ok(())
        })
    }

    /// Destroys a secret: what it opened is closed for good.
    pub fn destroy(&self, name: &str) -> Result<(), Error> {
        self.with(|conn| {
            conn.execute(
                "delete from secret where name = :name",
                named_params! { ":name": name },
            )?;
            Ok(())
        })
    }

    /// The names of all secrets; what they hold stays here.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        self.with(|conn| {
            let mut list = conn.prepare("select name from secret order by name")?;
            let names = list.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Where the instance key lies, for people; and whether it is ours to replace.
    pub fn place(&self) -> (String, bool) {
        match &self.source {
            Some(Source::File(keys)) => {
                let at = keys.join("instance.key");
                (at.display().to_string(), true)
            }
            Some(Source::Credential(_)) => ("systemd credential onsight.key".to_owned(), false),
            None => ("given by hand".to_owned(), false),
        }
    }

    /// Seals all keys under a new instance key and destroys the old one.
    /// Nothing else of the folder may be opened meanwhile: see [`Folder::alone`].
    pub fn rotate(&self) -> Result<(), FolderError> {
        self.rotate_by_step(|_| Ok(()))
    }

    /// The same, asking before each step. Cut off before any of them, the next
    /// start finds one key that works.
    pub fn rotate_by_step(
        &self,
        mut may: impl FnMut(Step) -> Result<(), Error>,
    ) -> Result<(), FolderError> {
        let Some(source @ Source::File(_)) = &self.source else {
            return Err(FolderError::Credential);
        };
        may(Step::KeepNewKey)?;
        let key = Key::random()?;
        Source::write(&source.next_path(), &key)?;
        let moved = self.reseal(&key, &mut may);
        let left = moved.and_then(|()| {
            may(Step::DestroyOldKey)?;
            source.promote()
        });
        if left.is_err() {
            // What opens the file is settled as a start would settle it.
            let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
            drop(conn.take());
            *conn = Some(open_with(&self.path, source)?.0);
        }
        left
    }

    /// The credential that waits takes over: the service manager holds both.
    fn move_to_credential(&self) -> Result<(), FolderError> {
        let Some(source) = &self.source else {
            return Ok(());
        };
        if let Some(key) = source.next()? {
            self.reseal(&key, &mut |_| Ok(()))?;
            tracing::warn!(
                "the keyring is sealed with the credential onsight.next.key now: make it onsight.key and take the old one away"
            );
        }
        Ok(())
    }

    /// Puts a copy under another key in the place of the file, in one rename.
    fn reseal(
        &self,
        key: &Key,
        may: &mut impl FnMut(Step) -> Result<(), Error>,
    ) -> Result<(), FolderError> {
        let next = next_copy(&self.path);
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        may(Step::CopyKeyring)?;
        remove(&next)?;
        copy(conn.as_ref().ok_or(Error::Closed)?, &next, key)?;
        // The last to close it leaves nothing beside the file.
        drop(conn.take());
        may(Step::PutInPlace)?;
        fs::rename(&next, &self.path).map_err(|source| io(&self.path, source))?;
        settle(&self.path)?;
        *conn = Some(unlock(&self.path, key)?);
        Ok(())
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        work(conn.as_ref().ok_or(Error::Closed)?)
    }
}

impl FileKey {
    /// 32 bytes of the key; from the second key on, the number of the copy.
    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(36));
        bytes.extend_from_slice(self.key.bytes());
        if self.generation > 0 {
            bytes.extend_from_slice(&self.generation.to_be_bytes());
        }
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Option<FileKey> {
        let (key, number) = bytes.split_at_checked(32)?;
        let generation = match number {
            [] => 0,
            number => u32::from_be_bytes(number.try_into().ok()?),
        };
        Some(FileKey {
            key: Key::from_bytes(key)?,
            generation,
        })
    }

    /// The next key of the same file.
    pub(super) fn next(&self) -> Result<FileKey, Error> {
        Ok(FileKey {
            key: Key::random()?,
            generation: self.generation + 1,
        })
    }

    /// Where the copy it opens lies: `data.db`, then `data.1.db`, `data.2.db`.
    pub(super) fn path(&self, folder: &Path, stem: &str) -> PathBuf {
        match self.generation {
            0 => folder.join(format!("{stem}.db")),
            number => folder.join(format!("{stem}.{number}.db")),
        }
    }
}

/// Opens the keyring with whichever key fits. `true`: it was the older one of
/// two credentials, and the keyring is to move over to the other.
fn open_with(path: &Path, source: &Source) -> Result<(Connection, bool), FolderError> {
    let (current, next) = (source.current(), source.next()?);
    let is_file = matches!(source, Source::File(_));
    if let Ok(Some(key)) = &current {
        match unlock(path, key) {
            Ok(conn) => {
                if is_file && next.is_some() {
                    // A change that had not come to its one step that counts.
                    source.forget_next()?;
                    remove(&next_copy(path))?;
                }
                return Ok((conn, !is_file && next.is_some()));
            }
            Err(Error::WrongKey(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(key) = &next {
        match unlock(path, key) {
            Ok(conn) => {
                if is_file {
                    source.promote()?;
                }
                return Ok((conn, false));
            }
            Err(Error::WrongKey(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(match current? {
        None => FolderError::KeyMissing {
            folder: path.to_owned(),
            key: source.path(),
        },
        Some(_) => FolderError::WrongKey {
            keyring: path.to_owned(),
            key: source.path(),
        },
    })
}

fn unlock(path: &Path, key: &Key) -> Result<Connection, Error> {
    let mut conn = connect::to_write_alone(path, key)?;
    migrations::run(&mut conn, Schema::Keyring, "the keyring")?;
    Ok(conn)
}

fn next_copy(path: &Path) -> PathBuf {
    path.with_extension("db.next")
}

fn copy(from: &Connection, path: &Path, key: &Key) -> Result<(), FolderError> {
    let mut to = connect::to_copy(path, key)?;
    let copied = Backup::new(from, &mut to).and_then(|copying| copying.step(-1));
    if copied.map_err(Error::from)? != StepResult::Done {
        return Err(Error::Busy.into());
    }
    drop(to);
    let synced = fs::File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|source| io(path, source))
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(io(path, source)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
