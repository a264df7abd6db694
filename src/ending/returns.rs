//! Returning: all that a workspace has, in one sealed archive.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::archive::{Archive, Pack, Progress};
use super::model::Error;
use super::parts::{self, Taking};
use super::sql;
use crate::age::{Recipient, Sealer};
use crate::base::{Secret, Time, Weight};
use crate::id;
use crate::site::Site;
use crate::store::{self, Connection};
use crate::web::{Faults, Fields, WorkspaceId};

id!(ReturnId);

/// How long an archive and the link to it are there.
pub(super) const THERE: i64 = Time::DAY;
/// Fewer letters are soon guessed by who has the file.
const SHORTEST_WORDS: usize = 15;

/// An archive somebody asked for.
#[derive(Clone, Debug)]
pub(super) struct Return {
    pub(super) id: ReturnId,
    pub(super) workspace: WorkspaceId,
    pub(super) asked: Time,
    pub(super) asked_by: String,
    pub(super) asked_by_name: String,
    /// `passphrase` or `recipient`.
    pub(super) sealed: String,
    /// `making`, `ready`, `failed`, `expired`.
    pub(super) state: String,
    pub(super) fault: Option<String>,
    pub(super) entries: u64,
    pub(super) bytes: u64,
    pub(super) digest: Option<Vec<u8>>,
    pub(super) made: Option<Time>,
    pub(super) expires: Option<Time>,
    pub(super) taken: Option<Time>,
    pub(super) taken_from: String,
}

/// A closed workspace whose data can be taken back until then.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    pub(super) id: WorkspaceId,
    pub(super) name: String,
    pub(super) until: Time,
}

/// An archive that is whole.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) entries: u64,
    /// Of the sealed file.
    pub(super) bytes: u64,
    pub(super) digest: Vec<u8>,
}

/// Who will be able to open it.
#[derive(Clone, Debug)]
pub(super) enum Lock {
    Words(Secret),
    Recipient(Recipient),
}

impl Lock {
    pub(super) fn parse(fields: &Fields) -> Result<Lock, Faults> {
        let said = |name: &str| fields.get(name).unwrap_or_default();
        if said("seal") == "recipient" {
            return Recipient::parse(said("recipient"))
                .map(Lock::Recipient)
                .map_err(|error| Faults::of("recipient", error.to_string()));
        }
        let words = said("words");
        if words.chars().count() < SHORTEST_WORDS {
            let fault = "write a passphrase of at least 15 characters";
            return Err(Faults::of("words", fault));
        }
        if words.chars().count() > 200 {
            return Err(Faults::of("words", "use at most 200 characters"));
        }
        Ok(Lock::Words(words.to_owned().into()))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Lock::Words(_) => "passphrase",
            Lock::Recipient(_) => "recipient",
        }
    }
}

/// The archives that are being made in this process.
#[derive(Clone, Default)]
pub struct Making(Arc<Mutex<HashMap<ReturnId, Arc<Progress>>>>);

impl Making {
    pub(super) fn begin(&self, id: ReturnId) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        self.lock().insert(id, Arc::clone(&progress));
        progress
    }

    pub(super) fn end(&self, id: ReturnId) {
        self.lock().remove(&id);
    }

    pub(super) fn of(&self, id: ReturnId) -> Option<Arc<Progress>> {
        self.lock().get(&id).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ReturnId, Arc<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the sealed archive lies: with the workspace, so that it goes with it.
pub(super) fn path(site: &Site, workspace: WorkspaceId, id: ReturnId) -> PathBuf {
    let folder = site.config.data.join("workspaces");
    let folder = folder.join(workspace.to_string()).join("returns");
    folder.join(format!("{id}.zip.age"))
}

/// Removes an archive, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the archive, on this thread. What came to nothing leaves nothing.
pub(super) fn make(
    site: &Site,
    one: &Return,
    lock: &Lock,
    progress: &Arc<Progress>,
) -> Result<Made, Error> {
    let path = path(site, one.workspace, one.id);
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let made = written(site, one, lock, (&path, progress));
    if made.is_err() {
        remove(&path)?;
    }
    made
}

fn written(
    site: &Site,
    one: &Return,
    lock: &Lock,
    (path, progress): (&Path, &Arc<Progress>),
) -> Result<Made, Error> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let to = BufWriter::with_capacity(256 << 10, file);
    let sealer = match lock {
        Lock::Words(words) => Sealer::with_words(to, words),
        Lock::Recipient(recipient) => Sealer::new(to, &[*recipient]),
    };
    let sealer = sealer.map_err(io::Error::from)?;
    let db = site.files.open(&one.workspace.to_string())?;
    let archive = Archive::new(sealer, Arc::clone(progress));
    let done = site.system.read_now(|system| {
        db.read_now(|data| {
            let from = Taking {
                site,
                workspace: one.workspace,
                system,
                data,
            };
            Ok(held(&[system, data], || {
                filled(&from, one, archive, progress)
            }))
        })
    })?;
    let (entries, sealer) = done?;
    let file = sealer
        .finish()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    // As it lies on the disk.
    let weight = Weight::of(File::open(path)?)?;
    Ok(Made {
        entries,
        bytes: weight.bytes,
        digest: weight.sum.as_ref().to_vec(),
    })
}

/// Does the work on one state of these files.
fn held<T>(conns: &[&Connection], work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let held = conns.iter().try_for_each(|conn| sql::hold(conn));
    let done = held.map_err(Error::from).and_then(|()| work());
    for conn in conns {
        if let Err(error) = sql::let_go(conn) {
            tracing::debug!("a connection was let go that was not held: {error}");
        }
    }
    done
}

type Sealed = Sealer<BufWriter<File>>;

fn filled(
    from: &Taking<'_>,
    one: &Return,
    mut archive: Archive<Sealed>,
    progress: &Progress,
) -> Result<(u64, Sealed), Error> {
    let name = sql::workspace_name(from.system, one.workspace)?;
    archive.begin("README.txt")?;
    archive.write_all(readme(&name, one).as_bytes())?;
    let mut given = serde_json::Map::new();
    for (at, part) in parts::ALL.iter().enumerate() {
        progress.part.store(at, Ordering::Relaxed);
        given.insert(
            part.name().to_owned(),
            json!(part.give(from, &mut archive)?),
        );
    }
    let manifest = json!({
        "format": "onsight return 1",
        "onsight": env!("CARGO_PKG_VERSION"),
        "workspace": { "id": one.workspace.to_string(), "name": name },
        "asked": one.asked.rfc3339(),
        "asked_by": one.asked_by_name,
        "counts": given,
    });
    Ok(archive.finish(manifest)?)
}

fn readme(name: &str, one: &Return) -> String {
    let mut text = format!(
        "All that the workspace {name} held in Onsight, as of {}.\n\n\
         manifest.json lists every entry with its length and SHA-256, and how many\n\
         tables, rows, apps, files, members and records there are.\n\n",
        one.asked.rfc3339()
    );
    for part in parts::ALL {
        let line = [part.name(), "/ - ", part.title(), ": ", part.holds(), "\n"];
        text += &line.concat();
    }
    text.push_str(
        "\nCSV files are for people: a text that a spreadsheet would compute has an\n\
         apostrophe in front, and bytes are told by their number. tables/tables.sql is\n\
         exact: sqlite3 new.db < tables/tables.sql\n\n\
         No password, key or second factor of anybody is in here.\n",
    );
    text
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        store::Error::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(form: &str) -> Option<String> {
        let faults = Lock::parse(&Fields::parse(form)).err()?;
        faults.iter().next().map(|(field, _)| field.to_owned())
    }

    #[test]
    fn an_archive_is_sealed_or_is_not_made() {
        assert_eq!(fault(""), Some("words".to_owned()));
        assert_eq!(
            fault("seal=passphrase&words=short"),
            Some("words".to_owned())
        );
        assert_eq!(
            fault("seal=recipient&recipient=age1x"),
            Some("recipient".to_owned())
        );
        assert_eq!(fault("words=fifteen+letters"), None);
        let known = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        assert_eq!(fault(&format!("seal=recipient&recipient={known}")), None);
    }
}
