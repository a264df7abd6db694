//! Whether a copy of a data folder's files opens with the keys and is whole.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, named_params};
use zeroize::Zeroizing;

use super::copy::FOLDERS;
use crate::store::folder::Error;
use crate::store::instance::Source;
use crate::store::keyring::FileKey;
use crate::store::{self, connect};

/// Page cache in KiB: each page is read once.
const CACHE: u32 = 2_048;

/// Opens every database below `root` as its keyring says and reads it whole.
pub(super) fn prove(root: &Path, source: &Source, system: &str) -> Result<(), Error> {
    let keyring = unlock(root, source)?;
    read_whole(&keyring, "the keyring")?;
    let [_, workspaces] = FOLDERS;
    prove_one(&keyring, root, "onsight", system)?;
    let Ok(entries) = std::fs::read_dir(root.join(workspaces)) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(store::Error::from)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        prove_one(&keyring, &entry.path(), "data", &name)?;
    }
    Ok(())
}

/// The keyring of a copy, under whichever instance key there is that fits.
fn unlock(root: &Path, source: &Source) -> Result<Connection, Error> {
    let path = root.join("keys/keyring.db");
    for key in [source.current()?, source.next()?].into_iter().flatten() {
        match connect::to_read(&path, &key, CACHE) {
            Err(store::Error::WrongKey(_)) => {}
            opened => return Ok(opened?),
        }
    }
    Err(Error::WrongKey {
        keyring: path,
        key: source.path(),
    })
}

fn prove_one(keyring: &Connection, folder: &Path, stem: &str, name: &str) -> Result<(), Error> {
    let Some(key) = secret(keyring, &format!("file:{name}"))? else {
        return Ok(());
    };
    let key = FileKey::read(&key).ok_or_else(|| store::Error::WrongKey(name.to_owned()))?;
    let path = key.path(folder, stem);
    if path.exists() {
        let conn = connect::to_read(&path, &key.key, CACHE)?;
        read_whole(&conn, name)?;
    }
    Ok(())
}

fn secret(keyring: &Connection, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, store::Error> {
    let found = keyring
        .query_row(
            "select value from secret where name = :name",
            named_params! { ":name": name },
            |row| row.get::<_, Vec<u8>>(0),
        )
        .optional()?;
    Ok(found.map(Zeroizing::new))
}

/// Every page is read, so every page's seal is checked.
fn read_whole(conn: &Connection, name: &str) -> Result<(), store::Error> {
    let said: String = conn.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("{name}: {said}")).into())
    }
}

/// The names of the keys of files that the keyring below `root` holds: of each its first,
/// and its second where it has one.
fn files(keyring: &Connection) -> Result<Vec<String>, store::Error> {
    let mut list = keyring.prepare(
        "select name from secret
         where name like 'file:%' or name like 'personal:%' order by name",
    )?;
    let names = list.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Destroys in the keyring below `root` the keys that were destroyed since: a
/// deleted workspace stays deleted. Gives how many there were.
pub(super) fn forget_what_went(root: &Path, live: &Path, source: &Source) -> Result<usize, Error> {
    if !root.join("keys/keyring.db").exists() {
        return Ok(0);
    }
    let still = files(&unlock(live, source)?)?;
    let known = files(&unlock(root, source)?)?;
    let gone: Vec<_> = known
        .into_iter()
        .filter(|name| !still.contains(name))
        .collect();
    if gone.is_empty() {
        return Ok(0);
    }
    let path = root.join("keys/keyring.db");
    let mut opened = None;
    for key in [source.current()?, source.next()?].into_iter().flatten() {
        match connect::to_write(&path, &key) {
            Err(store::Error::WrongKey(_)) => {}
            other => opened = Some(other?),
        }
    }
    let conn = opened.ok_or_else(|| store::Error::WrongKey(path.display().to_string()))?;
    conn.execute_batch("pragma journal_mode = delete; pragma synchronous = extra;")
        .map_err(store::Error::from)?;
    for name in &gone {
        conn.execute(
            "delete from secret where name = :name",
            named_params! { ":name": name },
        )
        .map_err(store::Error::from)?;
    }
    Ok(gone.len())
}
