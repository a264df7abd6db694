//! A file somebody sent: its bytes lie sealed beside the workspace's database,
//! their key and all that is known of it in the accounts database.

mod sql;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Home, Kind, Place, Step, look_now, uploads};
use crate::ending::model::{Counts, Ending, Error, Preview, Thing};
use crate::ending::sql::{Kept, delete, forget_kept, kept_places, park, restore};
use crate::site::Site;
use crate::store::{self, ToSql, Transaction};
use crate::web::Right;

/// What the name of a file on its way out ends in: whoever cleans up after
/// uploads leaves it alone.
const GOING: &str = "going";
const WHICH: &str = "workspace = :workspace and id = :id";

pub(super) struct File;

pub(super) static KIND: File = File;

/// Where the bytes lie, and where they lie meanwhile.
fn paths(site: &Site, one: &Ending) -> (PathBuf, PathBuf) {
    let path = uploads(site, one.workspace).join(&one.object);
    let going = path.with_extension(GOING);
    (path, going)
}

/// Gives a file a second name, if it has it not already.
fn link(from: &Path, to: &Path) -> Result<(), store::Error> {
    match fs::hard_link(from, to) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound
            ) =>
        {
            Err(error.into())
        }
        _ => Ok(()),
    }
}

fn unlink(path: &Path) -> Result<(), store::Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

impl Kind for File {
    fn name(&self) -> &'static str {
        "file"
    }

    fn noun(&self) -> &'static str {
        "file"
    }

    fn method(&self) -> &'static str {
        "Its key destroyed, its sealed bytes unlinked"
    }

    fn home(&self) -> Home {
        Home::System
    }

    fn right(&self) -> Right {
        Right::Build
    }

    fn page(&self, object: &str) -> String {
        format!("/data/import/{object}")
    }

    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error> {
        Ok(sql::files(place.system, place.workspace)?)
    }

    fn typed<'a>(&self, thing: &'a Thing) -> &'a str {
        &thing.title
    }

    fn preview(&self, place: &Place<'_>, thing: &Thing) -> Result<Preview, Error> {
        let bytes = sql::bytes(place.system, place.workspace, &thing.object)?;
        Ok(Preview {
            goes: vec![("Bytes", bytes)],
            ..Preview::default()
        })
    }

    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let values: &[(&str, &dyn ToSql)] =
            &[(":workspace", &one.workspace), (":id", &one.object)];
        park(tx, (Kept::System, one.id), "upload", (WHICH, values))?;
        delete(tx, "upload", (WHICH, values))?;
        Ok(true)
    }

    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let kept = (Kept::System, one.id);
        restore(tx, kept, "upload")?;
        forget_kept(tx, kept, None)?;
        Ok(true)
    }

    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        self.hide(tx, one)?;
        let files = kept_places(tx, Kept::System, one.id)?;
        let files = files.into_iter().map(|(_, files)| files).sum();
        forget_kept(tx, (Kept::System, one.id), None)?;
        Ok(Counts::from([("files".to_owned(), files)]))
    }

    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error> {
        let (path, going) = paths(site, one);
        if path.exists() || going.exists() {
            return Ok(Some("its sealed bytes".to_owned()));
        }
        look_now(site, one.workspace, |place| {
            let is_there = sql::bytes(place.system, place.workspace, &one.object).is_ok()
                || !kept_places(place.system, Kept::System, one.id)?.is_empty();
            Ok(is_there.then(|| "its key".to_owned()))
        })
    }

    fn beside(&self, site: &Site, one: &Ending, step: Step) -> Result<(), Error> {
        let (path, going) = paths(site, one);
        match step {
            Step::BeforeHiding => link(&path, &going)?,
            Step::Hidden | Step::BeforeDestroying => unlink(&path)?,
            Step::BeforeRestoring => link(&going, &path)?,
            Step::Restored => unlink(&going)?,
            Step::Destroyed => {
                unlink(&path)?;
                unlink(&going)?;
            }
        }
        Ok(())
    }
}
