//! Puts a filled folder in its place.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::path::Path;

use crate::backup::{Error, lock::clear};

/// What is not moved: locks, and what was only needed on the way.
const LEFT: [&str; 4] = ["onsight.lock", "onsight.users", "backup", "packs"];

/// A folder is its owner's only.
pub(super) fn private(folder: &Path) -> Result<(), Error> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

/// Moves everything from `into` to `data`. Until the last step the folder says
/// of itself that it is not whole.
pub(super) fn move_up(data: &Path, into: &Path) -> Result<(), Error> {
    own(into, data)?;
    for entry in fs::read_dir(into)? {
        let entry = entry?;
        let name = entry.file_name();
        if !LEFT.iter().any(|left| name == *left) {
            fs::rename(entry.path(), data.join(&name))?;
        }
    }
    fs::File::open(data)?.sync_all()?;
    clear(into)?;
    fs::File::open(data)?.sync_all()?;
    Ok(())
}

/// Who owns the data folder owns what is put into it, also when root put it there.
pub(super) fn own(path: &Path, like: &Path) -> Result<(), Error> {
    let (owner, mine) = (fs::metadata(like)?, fs::symlink_metadata(path)?);
    if (owner.uid(), owner.gid()) != (mine.uid(), mine.gid()) {
        lchown(path, Some(owner.uid()), Some(owner.gid()))?;
    }
    if mine.is_dir() {
        for entry in fs::read_dir(path)? {
            own(&entry?.path(), like)?;
        }
    }
    Ok(())
}
