//! Whether the program on the disk is the one that was started.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::Weight;

/// The program that runs: where it lies, and its content when it was started.
#[derive(Clone, Debug)]
pub(super) struct Program {
    path: PathBuf,
    pub(super) sha256: String,
}

/// What the disk holds in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Same,
    /// Another program: put there by an upgrade, or by somebody else.
    Other(String),
    Gone,
}

impl Program {
    /// What runs in this process, read from the kernel's own hold on it.
    pub(super) fn running() -> io::Result<Program> {
        Ok(Program {
            path: plain(&std::env::current_exe()?),
            sha256: Weight::of(File::open("/proc/self/exe")?)?.hex(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn look(&self) -> io::Result<Found> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Gone),
            Err(error) => return Err(error),
        };
        let sha256 = Weight::of(file)?.hex();
        Ok(if sha256 == self.sha256 {
            Found::Same
        } else {
            Found::Other(sha256)
        })
    }
}

/// The kernel adds a word to the name of a program whose file was replaced.
fn plain(path: &Path) -> PathBuf {
    let name = path.to_string_lossy();
    name.strip_suffix(" (deleted)")
        .map_or_else(|| path.to_owned(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_program_is_found_and_a_missing_one_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("onsight");
        std::fs::write(&path, b"\x7fELF one").unwrap();
        let file = File::open(&path).unwrap();
        let sha256 = Weight::of(file).unwrap().hex();
        let program = Program { path, sha256 };
        assert_eq!(program.look().unwrap(), Found::Same);
        // One bit of it.
        std::fs::write(program.path(), b"\x7fELF onf").unwrap();
        assert!(matches!(program.look().unwrap(), Found::Other(_)));
        std::fs::remove_file(program.path()).unwrap();
        assert_eq!(program.look().unwrap(), Found::Gone);
    }

    #[test]
    fn this_process_runs_the_file_it_was_started_from() {
        let program = Program::running().unwrap();
        assert_eq!(
            (program.sha256.len(), program.look().unwrap()),
            (64, Found::Same)
        );
        assert_eq!(
            plain(Path::new("/usr/bin/onsight (deleted)")),
            Path::new("/usr/bin/onsight")
        );
    }
}
