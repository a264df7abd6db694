//! A folder of this machine: another disk, or where NFS or SMB is mounted.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{Contents, Error, Kind, Place, Step, Way, at};

pub(super) static KIND: Folder = Folder;

pub(super) struct Folder;

impl Kind for Folder {
    fn title(&self) -> &'static str {
        "A folder: another disk, an NFS or an SMB mount"
    }

    fn example(&self) -> &'static str {
        "/mnt/backup/onsight"
    }

    fn fits(&self, address: &str) -> bool {
        address.starts_with('/')
    }

    fn account(&self, _: &str) -> Option<String> {
        None
    }

    fn open(&self, address: &str, _: &Way) -> Result<Box<dyn Place>, Error> {
        let root = PathBuf::from(address);
        match fs::metadata(&root) {
            Ok(facts) if facts.is_dir() => Ok(Box::new(Open { root })),
            Ok(_) => Err(at(Step::Folder, address, "this is no folder")),
            Err(error) => Err(at(Step::Folder, address, error)),
        }
    }
}

struct Open {
    root: PathBuf,
}

impl Open {
    fn told(&self, path: &str) -> impl Fn(io::Error) -> Error {
        let place = self.root.join(path).display().to_string();
        move |error| match error.kind() {
            io::ErrorKind::StorageFull => at(Step::Write, &place, "the disk there is full"),
            _ => at(Step::Write, &place, error),
        }
    }
}

/// Waits until names in the folder are on disk; some mounts know no such thing.
fn settle(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

impl Place for Open {
    fn put(&mut self, path: &str, from: &dyn Contents) -> Result<(), Error> {
        let at = self.root.join(path);
        let folder = at.parent().unwrap_or(&self.root).to_owned();
        let half = at.with_extension("part");
        let is_new = !folder.is_dir();
        let write = || -> io::Result<()> {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)?;
            let mut to = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&half)?;
            io::copy(&mut from.open()?, &mut to)?;
            to.sync_all()?;
            fs::rename(&half, &at)?;
            settle(&folder)?;
            if is_new {
                // It is a name in the folder above it, which may be new as well.
                let above = folder.ancestors().skip(1);
                let mut above = above.take_while(|above| above.starts_with(&self.root));
                above.try_for_each(settle)?;
            }
            Ok(())
        };
        let told = self.told(path);
        write().map_err(|error| {
            // What came to nothing shall not take room; the error says why.
            let _ = fs::remove_file(&half);
            told(error)
        })
    }

    fn get(&mut self, path: &str, to: &mut dyn Write) -> Result<(), Error> {
        let mut from = File::open(self.root.join(path)).map_err(self.told(path))?;
        io::copy(&mut from, to).map_err(self.told(path))?;
        Ok(())
    }

    fn all(&mut self, under: &str) -> Result<Vec<String>, Error> {
        let folder = under.rfind('/').map_or("", |end| &under[..end]);
        let mut found = Vec::new();
        walk(&self.root.join(folder), folder, &mut found).map_err(self.told(folder))?;
        found.retain(|path| path.starts_with(under));
        found.sort();
        Ok(found)
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        let at = self.root.join(path);
        match fs::remove_file(&at) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.told(path)(error)),
            _ => {
                // The folder goes with its last file.
                if let Some(folder) = at.parent().filter(|folder| *folder != self.root) {
                    let _ = fs::remove_dir(folder);
                }
                Ok(())
            }
        }
    }
}

fn walk(folder: &Path, name: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let path = match name {
            "" => own,
            name => format!("{name}/{own}"),
        };
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
