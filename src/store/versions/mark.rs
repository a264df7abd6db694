//! The file in a data folder that says which version used it last.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::base::Time;
use crate::store::folder::{Error, io};
use crate::store::instance::settle;
use crate::store::migrations::Schema;

const FILE: &str = "version";
/// What a folder is called whose version nobody wrote down.
const UNKNOWN: &str = "unknown";

/// A version of the program, and how far its files have come: one number per
/// kind of file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    pub version: String,
    pub(super) schemas: Vec<usize>,
}

impl Build {
    /// The one that runs.
    pub fn this() -> Build {
        Build {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schemas: Schema::ALL.map(Schema::newest).to_vec(),
        }
    }

    pub(super) fn unknown() -> Build {
        Build {
            version: UNKNOWN.to_owned(),
            schemas: vec![0; Schema::ALL.len()],
        }
    }

    /// It reads what that one wrote, if need be after bringing it up to date.
    pub(super) fn opens(&self, other: &Build) -> bool {
        other.schemas.len() <= self.schemas.len()
            && other
                .schemas
                .iter()
                .zip(&self.schemas)
                .all(|(theirs, ours)| theirs <= ours)
    }

    /// Files of that one and of this one are alike.
    pub(super) fn is_like(&self, other: &Build) -> bool {
        self.schemas == other.schemas
    }

    pub(super) fn line(&self) -> String {
        let numbers: Vec<_> = self.schemas.iter().map(ToString::to_string).collect();
        format!("{} {}", self.version, numbers.join(" "))
    }

    pub(super) fn read(line: &str) -> Option<Build> {
        let mut words = line.split(' ');
        let version = words.next().filter(|word| is_version(word))?.to_owned();
        let schemas = words.map(str::parse).collect::<Result<Vec<_>, _>>().ok()?;
        (!schemas.is_empty()).then_some(Build { version, schemas })
    }
}

/// It becomes the name of a folder.
fn is_version(word: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '~' | '-');
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.len() <= 64
        && word.chars().all(fine)
}

/// Which way the folder went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Upgraded,
    WentBack,
}

/// Something about versions that the audit trail has not been told yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub turn: Turn,
    /// The version it was before.
    pub from: String,
    pub at: Time,
}

impl Note {
    fn line(&self) -> String {
        let turn = match self.turn {
            Turn::Upgraded => "upgraded",
            Turn::WentBack => "back",
        };
        format!("{turn} {} {}", self.from, self.at.0)
    }

    fn read(line: &str) -> Option<Note> {
        let mut words = line.split(' ');
        let turn = match words.next()? {
            "upgraded" => Turn::Upgraded,
            "back" => Turn::WentBack,
            _ => return None,
        };
        let from = words.next().filter(|word| is_version(word))?.to_owned();
        let at = Time(words.next()?.parse().ok()?);
        Some(Note { turn, from, at })
    }
}

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) build: Build,
    pub(super) note: Option<Note>,
}

impl Mark {
    /// `None`: nobody wrote it down, or not in words we know.
    pub(super) fn of(data: &Path) -> Result<Option<Mark>, Error> {
        let at = data.join(FILE);
        let text = match fs::read_to_string(&at) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(io(&at, source)),
        };
        let mut lines = text.lines();
        let build = lines.next().and_then(Build::read);
        let note = lines.next().and_then(Note::read);
        Ok(build.map(|build| Mark { build, note }))
    }

    /// In the place of what was there, in one step.
    pub(super) fn write(&self, data: &Path) -> Result<(), Error> {
        let (at, next) = (data.join(FILE), data.join("version.next"));
        let mut text = format!("{}\n", self.build.line());
        if let Some(note) = &self.note {
            text.push_str(&note.line());
            text.push('\n');
        }
        let written = private(&next)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&next, &at));
        written.map_err(|source| io(&at, source))?;
        settle(&at)
    }
}

fn private(at: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(at)
}

/// What the audit trail has to be told still.
pub fn note(data: &Path) -> Result<Option<Note>, Error> {
    Ok(Mark::of(data)?.and_then(|mark| mark.note))
}

/// It has been told.
pub fn noted(data: &Path) -> Result<(), Error> {
    match Mark::of(data)? {
        Some(mark) if mark.note.is_some() => Mark { note: None, ..mark }.write(data),
        _ => Ok(()),
    }
}
