//! Where the file of a delivery lies as long as it is here: with its workspace, sealed under
//! a key of its own that the log has.

use std::fs::{self, DirBuilder};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::model::{Delivered, DeliveredId};
use super::sql;
use crate::places::Contents;
use crate::site::Site;
use crate::store::{self, Connection, Key, SealedReader, SealedWriter};
use crate::surveys::keeping::Of;
use crate::web::WorkspaceId;

fn folder(site: &Site, workspace: WorkspaceId) -> PathBuf {
    let folder = site.config.data.join("workspaces");
    folder.join(workspace.to_string()).join("deliveries")
}

fn path(site: &Site, of: &Of, id: DeliveredId) -> PathBuf {
    folder(site, of.workspace).join(id.to_string())
}

/// A file that is being sealed.
pub(super) struct Sealing(SealedWriter);

impl Sealing {
    /// In the place of what an end without warning left there.
    pub(super) fn begin(
        site: &Site,
        (of, id): (&Of, DeliveredId),
        key: &Key,
    ) -> io::Result<Sealing> {
        remove(site, of, id)?;
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder(site, of.workspace))?;
        SealedWriter::create(&path(site, of, id), key).map(Sealing)
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.0.finish().map(drop)
    }
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is to be brought elsewhere.
pub(super) struct Lying {
    path: PathBuf,
    key: Key,
    bytes: u64,
}

impl Lying {
    /// `None`: the log has no key of it.
    pub(super) fn of(site: &Site, one: &Delivered) -> Option<Lying> {
        Some(Lying {
            path: path(site, &one.of, one.id),
            key: Key::from_bytes(one.file_key.as_deref()?)?,
            bytes: one.bytes?,
        })
    }

    fn read(&self) -> io::Result<SealedReader> {
        SealedReader::open(&self.path, &self.key)
    }
}

impl Contents for Lying {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.read()?))
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.bytes)
    }
}

/// Opens the file of a delivery that was taken by a link. It waits for the disk.
pub fn open(site: &Site, one: &Delivered) -> Result<SealedReader, store::Error> {
    let lying = Lying::of(site, one).ok_or(store::Error::NotFound)?;
    Ok(lying.read()?)
}

/// Afterwards it is not there, whether or not it was.
pub(super) fn remove(site: &Site, of: &Of, id: DeliveredId) -> io::Result<()> {
    gone(&path(site, of, id))
}

fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes the files of a workspace that nobody can get any more: of surveys that are gone,
/// and what an end without warning left.
pub fn sweep(site: &Site, workspace: WorkspaceId) -> Result<(), store::Error> {
    let entries = match fs::read_dir(folder(site, workspace)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_known = |conn: &Connection| sql::is_known(conn, &name);
        if !site.system.read_now(is_known)? {
            gone(&entry.path())?;
        }
    }
    Ok(())
}
