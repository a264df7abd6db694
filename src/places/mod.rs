//! Where files are put that leave this machine, and had back from: one folder per
//! kind of place. A new kind is a folder here and its name in the list.
//!
//! Everything here waits: it is called on threads of its own.

mod https;

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::base::Secret;
use crate::egress::{self, Egress, Purpose};
use crate::kinds;

/// How long a file may take to go somewhere, or to come back.
const PATIENCE: Duration = Duration::from_hours(1);

kinds! { pub dyn Kind: folder, sftp, s3, webdav }

/// A kind of place.
pub trait Kind: Sync {
    /// For people, in a sentence.
    fn title(&self) -> &'static str;

    /// An address of this kind, as an example.
    fn example(&self) -> &'static str;

    fn fits(&self, address: &str) -> bool;

    /// Whose account on which machine an address means, whatever folder it names: a secret
    /// is for that and for no other. `None`: this machine, or no address of this kind.
    fn account(&self, address: &str) -> Option<String>;

    /// Connects, and signs in where that is done once.
    fn open(&self, address: &str, way: &Way) -> Result<Box<dyn Place>, Error>;
}

/// A place that is open. Paths have slashes and stay below it.
pub trait Place: Send {
    /// The file is there whole afterwards, or what was there before.
    fn put(&mut self, path: &str, from: &dyn Contents) -> Result<(), Error>;

    fn get(&mut self, path: &str, to: &mut dyn Write) -> Result<(), Error>;

    /// The paths of all files that begin with that, in order; those half brought too.
    fn all(&mut self, under: &str) -> Result<Vec<String>, Error>;

    /// The same without those half brought.
    fn list(&mut self, under: &str) -> Result<Vec<String>, Error> {
        let mut found = self.all(under)?;
        found.retain(|path| !is_half(path));
        Ok(found)
    }

    /// Afterwards it is not there, whether or not it was.
    fn remove(&mut self, path: &str) -> Result<(), Error>;

    /// Files below that of which a part was brought when a process ended: they are in no
    /// list, and would outlive all others.
    fn halves(&mut self, under: &str) -> Result<Vec<String>, Error> {
        let mut found = self.all(under)?;
        found.retain(|path| is_half(path));
        Ok(found)
    }
}

/// What is brought somewhere: read from its beginning, as often as it is asked for.
pub trait Contents: Sync {
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;

    /// How much it is: some places want to know before the first byte.
    fn bytes(&self) -> io::Result<u64>;
}

impl Contents for PathBuf {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self)?))
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Contents for &Path {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self)?))
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Contents for &'static [u8] {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(*self)))
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

/// What a file is called while it is being brought.
fn is_half(path: &str) -> bool {
    path.strip_suffix(".part").is_some()
}

/// What is needed to get somewhere.
#[derive(Clone)]
pub struct Way {
    pub egress: Egress,
    /// Who chose the address.
    pub purpose: Purpose,
    pub secret: Option<Secret>,
    /// Whom to believe: the fingerprint of a host key, or the certificate of an authority.
    pub pin: String,
    pub runtime: Handle,
}

impl Way {
    fn secret(&self, place: &str) -> Result<&str, Error> {
        let secret = self.secret.as_ref().map(Secret::reveal);
        secret.ok_or_else(|| {
            at(
                Step::SignIn,
                place,
                "there is no secret for it: enter it again",
            )
        })
    }
}

/// The steps of bringing a file, in the order they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Find,
    Connect,
    Trust,
    SignIn,
    Folder,
    Write,
}

impl Step {
    pub const ALL: [Step; 6] = [
        Step::Find,
        Step::Connect,
        Step::Trust,
        Step::SignIn,
        Step::Folder,
        Step::Write,
    ];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Step::Find => "Find the machine, and whether it may be called",
            Step::Connect => "Connect",
            Step::Trust => "Believe who it is: certificate or host key",
            Step::SignIn => "Sign in",
            Step::Folder => "Find the folder",
            Step::Write => "Write a file there and remove it",
        }
    }
}

/// What a place met.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{place}: {why}")]
    At {
        step: Step,
        place: String,
        why: String,
    },
    #[error(transparent)]
    Egress(#[from] egress::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Error {
    /// The step that did not work.
    pub fn step(&self) -> Step {
        match self {
            Error::At { step, .. } => *step,
            Error::Egress(error) => match error {
                egress::Error::Refused { .. }
                | egress::Error::TimedOut(_)
                | egress::Error::Broke(..) => Step::Connect,
                egress::Error::BadCa(_) | egress::Error::Untrusted { .. } => Step::Trust,
                egress::Error::TooLarge(..) => Step::Write,
                egress::Error::BadRule(_)
                | egress::Error::BadHost(_)
                | egress::Error::BadAddress(_)
                | egress::Error::UnknownName { .. }
                | egress::Error::NoNames(_)
                | egress::Error::Never { .. }
                | egress::Error::NotAllowed { .. } => Step::Find,
            },
            Error::Io(_) => Step::Write,
        }
    }
}

fn at(step: Step, place: &str, why: impl std::fmt::Display) -> Error {
    Error::At {
        step,
        place: place.to_owned(),
        why: why.to_string(),
    }
}

/// An address that this kind of place cannot read.
fn no_address(kind: &dyn Kind, address: &str) -> Error {
    let why = format!("it must look like {}", kind.example());
    at(Step::Find, address, why)
}

/// Does what a place has to do with one file, and does not wait for it for ever.
fn wait<T>(
    runtime: &Handle,
    place: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let done = runtime.block_on(async { timeout(PATIENCE, work).await });
    done.map_err(|_elapsed| at(Step::Write, place, "it took longer than an hour"))?
}

pub fn of_address(address: &str) -> Option<&'static dyn Kind> {
    ALL.iter().copied().find(|kind| kind.fits(address))
}

pub fn open(address: &str, way: &Way) -> Result<Box<dyn Place>, Error> {
    let kind = of_address(address);
    let kind =
        kind.ok_or_else(|| at(Step::Find, address, "this is no address of a destination"))?;
    kind.open(address, way)
}

/// Brings a small file under that name and removes it. Gives each step that was taken and
/// what went wrong with the last.
pub fn examine(address: &str, way: &Way, name: &str) -> Vec<(Step, Option<String>)> {
    const TEXT: &[u8] = b"A test by Onsight. It is removed at once.\n";
    let tried = open(address, way).and_then(|mut place| {
        place.put(name, &TEXT)?;
        place.remove(name)
    });
    let failed = tried.err().map(|error| (error.step(), error.to_string()));
    let last = failed.as_ref().map_or(Step::Write, |(step, _)| *step);
    let taken = Step::ALL.into_iter().filter(|step| *step <= last);
    taken
        .map(|step| {
            let why = failed.as_ref().filter(|(failed, _)| *failed == step);
            (step, why.map(|(_, why)| why.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_one_kind_and_its_account_is_of_one_machine() {
        for kind in ALL {
            let all = ALL.iter().filter(|other| other.fits(kind.example()));
            assert_eq!(all.count(), 1, "{}", kind.title());
            let is_elsewhere = kind.example().contains("://");
            assert_eq!(kind.account(kind.example()).is_some(), is_elsewhere);
        }
        for (one, other, is_same) in [
            ("sftp://a@nas/x", "sftp://a@nas:22/y/z", true),
            ("sftp://a@nas/x", "sftp://b@nas/x", false),
            ("sftp://a@nas/x", "sftp://a@nas2/x", false),
            ("s3://K@s3.corp/box", "s3://K@s3.corp:443/other/x", true),
            ("s3://K@s3.corp/box", "s3://K@s3.corp:9000/box", false),
            ("davs://a@cloud.corp/x", "davs://a@cloud.corp:443/y", true),
            ("davs://a@cloud.corp/x", "davs://b@cloud.corp/x", false),
        ] {
            let account = |address| of_address(address).and_then(|kind| kind.account(address));
            assert_eq!(account(one) == account(other), is_same, "{one} {other}");
            assert!(account(one).is_some() && account(other).is_some());
        }
    }
}
