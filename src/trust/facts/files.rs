//! Whose the files are and who may read them; how much room is left.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::config::{Config, FILE};
use crate::store::Room;

/// Files looked at, at the most: a folder of many uploads must not hold up a page.
const MOST: usize = 20_000;
/// Faults that are told by name.
const TOLD: usize = 50;
const OTHERS: u32 = 0o077;
const WORLD: u32 = 0o007;
const WORLD_WRITES: u32 = 0o022;

/// A file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: PathBuf,
    pub wrong: String,
}

/// Room on the disk that holds a folder, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    pub path: PathBuf,
    pub free: u64,
    pub size: u64,
}

impl Disk {
    pub(super) fn look(path: &Path) -> Option<Disk> {
        let room = Room::of(path).ok()?;
        Some(Disk {
            path: path.to_owned(),
            free: room.free,
            size: room.total,
        })
    }

    pub fn percent(&self) -> u64 {
        let room = Room {
            free: self.free,
            total: self.size,
        };
        room.percent()
    }
}

/// What is wrong with the data folder: every file there is its owner's alone,
/// and all have one owner.
pub(super) fn data(folder: &Path) -> Vec<Fault> {
    let Ok(facts) = fs::metadata(folder) else {
        return vec![fault(folder, "it cannot be read")];
    };
    let owner = facts.uid();
    let mut faults = Vec::new();
    let mut left = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(path) = left.pop() {
        seen += 1;
        // What goes while we look is not there to be wrong.
        let Ok(facts) = fs::symlink_metadata(&path) else {
            continue;
        };
        faults.extend(wrong(&facts, owner).map(|wrong| fault(&path, wrong)));
        if facts.is_dir() && seen + left.len() < MOST {
            let inside = fs::read_dir(&path).into_iter().flatten();
            left.extend(inside.filter_map(Result::ok).map(|entry| entry.path()));
        }
        if faults.len() >= TOLD {
            break;
        }
    }
    faults
}

fn wrong(facts: &Metadata, owner: u32) -> Option<String> {
    if facts.is_symlink() {
        return Some("it is a link, and leads out of the folder's protection".to_owned());
    }
    if facts.uid() != owner {
        return Some(format!(
            "it belongs to user {}, the folder to {owner}",
            facts.uid()
        ));
    }
    let mode = facts.mode() & 0o777;
    (mode & OTHERS != 0).then(|| format!("others may use it (mode {mode:03o})"))
}

/// What is wrong with the files an operator brings: nobody else may change the
/// configuration, or read a private key.
pub(super) fn brought(config: &Config, named: Option<&Path>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let file = named.unwrap_or(Path::new(FILE));
    if let Ok(facts) = fs::metadata(file)
        && facts.mode() & WORLD_WRITES != 0
    {
        let mode = facts.mode() & 0o777;
        faults.push(fault(
            file,
            format!("others may change it (mode {mode:03o})"),
        ));
    }
    if let Some(tls) = &config.tls {
        match fs::metadata(&tls.key) {
            Ok(facts) if facts.mode() & WORLD != 0 => {
                let mode = facts.mode() & 0o777;
                faults.push(fault(
                    &tls.key,
                    format!("everybody may use it (mode {mode:03o})"),
                ));
            }
            Ok(_) => {}
            Err(_) => faults.push(fault(&tls.key, "it cannot be read")),
        }
    }
    faults
}

fn fault(path: &Path, wrong: impl AsRef<str>) -> Fault {
    Fault {
        path: path.to_owned(),
        wrong: wrong.as_ref().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::config::{Said, TlsFiles};

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_that_others_may_read_is_named_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        allow(folder.path(), 0o700);
        let deep = folder.path().join("workspaces/1");
        fs::create_dir_all(&deep).unwrap();
        allow(&deep, 0o700);
        allow(&folder.path().join("workspaces"), 0o700);
        let file = deep.join("data.db");
        fs::write(&file, "x").unwrap();
        allow(&file, 0o600);
        assert_eq!(data(folder.path()), []);

        allow(&file, 0o644);
        symlink("/etc/passwd", deep.join("link")).unwrap();

        let faults = data(folder.path());
        assert_eq!(faults.len(), 2, "{faults:?}");
        let found = faults.iter().find(|fault| fault.path == file).unwrap();
        assert!(found.wrong.contains("644"), "{found:?}");
    }

    #[test]
    fn a_key_that_everybody_may_read_and_a_configuration_all_may_change_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (key, file) = (
            folder.path().join("k.pem"),
            folder.path().join("onsight.toml"),
        );
        fs::write(&key, "x").unwrap();
        fs::write(&file, "x").unwrap();
        allow(&key, 0o640);
        allow(&file, 0o644);
        let config = Config {
            tls: Some(TlsFiles {
                cert: key.clone(),
                key: key.clone(),
            }),
            ..Config::of(&[Said::default()]).unwrap()
        };
        assert_eq!(brought(&config, Some(&file)), []);

        allow(&key, 0o644);
        allow(&file, 0o666);

        let faults = brought(&config, Some(&file));
        let paths: Vec<_> = faults.iter().map(|fault| fault.path.clone()).collect();
        assert_eq!(paths, [file, key]);
    }

    #[test]
    fn the_disk_says_how_much_is_left() {
        let disk = Disk::look(Path::new("/")).unwrap();
        assert!(disk.size > 0 && disk.free <= disk.size && disk.percent() <= 100);
        assert_eq!(Disk::look(Path::new("/no/such/folder")), None);
    }
}
