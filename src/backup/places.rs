//! Places as backups use them: each is one instance's own, nothing half brought stays, and
//! what is written is read back.

use std::io::Write;
use std::path::Path;

use super::Error;
pub(super) use crate::places::{ALL, Place, Way, of_address, open};

/// Files of this instance's own, by how their paths begin.
const OURS: [&str; 2] = ["points/", "keyring/"];

/// Removes what was half brought. Nobody else may bring anything meanwhile.
pub(super) fn clear_halves(place: &mut dyn Place) -> Result<(), Error> {
    for ours in OURS {
        for path in place.halves(ours)? {
            place.remove(&path)?;
        }
    }
    Ok(())
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
        .and_then(|()| place.put(name, &at).map_err(Error::from));
    steps.push(("Write a file", wrote));
    if steps.iter().all(|(_, done)| done.is_ok()) {
        let mut back = Vec::new();
        let read = place.get(name, &mut back);
        let read = read.map_err(Error::from).and_then(|()| {
            let damaged = || Error::Damaged(name.to_owned());
            (back == text).then_some(()).ok_or_else(damaged)
        });
        steps.push(("Read it back, the same", read));
        let listed =
            place
                .list(name)
                .map_err(Error::from)
                .and_then(|found| match found.as_slice() {
                    [one] if one == name => Ok(()),
                    _ => Err(told(
                        "destination",
                        "the file that was written is not in the list",
                    )),
                });
        steps.push(("Find it in the list", listed));
        steps.push(("Remove it", place.remove(name).map_err(Error::from)));
    }
    // A file of a few bytes in a folder of our own.
    let _ = std::fs::remove_file(&at);
    steps
}
