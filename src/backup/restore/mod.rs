//! The way back: a data folder from a destination and an identity, whole or
//! one workspace of it, read back and compared before it counts.

mod fill;
mod place;
mod settle;
mod workspace;

pub(super) use fill::{Filled, fill};
pub(super) use settle::{close, said, settled};

use std::path::{Path, PathBuf};

use tokio::runtime::Handle;

use super::Error;
use super::keys::Secrets;
use super::lock::clear;
use super::make::keyring_number;
use super::manifest::{self, Manifest};
use super::pack::create;
use super::places::{self, Place, Way};
use crate::age::Identity;
use crate::base::{Clock, Secret};
use crate::config::Config;
use crate::egress::{Egress, Purpose};
use crate::store::{Folder, RESTORING};
use crate::web::WorkspaceId;

/// Where a backup is taken from.
#[derive(Clone, Debug)]
pub struct From {
    pub address: String,
    pub secret: Option<Secret>,
    pub pin: String,
    pub identities: Vec<Identity>,
}

/// How much of it is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Everything,
    /// Accounts, apps, settings and the audit trail; no workspace's data.
    Accounts,
    /// One workspace: into a bare folder with the accounts, into an instance
    /// that stands in place of what it has.
    Workspace(WorkspaceId),
}

impl Only {
    fn takes(self, owner: &str) -> bool {
        match self {
            Only::Everything => true,
            Only::Accounts => owner == crate::site::SYSTEM,
            Only::Workspace(id) => owner == crate::site::SYSTEM || owner == id.to_string(),
        }
    }
}

/// What was put back.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    pub point: String,
    pub databases: u64,
    pub rows: u64,
    pub files: u64,
    pub bytes: u64,
    /// Workspaces whose key was destroyed since: nobody can open them any more.
    pub closed: Vec<String>,
    /// Deletions that were done once more.
    pub deleted: usize,
}

/// A point at a destination.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: String,
    /// `None`: it has no manifest, so it was never whole.
    pub is_full: Option<bool>,
    pub bytes: u64,
    pub version: String,
}

/// A destination that is read, with what opens it.
pub(super) struct Open<'a> {
    pub(super) place: &'a mut dyn Place,
    pub(super) identities: &'a [Identity],
    /// A folder for what is on its way.
    pub(super) scratch: PathBuf,
}

impl Open<'_> {
    fn get(&mut self, path: &str, name: &str) -> Result<PathBuf, Error> {
        let at = self.scratch.join(name);
        self.place.get(path, &mut create(&at)?)?;
        Ok(at)
    }

    /// The newest keyring there.
    pub(super) fn secrets(&mut self) -> Result<Secrets, Error> {
        let all = self.place.list("keyring/")?;
        let newest = all.iter().max_by_key(|path| keyring_number(path));
        let at = self.get(newest.ok_or(Error::NoKeyring)?, "keyring.age")?;
        Secrets::read(&at, self.identities)
    }

    /// The points there, newest first.
    pub(super) fn points(&mut self) -> Result<Vec<String>, Error> {
        let paths = self.place.list("points/")?;
        let mut found: Vec<String> = { paths.iter() }
            .filter_map(|path| path.strip_prefix("points/")?.split('/').next())
            .map(str::to_owned)
            .collect();
        found.dedup();
        found.reverse();
        Ok(found)
    }

    /// What a point holds; an error when it was never whole.
    pub(super) fn manifest(&mut self, point: &str, key: &[u8]) -> Result<Manifest, Error> {
        let path = format!("points/{point}/{}", manifest::NAME);
        if self.place.list(&path)?.is_empty() {
            return Err(Error::NoPoint);
        }
        let at = self.get(&path, manifest::NAME)?;
        let manifest = Manifest::read(&at, self.identities, key)?;
        // A manifest of another point in its place is signed as well.
        if manifest.point != point {
            return Err(Error::Damaged(path));
        }
        Ok(manifest)
    }

    /// The newest whole point, or the one whose name begins like that.
    fn choose(&mut self, wanted: Option<&str>, key: &[u8]) -> Result<Manifest, Error> {
        for point in self.points()? {
            if wanted.is_some_and(|wanted| !point.starts_with(wanted)) {
                continue;
            }
            match self.manifest(&point, key) {
                Err(Error::NoPoint) => {}
                found => return found,
            }
        }
        Err(Error::NoPoint)
    }
}

/// Opens the destination, away from the async threads.
fn open(config: &Config, from: &From, runtime: &Handle) -> Result<Box<dyn Place>, Error> {
    let way = Way {
        egress: Egress::new(&config.allow, config.listen.port())?,
        purpose: Purpose::Backup,
        secret: from.secret.clone(),
        pin: from.pin.clone(),
        runtime: runtime.clone(),
    };
    Ok(places::open(&from.address, &way)?)
}

/// The points at a destination, newest first.
pub async fn listed(config: Config, from: From) -> Result<Vec<Listed>, Error> {
    let runtime = Handle::current();
    let work = move || {
        let scratch = std::env::temp_dir().join(format!("onsight-list-{}", std::process::id()));
        std::fs::create_dir_all(&scratch)?;
        let mut place = open(&config, &from, &runtime)?;
        let mut there = Open {
            place: &mut *place,
            identities: &from.identities,
            scratch: scratch.clone(),
        };
        let key = there.secrets()?.signing_key()?;
        let mut list = Vec::new();
        for id in there.points()? {
            let manifest = there.manifest(&id, &key).ok();
            list.push(Listed {
                id,
                is_full: manifest.as_ref().map(|one| one.base.is_none()),
                bytes: manifest.as_ref().map_or(0, Manifest::bytes),
                version: manifest.map(|one| one.version).unwrap_or_default(),
            });
        }
        clear(&scratch)?;
        Ok(list)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| Error::Stopped)?
}

/// Puts a point back into the data folder of `config`: everything into an empty
/// one, or one workspace into an instance that is stopped.
pub async fn restore(
    config: Config,
    clock: Clock,
    from: From,
    (point, only): (Option<String>, Only),
) -> Result<Restored, Error> {
    let data = config.data.clone();
    let is_bare = is_bare(&data)?;
    if !is_bare && !matches!(only, Only::Workspace(_)) {
        return Err(Error::NotEmpty(data.display().to_string()));
    }
    let into = data.join(RESTORING);
    clear(&into)?;
    if !is_bare {
        // Nobody may be serving it.
        drop(Folder::claim(&data)?);
    }
    let asked = (config.clone(), from, (point, only));
    let made = prepared(asked, clock.clone(), &into).await;
    if made.is_err() {
        // What is not whole must not stand in the way of what is there.
        clear(&into)?;
    }
    let (restored, manifest) = made?;
    match only {
        Only::Workspace(id) if !is_bare => {
            workspace::swap(config, clock, (id, &manifest), &into).await?;
        }
        _ => place::move_up(&data, &into)?,
    }
    Ok(restored)
}

/// A folder filled from a point and settled, which nobody uses yet.
async fn prepared(
    (config, from, (point, only)): (Config, From, (Option<String>, Only)),
    clock: Clock,
    into: &Path,
) -> Result<(Restored, Manifest), Error> {
    let runtime = Handle::current();
    let (place, settings) = (into.to_owned(), config.clone());
    let work = move || {
        let scratch = place.join("packs");
        std::fs::create_dir_all(&scratch)?;
        place::private(&place)?;
        let mut opened = open(&settings, &from, &runtime)?;
        let mut there = Open {
            place: &mut *opened,
            identities: &from.identities,
            scratch: scratch.clone(),
        };
        let secrets = there.secrets()?;
        let manifest = there.choose(point.as_deref(), &secrets.signing_key()?)?;
        let filled = fill(&mut there, &secrets, &manifest, (only, &place))?;
        clear(&scratch)?;
        Ok::<_, Error>((filled, manifest, secrets.tombstones))
    };
    let done = tokio::task::spawn_blocking(work).await;
    let (filled, manifest, tombstones) = done.map_err(|_panicked| Error::Stopped)??;
    let mut restored = filled.restored;
    let settled_at = Config {
        data: into.to_owned(),
        ..config
    };
    let (site, deleted) = settled(settled_at, clock, &manifest, tombstones).await?;
    restored.deleted = deleted;
    close(site, into).await?;
    Ok((restored, manifest))
}

/// Nothing but what an interrupted restore or an empty mount leaves.
fn is_bare(data: &Path) -> Result<bool, Error> {
    let entries = match std::fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name != RESTORING && name != "lost+found" {
            return Ok(false);
        }
    }
    Ok(true)
}
