//! Where points lie, one folder per kind of destination. A new kind is a folder
//! here and its name in the list.
//!
//! Everything here waits: it is called on threads of its own.

use std::io::Write;
use std::path::Path;

use tokio::runtime::Handle;

use super::Error;
use crate::base::Secret;
use crate::egress::Egress;
use crate::kinds;

kinds! { pub(super) dyn Kind: folder, sftp, s3 }

/// A kind of destination.
pub(super) trait Kind: Sync {
    /// For people, in a sentence.
    fn title(&self) -> &'static str;

    /// An address of this kind, as an example.
    fn example(&self) -> &'static str;

    fn fits(&self, address: &str) -> bool;

    /// Connects, and signs in where that is asked for.
    fn open(&self, address: &str, way: &Way) -> Result<Box<dyn Place>, Error>;
}

/// A destination that is open. Paths have slashes and stay below it.
pub(super) trait Place: Send {
    /// The file is there whole afterwards, or what was there before.
    fn put(&mut self, path: &str, from: &Path) -> Result<(), Error>;

    fn get(&mut self, path: &str, to: &mut dyn Write) -> Result<(), Error>;

    /// The paths of all files that begin with that, in order.
    fn list(&mut self, under: &str) -> Result<Vec<String>, Error>;

    /// Afterwards it is not there, whether or not it was.
    fn remove(&mut self, path: &str) -> Result<(), Error>;

    /// Files of which a part was brought when a process ended: they are in no list,
    /// and would outlive every point. Those of this instance only.
    fn halves(&mut self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
}

/// What a file is called while it is being brought.
fn is_half(path: &str) -> bool {
    path.strip_suffix(".part").is_some()
}

/// Files of this instance's own, by how their paths begin.
const OURS: [&str; 2] = ["points/", "keyring/"];

/// Removes what was half brought. Nobody else may bring anything meanwhile.
pub(super) fn clear_halves(place: &mut dyn Place) -> Result<(), Error> {
    for path in place.halves()? {
        place.remove(&path)?;
    }
    Ok(())
}

/// What is needed to get somewhere.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) egress: Egress,
    pub(super) secret: Option<Secret>,
    /// Whom to believe: see [`super::model::Destination`].
    pub(super) pin: String,
    pub(super) runtime: Handle,
}

impl Way {
    fn secret(&self, place: &str) -> Result<&str, Error> {
        let secret = self.secret.as_ref().map(Secret::reveal);
        secret.ok_or_else(|| told(place, "there is no secret for it: enter it again"))
    }
}

pub(super) fn of_address(address: &str) -> Option<&'static dyn Kind> {
    ALL.iter().copied().find(|kind| kind.fits(address))
}

pub(super) fn open(address: &str, way: &Way) -> Result<Box<dyn Place>, Error> {
    let kind =
        of_address(address).ok_or_else(|| told(address, "this is no address of a destination"))?;
    kind.open(address, way)
}

fn told(place: &str, why: impl std::fmt::Display) -> Error {
    Error::Place {
        place: place.to_owned(),
        why: why.to_string(),
    }
}

/// Says whose a destination is, so that no two instances destroy each other's
/// points, and that a folder whose mount is gone is noticed.
const MARK: &str = "onsight.backup";

/// Makes the destination this instance's own.
pub(super) fn claim(place: &mut dyn Place, instance: &str, folder: &Path) -> Result<(), Error> {
    match whose(place)? {
        Some(known) if known == instance => Ok(()),
        Some(_) => Err(told(
            "destination",
            "another instance of Onsight keeps its backups there: name a folder of its own for this one",
        )),
        None => {
            let at = folder.join(MARK);
            let mut file = super::pack::create(&at)?;
            file.write_all(instance.as_bytes())?;
            file.sync_all()?;
            place.put(MARK, &at)?;
            std::fs::remove_file(&at)?;
            Ok(())
        }
    }
}

/// Refuses what is not this instance's own.
pub(super) fn check(place: &mut dyn Place, instance: &str) -> Result<(), Error> {
    match whose(place)? {
        Some(known) if known == instance => Ok(()),
        Some(_) => Err(told(
            "destination",
            "another instance of Onsight keeps its backups there",
        )),
        None => Err(told(
            "destination",
            "the mark onsight.backup is not there: is it mounted? Remove the destination and add it again if it was emptied on purpose",
        )),
    }
}

fn whose(place: &mut dyn Place) -> Result<Option<String>, Error> {
    if place.list(MARK)?.is_empty() {
        return Ok(None);
    }
    let mut text = Vec::new();
    place.get(MARK, &mut text)?;
    Ok(Some(String::from_utf8_lossy(&text).trim().to_owned()))
}

/// Writes a file and reads it back, as a test that says how far it came.
pub(super) fn examine(
    place: &mut dyn Place,
    folder: &Path,
) -> Vec<(&'static str, Result<(), Error>)> {
    let (name, text) = ("onsight.test", b"a test by Onsight");
    let at = folder.join(name);
    let mut steps: Vec<(&'static str, Result<(), Error>)> = Vec::new();
    let wrote = std::fs::write(&at, text)
        .map_err(Error::from)
        .and_then(|()| place.put(name, &at));
    steps.push(("Write a file", wrote));
    if steps.iter().all(|(_, done)| done.is_ok()) {
        let mut back = Vec::new();
        let read = place.get(name, &mut back);
        let read = read.and_then(|()| {
            let damaged = || Error::Damaged(name.to_owned());
            (back == text).then_some(()).ok_or_else(damaged)
        });
        steps.push(("Read it back, the same", read));
        let listed = place.list(name).and_then(|found| match found.as_slice() {
            [one] if one == name => Ok(()),
            _ => Err(told(
                "destination",
                "the file that was written is not in the list",
            )),
        });
        steps.push(("Find it in the list", listed));
        steps.push(("Remove it", place.remove(name)));
    }
    // A file of a few bytes in a folder of our own.
    let _ = std::fs::remove_file(&at);
    steps
}
