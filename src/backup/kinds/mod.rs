//! What is backed up, one folder per kind of thing. A new kind is a folder here
//! and its name in the list: making points, restoring, testing and the pages
//! take it from there.

use std::path::{Path, PathBuf};

use super::Error;
use crate::kinds;
use crate::site::Site;
use crate::store::Still;

kinds! { pub(super) dyn Kind: databases, uploads, audit, apps, settings }

/// A kind of thing.
pub(super) trait Kind: Sync {
    /// As manifests name it.
    fn name(&self) -> &'static str;

    /// For people: `tables and rows of each workspace`.
    fn title(&self) -> &'static str;

    /// All there is of it now. Kinds are asked in the order of the list, one
    /// after the other is packed.
    fn things(&self, site: &Site) -> Result<Vec<Thing>, Error>;

    /// Where things of that name are put back.
    fn home(&self, name: &str) -> Home;
}

/// One thing, as it is now.
pub(super) struct Thing {
    pub(super) name: String,
    /// Whose key seals it: `system`, or the id of a workspace.
    pub(super) owner: String,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// A database as it stands at this moment. Opened when its turn comes.
    Database(Box<dyn FnOnce() -> Result<Still, Error>>),
    /// Files as they lie, each with its name in the thing.
    Files(Vec<(String, PathBuf)>),
    /// Texts made for the occasion.
    Texts(Vec<(String, Vec<u8>)>),
}

/// Where a thing belongs in a data folder.
pub(super) enum Home {
    /// A database: its folder, the stem of its name, and whose key is its own.
    Database {
        folder: PathBuf,
        stem: String,
        file: String,
    },
    /// Files in that folder.
    Files(PathBuf),
    /// Nowhere: it is there to be read by people.
    Reading,
}

pub(super) fn named(name: &str) -> Option<&'static dyn Kind> {
    ALL.iter().copied().find(|kind| kind.name() == name)
}

/// The plain files of a folder, by name; none where there is no folder.
fn files_of(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut files = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_a_name_of_its_own_and_puts_things_back_inside_the_folder() {
        for (at, kind) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.name() != kind.name()));
            assert!(named(kind.name()).is_some() && !kind.title().is_empty());
            for name in ["system", "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0"] {
                let home = match kind.home(name) {
                    Home::Database { folder, .. } | Home::Files(folder) => folder,
                    Home::Reading => continue,
                };
                assert!(home.is_relative() && !home.to_string_lossy().contains(".."));
            }
        }
        assert!(named("../etc").is_none());
    }
}
