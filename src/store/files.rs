//! The open files of the workspaces: a bounded number, closed when idle.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::{Db, Error, Keyring, Schema};

/// How many workspaces' files stay open at the most.
const MOST: usize = 256;
/// How long a file nobody uses stays open.
const IDLE: Duration = Duration::from_mins(10);

pub struct Files {
    root: PathBuf,
    keyring: Arc<Keyring>,
    committed: Arc<Notify>,
    open: Mutex<HashMap<String, Open>>,
}

struct Open {
    db: Db,
    used: Instant,
}

impl Files {
    /// Files under `root`, whose commits `committed` is told of.
    pub fn new(root: PathBuf, keyring: Arc<Keyring>, committed: Arc<Notify>) -> Files {
        Files {
            root,
            keyring,
            committed,
            open: Mutex::default(),
        }
    }

    /// The data file of a workspace, opened if it is not. `id` names a folder
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
        let folder = self.root.join(id);
        std::fs::create_dir_all(&folder)?;
        let key = self.keyring.key_of(id)?;
        let db = Db::open(
            &folder.join("data.db"),
            &key,
            Schema::Workspace,
            Arc::clone(&self.committed),
        )?;
        open.insert(
            id.to_owned(),
            Open {
                db: db.clone(),
                used: Instant::now(),
            },
        );
        Ok(db)
    }

    /// Where a workspace's staged uploads lie.
    pub fn staging(&self, id: &str) -> Result<PathBuf, Error> {
        let folder = self.root.join(id).join("files");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The names of all files there are, open or not.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        let folders = std::fs::read_dir(&self.root)?;
        let mut names = Vec::new();
        for folder in folders {
            let folder = folder?;
            if folder.path().join("data.db").exists() {
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
