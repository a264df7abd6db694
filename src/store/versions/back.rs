//! The way back to the state before an upgrade. It can be cut off anywhere and
//! is then gone to its end.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::mark::{Build, Mark, Note, Turn};
use super::snapshot::{self, Snapshot, place};
use super::{copy, proof};
use crate::base::Time;
use crate::store::folder::{Error, Folder, io as at_path};
use crate::store::instance::{Source, settle};

/// What the state somebody went back from is called after its version.
pub(super) const ASIDE: &str = "-set-aside";
/// Says how far it has come, while it is under way.
const UNDER_WAY: &str = "snapshots/going-back";

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// The version whose state is in place now.
    pub to: String,
    /// Under which name the state of before is kept.
    pub aside: String,
    /// Workspaces that were deleted since, and stay so.
    pub stay_deleted: usize,
}

/// An end without warning may have left half of each state.
pub(super) fn is_whole(data: &Path) -> Result<(), Error> {
    if data.join(UNDER_WAY).exists() {
        return Err(Error::HalfBack(data.to_owned()));
    }
    Ok(())
}

/// Puts a state that was kept in the place of the present one, which is kept in
/// its turn. Without a name: the newest from before an upgrade that this
/// version can open.
pub fn roll_back(
    folder: &Folder,
    build: &Build,
    wanted: Option<&str>,
    (system, now): (&str, Time),
) -> Result<Back, Error> {
    let _alone = folder.alone()?;
    let data = folder.path();
    if let Some(step) = Step::read(data)? {
        return finish(data, step, now);
    }
    let chosen = choose(data, build, wanted)?;
    let source = Source::find(&data.join(copy::KEYS))?;
    let root = place(data, &chosen.name);
    is_unchanged(&root, &chosen)?;
    proof::prove(&root, &source, system)?;
    let was = Mark::of(data)?.map_or_else(Build::unknown, |mark| mark.build);
    let step = Step {
        is_aside: false,
        aside: make_room(data, &was, &chosen)?,
        to: chosen.name,
        was,
    };
    step.write(data)?;
    finish(data, step, now)
}

/// Under which name the present state will be kept. What was kept under it before
/// is older, and goes.
fn make_room(data: &Path, was: &Build, chosen: &Snapshot) -> Result<String, Error> {
    let mut name = format!("{}{ASIDE}", was.version);
    if name == chosen.name {
        name = format!("again-{name}");
    }
    let old = place(data, &name);
    if old.exists() {
        snapshot::destroy(&old).map_err(|source| at_path(&old, source))?;
    }
    Ok(name)
}

fn choose(data: &Path, build: &Build, wanted: Option<&str>) -> Result<Snapshot, Error> {
    let mut all = snapshot::snapshots(data)?.into_iter();
    let found = match wanted {
        Some(name) => all.find(|one| one.name == name),
        None => all.find(|one| !one.is_set_aside && build.opens(&one.build)),
    };
    let found = found.ok_or_else(|| Error::NoSuchSnapshot {
        folder: data.to_owned(),
        name: wanted.unwrap_or("before an upgrade").to_owned(),
    })?;
    if build.opens(&found.build) {
        return Ok(found);
    }
    Err(Error::Newer {
        folder: place(data, &found.name),
        version: found.version,
        this: build.version.clone(),
    })
}

/// Every file is what it was when the copy was made.
fn is_unchanged(root: &Path, snapshot: &Snapshot) -> Result<(), Error> {
    for file in &snapshot.files {
        let at = root.join(&file.path);
        let (bytes, hash) = copy::hash(&at).map_err(|source| at_path(&at, source))?;
        if bytes != file.bytes || hash != file.hash {
            let source = io::Error::other("it is not what was copied; nothing was changed");
            return Err(at_path(&at, source));
        }
    }
    Ok(())
}

/// How far it has come.
struct Step {
    /// The present state is out of the way.
    is_aside: bool,
    to: String,
    aside: String,
    was: Build,
}

impl Step {
    fn read(data: &Path) -> Result<Option<Step>, Error> {
        let at = data.join(UNDER_WAY);
        let text = match fs::read_to_string(&at) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(at_path(&at, source)),
        };
        let lines: Vec<_> = text.lines().collect();
        let [step, to, aside, was] = lines[..] else {
            return Err(at_path(
                &at,
                io::Error::other("it was cut off; put back a backup"),
            ));
        };
        Ok(Some(Step {
            is_aside: step == "back",
            to: to.to_owned(),
            aside: aside.to_owned(),
            was: Build::read(was).unwrap_or_else(Build::unknown),
        }))
    }

    /// In one rename, on disk when it returns.
    fn write(&self, data: &Path) -> Result<(), Error> {
        let (at, next) = (data.join(UNDER_WAY), data.join("snapshots/going-back.next"));
        let step = if self.is_aside { "back" } else { "aside" };
        let text = format!("{step}\n{}\n{}\n{}\n", self.to, self.aside, self.was.line());
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&next)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&next, &at));
        written.map_err(|source| at_path(&at, source))?;
        settle(&at)
    }
}

/// The present state goes aside, then the other comes in.
fn finish(data: &Path, mut step: Step, now: Time) -> Result<Back, Error> {
    let (from, aside) = (place(data, &step.to), place(data, &step.aside));
    if !step.is_aside {
        move_all(data, &aside)?;
        snapshot::write(&aside, &step.was, now, &[])?;
        step.is_aside = true;
        step.write(data)?;
    }
    let chosen = snapshot::snapshots(data)?
        .into_iter()
        .find(|one| one.name == step.to)
        .ok_or_else(|| Error::NoSuchSnapshot {
            folder: data.to_owned(),
            name: step.to.clone(),
        })?;
    let stay_deleted = keep_deleted(data, &from, &aside);
    move_all(&from, data)?;
    let note = Note {
        turn: Turn::WentBack,
        from: step.was.version,
        at: now,
    };
    let mark = Mark {
        build: chosen.build,
        note: Some(note),
    };
    mark.write(data)?;
    let flag = data.join(UNDER_WAY);
    fs::remove_file(&flag).map_err(|source| at_path(&flag, source))?;
    settle(&flag)?;
    // Only its description is left in there.
    if let Err(error) = fs::remove_dir_all(&from) {
        tracing::warn!("{} stays: {error}", from.display());
    }
    Ok(Back {
        to: chosen.version,
        aside: step.aside,
        stay_deleted,
    })
}

/// What was deleted since, and its key destroyed, does not come back. Gives how
/// much that is.
fn keep_deleted(data: &Path, from: &Path, aside: &Path) -> usize {
    let known = Source::find(&data.join(copy::KEYS))
        .and_then(|source| proof::forget_what_went(from, aside, &source));
    known.unwrap_or_else(|error| {
        tracing::warn!("what was deleted since may be there again: {error}");
        0
    })
}

/// Moves every piece of a state; what was moved before is not there any more.
fn move_all(from: &Path, to: &Path) -> Result<(), Error> {
    let pieces = copy::pieces(from).map_err(|source| at_path(from, source))?;
    for piece in pieces {
        let (source, target): (PathBuf, PathBuf) = (from.join(&piece), to.join(&piece));
        let moved = target
            .parent()
            .map_or(Ok(()), snapshot::make)
            .and_then(|()| fs::rename(&source, &target));
        moved.map_err(|error| at_path(&target, error))?;
    }
    clear_indexes(from).map_err(|source| at_path(from, source))?;
    settle(&to.join("keys/keyring.db"))?;
    settle(&to.join("version"))
}

/// The index of a log that went elsewhere would be taken for that of the next.
fn clear_indexes(root: &Path) -> io::Result<()> {
    for folder in [root.to_owned(), root.join(copy::KEYS)] {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".db-shm") {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}
