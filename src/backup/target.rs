//! The destinations while something is brought there: what is written is read
//! back, and one that fails does not stop the others.

use std::path::Path;

use tokio::runtime::Handle;

use super::Error;
use super::breath::{Breathing, Slowly};
use super::model::Destination;
use super::places::{self, Place, Way};
use crate::base::{Hashing, Secret, Weight};
use crate::egress::Purpose;
use crate::journal::hex;
use crate::site::Site;

/// What the keyring calls the secret of a destination.
pub(super) fn secret_name(destination: &Destination) -> String {
    format!("destination:{}", destination.id)
}

/// A destination of this instance, open.
pub(super) struct Target {
    pub(super) destination: Destination,
    place: Option<Box<dyn Place>>,
    pub(super) fault: Option<String>,
}

/// How to get to a destination.
pub(super) fn way(site: &Site, destination: &Destination, runtime: &Handle) -> Result<Way, Error> {
    let secret = site.keyring.secret(&secret_name(destination))?;
    let secret = secret.map(|bytes| Secret::from(String::from_utf8_lossy(&bytes).into_owned()));
    Ok(Way {
        egress: site.egress.clone(),
        purpose: Purpose::Backup,
        secret,
        pin: destination.pin.clone(),
        runtime: runtime.clone(),
    })
}

/// How this instance signs what is its own.
pub(super) fn instance(site: &Site) -> String {
    hex(&site.signer().public())
}

impl Target {
    /// Opens a destination and looks whether it is this instance's. Who opens one
    /// holds the lock: nobody else brings anything there.
    pub(super) fn open(site: &Site, destination: Destination, runtime: &Handle) -> Target {
        let opened = way(site, &destination, runtime)
            .and_then(|way| Ok(places::open(&destination.address, &way)?))
            .and_then(|mut place| {
                places::check(&mut *place, &instance(site))?;
                places::clear_halves(&mut *place)?;
                Ok(place)
            });
        match opened {
            Ok(place) => Target {
                destination,
                place: Some(place),
                fault: None,
            },
            Err(error) => Target {
                destination,
                place: None,
                fault: Some(error.to_string()),
            },
        }
    }

    pub(super) fn is_well(&self) -> bool {
        self.place.is_some()
    }

    /// The destination itself, if it answers.
    pub(super) fn place(&mut self) -> Result<&mut Box<dyn Place>, Error> {
        let why = self.fault.clone().unwrap_or_default();
        let name = &self.destination.name;
        self.place.as_mut().ok_or_else(|| Error::Place {
            place: name.clone(),
            why,
        })
    }

    /// It is of no use any more, for that reason.
    pub(super) fn fail(&mut self, error: &Error) {
        tracing::warn!(
            "the backup destination {} failed: {error}",
            self.destination.name
        );
        self.fault = Some(error.to_string());
        self.place = None;
    }
}

/// Brings a file to every destination that is well, and reads it back. An error
/// when none is left.
pub(super) fn deliver(targets: &mut [Target], path: &str, from: &Path) -> Result<(), Error> {
    let wanted = Weight::of(Breathing::over(std::fs::File::open(from)?))?.hex();
    for target in targets.iter_mut() {
        if target.place.is_some()
            && let Err(error) = bring(target, path, from, &wanted)
        {
            target.fail(&error);
        }
    }
    some_left(targets)
}

/// An error when no destination is well.
pub(super) fn some_left(targets: &[Target]) -> Result<(), Error> {
    if targets.iter().any(Target::is_well) {
        return Ok(());
    }
    let fault = |target: &Target| {
        let why = target.fault.clone().unwrap_or_default();
        format!("{}: {why}", target.destination.name)
    };
    let faults: Vec<String> = targets.iter().map(fault).collect();
    Err(Error::Place {
        place: "no destination took it".to_owned(),
        why: faults.join("; "),
    })
}

fn bring(target: &mut Target, path: &str, from: &Path, wanted: &str) -> Result<(), Error> {
    let place = target.place()?;
    place.put(path, &Slowly(from))?;
    if summed(&mut **place, path)? == wanted {
        return Ok(());
    }
    Err(Error::Damaged(path.to_owned()))
}

/// SHA-256 of a file at a destination.
pub(super) fn summed(place: &mut dyn Place, path: &str) -> Result<String, Error> {
    let mut hashing = Hashing::new(Breathing::over(std::io::sink()));
    place.get(path, &mut hashing)?;
    Ok(hashing.finish().0.hex())
}
