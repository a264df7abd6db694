//! The open files of the workspaces and their projects: a bounded number, closed when idle.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::apart::Apart;
use super::changes::Ledgers;
use super::copies::{lying, remove_all, remove_others};
use super::pace::Pace;
use super::{Db, Error, Keyring, Schema, connect, migrations};
use crate::base::{Bound, Limits};

/// How many files stay open at the most.
const MOST: usize = 256;
/// How long a file nobody uses stays open.
const IDLE: Duration = Duration::from_mins(10);

pub struct Files {
    root: PathBuf,
    pub(super) keyring: Arc<Keyring>,
    pub(super) apart: Apart,
    committed: Arc<Notify>,
    pub(super) changes: Ledgers,
    open: Mutex<HashMap<String, Open>>,
    /// What a file may use when nothing was said about it.
    usual: Limits,
    limits: Mutex<HashMap<String, Limits>>,
    pace: Arc<Pace>,
}

struct Open {
    db: Db,
    used: Instant,
}

/// Where a file lies, by its name: `<workspace>`, or `<workspace>.<project>`.
struct Spot<'a> {
    folder: PathBuf,
    stem: &'a str,
    schema: Schema,
    workspace: &'a str,
}

/// The folder of a workspace in which its projects lie.
pub const PROJECTS: &str = "projects";

/// The name of a project's file.
pub fn project_file(workspace: impl Display, project: impl Display) -> String {
    format!("{workspace}.{project}")
}

/// The workspace and the project that the name of a project's file says.
pub fn project_of(file: &str) -> Option<(&str, &str)> {
    file.split_once('.')
}

impl Files {
    /// Files under `root`, whose commits `committed` is told of.
    pub fn new(root: PathBuf, keyring: Arc<Keyring>, committed: Arc<Notify>) -> Files {
        Files {
            root,
            keyring,
            apart: Apart::default(),
            committed,
            changes: Ledgers::default(),
            open: Mutex::default(),
            usual: Limits::default(),
            limits: Mutex::default(),
            pace: Arc::default(),
        }
    }

    /// The same with other limits: `usual` for every file, and what was set for some.
    #[must_use]
    pub fn bounded(self, usual: Limits, set: &[(String, Bound, u64)]) -> Files {
        let mut limits = HashMap::new();
        for (file, bound, value) in set {
            let known = limits.entry(file.clone()).or_insert(usual);
            *known = known.with(*bound, *value);
        }
        Files {
            usual,
            limits: Mutex::new(limits),
            ..self
        }
    }

    /// What every file may use when nothing else was said.
    pub fn usual_limits(&self) -> Limits {
        self.usual
    }

    /// What that file may use.
    pub fn limits(&self, id: &str) -> Limits {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits
            .get(self.spot(id).workspace)
            .copied()
            .unwrap_or(self.usual)
    }

    /// Another measure for that file, from its next piece of work on.
    pub fn allow(&self, id: &str, allowed: Limits) {
        {
            let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
            limits.insert(id.to_owned(), allowed);
        }
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, known) in open.iter() {
            if self.spot(name).workspace == id {
                known.db.allow(allowed);
            }
        }
    }

    fn spot<'a>(&self, name: &'a str) -> Spot<'a> {
        match project_of(name) {
            Some((workspace, project)) => Spot {
                folder: self.root.join(workspace).join(PROJECTS),
                stem: project,
                schema: Schema::Project,
                workspace,
            },
            None => Spot {
                folder: self.root.join(name),
                stem: "data",
                schema: Schema::Workspace,
                workspace: name,
            },
        }
    }

    /// Bytes a workspace has on disk: its tables, its staged uploads, its projects.
    pub fn used(&self, id: &str) -> Result<u64, Error> {
        let folder = self.root.join(id);
        Ok(weigh(&folder)? + weigh(&folder.join("files"))? + weigh(&folder.join(PROJECTS))?)
    }

    /// Refuses what would not fit any more beside what is there.
    pub fn has_room(&self, id: &str, bytes: u64) -> Result<(), Error> {
        let limits = self.limits(id);
        if self.used(id)?.saturating_add(bytes) > limits.storage() {
            return Err(Error::limit(&limits, Bound::Storage));
        }
        Ok(())
    }

    /// Gives a workspace's file a new key: it goes on in a copy, and what the old
    /// key opened is destroyed. Reading and writing go on meanwhile.
    pub async fn rotate(&self, id: &str) -> Result<(), Error> {
        let db = self.open(id)?;
        let (keyring, spot) = (Arc::clone(&self.keyring), self.spot(id));
        rotate(&db, keyring, &spot.folder, (spot.stem, id)).await
    }

    /// The file of a workspace or a project, opened if it is not. `id` names a folder
    /// under the root: callers hand in ids, never words from outside.
    pub fn open(&self, id: &str) -> Result<Db, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get_mut(id) {
            known.used = Instant::now();
            return Ok(known.db.clone());
        }
        if open.len() >= MOST {
            close_idle(&mut open, Duration::ZERO);
        }
        let Spot {
            folder,
            stem,
            schema,
            ..
        } = self.spot(id);
        make_folder(&folder)?;
        let key = self.keyring.key_of(id)?;
        remove_others(&folder, stem, &key)?;
        let changes = (schema == Schema::Workspace).then(|| self.changes(id));
        let db = Db::open_beside(
            (&key.path(&folder, stem), &key.key),
            schema,
            (Arc::clone(&self.committed), changes),
            &self.pace,
        )?;
        db.allow(self.limits(id));
        open.insert(
            id.to_owned(),
            Open {
                db: db.clone(),
                used: Instant::now(),
            },
        );
        Ok(db)
    }

    /// Brings the files of all workspaces up to date, open or not.
    pub fn bring_up_to_date(&self) -> Result<(), Error> {
        for id in self.all_names()? {
            let (
                Spot {
                    folder,
                    stem,
                    schema,
                    ..
                },
                key,
            ) = (self.spot(&id), self.keyring.key_of(&id)?);
            remove_others(&folder, stem, &key)?;
            let path = key.path(&folder, stem);
            if path.exists() {
                let mut conn = connect::to_write(&path, &key.key)?;
                let name = path.display().to_string();
                migrations::run(&mut conn, schema, &name)?;
            }
        }
        Ok(())
    }

    /// Where a workspace's staged uploads lie.
    pub fn staging(&self, id: &str) -> Result<PathBuf, Error> {
        let folder = self.root.join(id).join("files");
        make_folder(&folder)?;
        Ok(folder)
    }

    /// Destroys a file, its key first: what is left of it anywhere opens with
    /// nothing. With a workspace's go its projects and everything beside them.
    /// Refused while somebody works with it. Doing it twice is doing it once.
    pub fn destroy(&self, id: &str) -> Result<(), Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let spot = self.spot(id);
        let mut names = vec![id.to_owned()];
        if spot.schema == Schema::Workspace {
            names.extend(self.projects(id)?);
        }
        let is_lent = |name: &String| open.get(name).is_some_and(|file| file.db.is_lent());
        if names.iter().any(is_lent) {
            return Err(Error::Busy);
        }
        for name in names.iter().rev() {
            open.remove(name);
            self.keyring.destroy(&format!("file:{name}"))?;
            self.destroy_second_key(name)?;
        }
        if spot.schema == Schema::Project {
            return remove_all(&spot.folder, spot.stem);
        }
        match std::fs::remove_dir_all(&spot.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn is_open(&self, id: &str) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.contains_key(id)
    }

    /// Whether that file has a key, or anything lies in its folder.
    pub fn is_there(&self, id: &str) -> Result<bool, Error> {
        // Respondents ask with every page: what is open needs no look at the disk.
        if self.is_open(id) {
            return Ok(true);
        }
        let spot = self.spot(id);
        let is_left = match spot.schema {
            Schema::Project => !lying(&spot.folder, spot.stem)?.is_empty(),
            _ => spot.folder.exists(),
        };
        Ok(self.keyring.has_key(id)? || is_left)
    }

    /// The names of all files there are, open or not: a workspace's, then its
    /// projects', also where the workspace has no file of its own yet.
    pub fn all_names(&self) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        for name in self.folders()? {
            let projects = self.projects(&name)?;
            if self.keyring.has_key(&name)? {
                all.push(name);
            }
            all.extend(projects);
        }
        Ok(all)
    }

    /// The names of the files of a workspace's projects, open or not.
    pub fn projects(&self, workspace: &str) -> Result<Vec<String>, Error> {
        let mark = project_file(workspace, "");
        let keys = self.keyring.names()?.into_iter();
        let mut names: Vec<String> = keys
            .filter_map(|key| key.strip_prefix("file:").map(str::to_owned))
            .filter(|name| name.starts_with(&mark))
            .collect();
        names.sort();
        Ok(names)
    }

    /// The names of the workspaces' files, open or not.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for name in self.folders()? {
            if self.keyring.has_key(&name)? {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// The names of the workspaces' folders, in order.
    fn folders(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for folder in std::fs::read_dir(&self.root)? {
            let folder = folder?;
            if folder.path().is_dir() {
                names.push(folder.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// The files open now, with their names.
    pub fn all_open(&self) -> Vec<(String, Db)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter()
            .map(|(id, open)| (id.clone(), open.db.clone()))
            .collect()
    }

    /// Closes what nobody used for a while.
    pub fn tidy(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        close_idle(&mut open, IDLE);
    }
}

fn close_idle(open: &mut HashMap<String, Open>, idle: Duration) {
    open.retain(|_, file| file.db.is_lent() || file.used.elapsed() < idle);
}

/// Nobody else on the host looks into it, whatever the umask says.
fn make_folder(folder: &Path) -> Result<(), Error> {
    let mut ours = std::fs::DirBuilder::new();
    ours.recursive(true).mode(0o700).create(folder)?;
    Ok(())
}

/// Opens the one file that is no workspace's, under the name `stem` in `folder`.
pub fn open_single(
    keyring: &Keyring,
    (folder, stem, name): (&Path, &str, &str),
    schema: Schema,
    committed: Arc<Notify>,
) -> Result<Db, Error> {
    let key = keyring.key_of(name)?;
    remove_others(folder, stem, &key)?;
    Db::open(&key.path(folder, stem), &key.key, schema, committed)
}

/// Gives the file of that stem and name a new key.
pub async fn rotate(
    db: &Db,
    keyring: Arc<Keyring>,
    folder: &Path,
    (stem, name): (&str, &str),
) -> Result<(), Error> {
    let old = keyring.key_of(name)?;
    let new = old.next()?;
    let (path, key, name) = (new.path(folder, stem), new.key.clone(), name.to_owned());
    let kept = new.clone();
    db.go_to(path, key, move || keyring.replace(&name, &kept))
        .await?;
    remove_others(folder, stem, &new)?;
    Ok(())
}

/// Bytes of the files in a folder; what is in its folders does not count.
fn weigh(folder: &Path) -> Result<u64, Error> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = 0;
    for entry in entries {
        // What went away meanwhile weighs nothing.
        bytes += entry?
            .metadata()
            .map_or(0, |facts| if facts.is_file() { facts.len() } else { 0 });
    }
    Ok(bytes)
}
