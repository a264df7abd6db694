//! The copies of one file that lie in a folder: each new key comes with another.

use std::io::ErrorKind;
use std::path::Path;

use super::Error;
use super::keyring::FileKey;

/// Removes copies of a file that its key does not open: what a change of the
/// key left when it was cut off, before or after the step that counts.
pub(super) fn remove_others(folder: &Path, stem: &str, key: &FileKey) -> Result<(), Error> {
    let current = key.path(folder, stem);
    let current = current.file_name().unwrap_or_default().to_string_lossy();
    let mut others = lying(folder, stem)?;
    others.retain(|name| !name.starts_with(&*current));
    remove(folder, &others)
}

/// Removes every copy of a file.
pub(super) fn remove_all(folder: &Path, stem: &str) -> Result<(), Error> {
    remove(folder, &lying(folder, stem)?)
}

fn remove(folder: &Path, names: &[String]) -> Result<(), Error> {
    for name in names {
        match std::fs::remove_file(folder.join(name)) {
            // The last connection to go took its log with it.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    Ok(())
}

/// The copies of a file in a folder, with what lies beside them.
pub(super) fn lying(folder: &Path, stem: &str) -> Result<Vec<String>, Error> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number = name
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('.'));
        let is_copy = number.is_some_and(|rest| {
            let rest = rest.trim_end_matches("-wal").trim_end_matches("-shm");
            let number = rest
                .strip_suffix("db")
                .map(|number| number.trim_end_matches('.'));
            number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        });
        if is_copy {
            found.push(name);
        }
    }
    Ok(found)
}

/// Removes a copy that came to nothing, and what lies beside it.
pub(super) fn remove_copy(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!("{} stays: {error}", Path::new(&name).display());
            }
            _ => {}
        }
    }
}
