//! What is done to a data folder before and after this version opens it.

use std::path::Path;

use super::mark::{Build, Mark, Note, Turn};
use super::{back, snapshot};
use crate::base::Time;
use crate::store::folder::{Error, Folder};

/// A folder that is being opened by this version.
#[must_use = "end it when the folder is open"]
pub struct Upgrade {
    build: Build,
    /// What it was before, when it was something else.
    from: Option<Build>,
    note: Option<Note>,
    now: Time,
}

impl Upgrade {
    /// To be called before anything of the folder is opened. Another version
    /// than the last leaves a proved copy first; what a newer one wrote is
    /// refused. `system` is the name of the file that is no workspace's.
    pub fn begin(folder: &Folder, build: Build, system: &str, now: Time) -> Result<Upgrade, Error> {
        let data = folder.path();
        back::is_whole(data)?;
        let mark = Mark::of(data)?;
        let is_new = !data.join("keys/keyring.db").exists();
        let (was, note) = match mark {
            Some(mark) => (Some(mark.build), mark.note),
            None if is_new => (None, None),
            None => (Some(Build::unknown()), None),
        };
        let from = was.filter(|was| *was != build);
        if let Some(was) = &from {
            refuse_newer(data, &build, was)?;
            if !is_new {
                copy_first(folder, &build, was, (system, now))?;
            }
        }
        Ok(Upgrade {
            build,
            from,
            note,
            now,
        })
    }

    /// Are there files that this version has not seen yet?
    pub fn is_one(&self) -> bool {
        self.from.is_some()
    }

    /// Everything is open and up to date: from now on the folder is this version's.
    pub fn end(self, folder: &Folder) -> Result<(), Error> {
        let data = folder.path();
        if self.from.is_none() && Mark::of(data)?.is_some() {
            return Ok(());
        }
        let upgraded = self.from.map(|from| Note {
            turn: Turn::Upgraded,
            from: from.version,
            at: self.now,
        });
        let mark = Mark {
            build: self.build,
            // Who went back and comes again tells of the last step only.
            note: upgraded.or(self.note),
        };
        mark.write(data)
    }
}

fn refuse_newer(data: &Path, build: &Build, was: &Build) -> Result<(), Error> {
    if build.opens(was) {
        return Ok(());
    }
    Err(Error::Newer {
        folder: data.to_owned(),
        version: was.version.clone(),
        this: build.version.clone(),
    })
}

/// A proved copy under `snapshots`. Without it no schema changes; a version that
/// changes none may start all the same.
fn copy_first(
    folder: &Folder,
    build: &Build,
    was: &Build,
    (system, now): (&str, Time),
) -> Result<(), Error> {
    match snapshot::take(folder, was, system, now) {
        Ok(name) => {
            tracing::info!(
                snapshot = name,
                "this folder was used by {}: its state is kept as snapshots/{name}",
                was.version
            );
            Ok(())
        }
        Err(error @ Error::Shared(_)) => Err(error),
        Err(error) if build.is_like(was) => {
            tracing::warn!("no copy could be made before this upgrade: {error}");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// For a command beside a server: is the folder this version's? Only the
/// process that has it for itself brings it up to date.
pub fn is_ready(folder: &Folder, build: &Build) -> Result<(), Error> {
    let data = folder.path();
    back::is_whole(data)?;
    let Some(mark) = Mark::of(data)? else {
        return Ok(());
    };
    refuse_newer(data, build, &mark.build)?;
    if build.is_like(&mark.build) {
        return Ok(());
    }
    Err(Error::NotYet {
        folder: data.to_owned(),
        version: mark.build.version,
        this: build.version.clone(),
    })
}
