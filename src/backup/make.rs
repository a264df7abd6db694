//! Makes a point: everything packed, sealed, brought to every destination and
//! read back there. A point counts when its manifest is there, which comes last.

use std::path::Path;

use tokio::runtime::Handle;

use super::breath::Breath;
use super::keys::{self, GENERATIONS, Secrets};
use super::kinds::{self, Content, Kind, Thing};
use super::lock::Lock;
use super::manifest::{self, FORM, Item, Manifest};
use super::model::{Destination, Holder, Point, State};
use super::pack::{Bench, Packer};
use super::target::{Target, deliver, some_left};
use super::{Error, Reason, actions};
use crate::age::Recipient;
use crate::base::Time;
use crate::journal::{Actor, hex};
use crate::site::{SYSTEM, Site};

/// Why a point is made.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub actor: Actor,
    pub reason: Reason,
    pub slot: Option<Time>,
    /// Everything; otherwise what changed since the newest full point, if that
    /// is everywhere.
    pub is_full: bool,
}

/// Makes a point. An error when it came to nothing; a point that some
/// destination does not hold says so itself.
pub async fn make(site: &Site, wanted: Wanted) -> Result<Point, Error> {
    let lock = Lock::take(&site.config.data)?;
    let setup = actions::setup(site).await?;
    if let Err(error) = site.checkpoint().await {
        tracing::warn!("the audit chain could not be signed before a backup: {error}");
    }
    let mut point = begun(site, &wanted)?;
    actions::began(site, &point).await?;
    let base = if wanted.is_full {
        None
    } else {
        actions::newest_base(site, &setup.destinations).await?
    };
    let work = Work {
        site: site.clone(),
        id: point.id.clone(),
        at: point.began,
        reason: wanted.reason,
        base,
        holders: setup.holders.clone(),
        tombstones: actions::tombstones(site).await?,
        runtime: Handle::current(),
    };
    let destinations = setup.destinations.clone();
    let (lock, done) = tokio::task::spawn_blocking(move || {
        let mut targets = open(&work.site, destinations, &work.runtime);
        let done = work.run(&lock, &mut targets);
        (lock, (targets, done))
    })
    .await
    .map_err(|_panicked| Error::Stopped)?;
    let (targets, made) = done;
    let copies: Vec<Destination> = { targets.iter() }
        .filter(|target| target.is_well() && made.is_ok())
        .map(|target| target.destination.clone())
        .collect();
    point.ended = Some(site.clock.now());
    point.copies = copies.iter().map(|one| one.name.clone()).collect();
    judge(&mut point, &targets, &made);
    let faults = { targets.into_iter() }
        .map(|target| (target.destination, target.fault))
        .collect();
    actions::ended(site, &wanted.actor, &point, copies, faults).await?;
    drop(lock);
    actions::tell(site, &point, made.as_ref().err()).await?;
    made.map(|_| point)
}

/// A point of which nothing is there yet.
fn begun(site: &Site, wanted: &Wanted) -> Result<Point, Error> {
    Ok(Point {
        id: name(site.clock.now())?,
        began: site.clock.now(),
        ended: None,
        slot: wanted.slot,
        reason: wanted.reason,
        base: None,
        state: State::Making,
        fault: None,
        bytes: 0,
        stored: 0,
        copies: Vec::new(),
        is_held: false,
    })
}

/// What became of it, from what became of it at each destination.
fn judge(point: &mut Point, targets: &[Target], made: &Result<Manifest, Error>) {
    match made {
        Err(error) => {
            point.state = State::Failed;
            point.fault = Some(error.to_string());
        }
        Ok(manifest) => {
            point.base.clone_from(&manifest.base);
            point.bytes = manifest.bytes();
            point.stored = manifest.own_packs().map(|pack| pack.bytes).sum();
            let missing: Vec<String> = { targets.iter() }
                .filter_map(|target| {
                    let fault = target.fault.as_ref()?;
                    Some(format!("{}: {fault}", target.destination.name))
                })
                .collect();
            let is_missed = { targets.iter() }
                .any(|target| !target.is_well() && target.destination.is_required);
            point.state = if is_missed {
                State::Degraded
            } else {
                State::Whole
            };
            point.fault = (!missing.is_empty()).then(|| missing.join("; "));
        }
    }
}

pub(super) fn open(site: &Site, destinations: Vec<Destination>, runtime: &Handle) -> Vec<Target> {
    let all = destinations.into_iter();
    all.map(|one| Target::open(site, one, runtime)).collect()
}

/// `20261122T020000Z-1f2e3d4c`: the time, and what makes it the only one.
fn name(now: Time) -> Result<String, Error> {
    let mut bytes = [0; 4];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_unspecified| Error::Age(crate::age::Error::NoRandomness))?;
    let stamp = now.timestamp().strftime("%Y%m%dT%H%M%SZ");
    Ok(format!("{stamp}-{}", hex(&bytes)))
}

/// All that is needed to make a point, away from the async threads.
struct Work {
    site: Site,
    id: String,
    at: Time,
    reason: Reason,
    base: Option<String>,
    holders: Vec<Holder>,
    tombstones: serde_json::Value,
    runtime: Handle,
}

impl Work {
    fn run(&self, lock: &Lock, targets: &mut [Target]) -> Result<Manifest, Error> {
        some_left(targets)?;
        let folder = lock.folder("making")?;
        let base = self.base(lock);
        let mut manifest = Manifest {
            form: FORM,
            point: self.id.clone(),
            at: self.at.0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            reason: self.reason.name().to_owned(),
            base: base.as_ref().map(|base| base.point.clone()),
            items: Vec::new(),
        };
        let breath = Breath::new();
        for kind in kinds::ALL {
            for thing in kind.things(&self.site)? {
                let number = manifest.items.len();
                let before = { base.as_ref() }.and_then(|base| base.item(kind.name(), &thing.name));
                let owner = keys::identity(&self.site.keyring, &thing.owner)?.recipient();
                let bench = Bench {
                    point: &self.id,
                    folder: &folder,
                    owner,
                    breathe: &|| breath.take(),
                };
                let mut ship =
                    |pack: &manifest::Pack, from: &Path| deliver(targets, &pack.path(), from);
                let stem = format!("{number:03}-{}", kind.name());
                let packer = Packer::new(&bench, stem, before, &mut ship);
                manifest.items.push(packed(*kind, thing, packer)?);
            }
        }
        self.deliver_keyring(&folder, targets)?;
        let sealed = folder.join(manifest::NAME);
        manifest.write(&sealed, self.site.signer(), &self.recipients()?)?;
        deliver(
            targets,
            &format!("points/{}/{}", self.id, manifest::NAME),
            &sealed,
        )?;
        if manifest.base.is_none() {
            std::fs::rename(&sealed, lock.base())?;
        }
        super::lock::clear(&folder)?;
        Ok(manifest)
    }

    /// The full point to build on, if its manifest is at hand.
    fn base(&self, lock: &Lock) -> Option<Manifest> {
        let wanted = self.base.as_deref()?;
        let ours = [keys::identity(&self.site.keyring, SYSTEM).ok()?];
        let key = self.site.signer().public();
        let manifest = Manifest::read(&lock.base(), &ours, &key).ok()?;
        (manifest.point == wanted).then_some(manifest)
    }

    /// The operators, and the instance itself, which has to test what it made.
    fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let own = keys::identity(&self.site.keyring, SYSTEM)?.recipient();
        let others = self.holders.iter().map(|one| one.recipient);
        Ok(others.chain([own]).collect())
    }

    fn deliver_keyring(&self, folder: &Path, targets: &mut [Target]) -> Result<(), Error> {
        let secrets = Secrets::of(&self.site.keyring, self.tombstones.clone())?;
        let sealed = folder.join("keyring.age");
        secrets.write(&sealed, &self.recipients()?)?;
        for target in targets.iter_mut() {
            if let Err(error) = next_keyring(target, &sealed, GENERATIONS) {
                target.fail(&error);
            }
        }
        std::fs::remove_file(&sealed)?;
        some_left(targets)
    }
}

/// Puts a sealed keyring beside the newest one, and destroys what is older than
/// so many.
fn next_keyring(target: &mut Target, sealed: &Path, most: usize) -> Result<(), Error> {
    if !target.is_well() {
        return Ok(());
    }
    let there = target.place()?.list("keyring/")?;
    let number = there.iter().filter_map(|path| keyring_number(path)).max();
    let path = format!("keyring/{:010}.age", number.unwrap_or(0) + 1);
    deliver(std::slice::from_mut(target), &path, sealed)?;
    let mut all: Vec<String> = there;
    all.push(path);
    all.sort();
    let old = all.len().saturating_sub(most);
    for path in &all[..old] {
        target.place()?.remove(path)?;
    }
    Ok(())
}

/// Counted, so that a clock set back makes no older one the newest.
pub(super) fn keyring_number(path: &str) -> Option<u64> {
    let name = path.strip_prefix("keyring/")?.strip_suffix(".age")?;
    name.parse().ok()
}

/// Pushes every older sealed keyring out, after a key was destroyed.
pub(super) fn renew_keyring(
    site: &Site,
    holders: Vec<Holder>,
    tombstones: serde_json::Value,
    (lock, targets): (&Lock, &mut [Target]),
) -> Result<(), Error> {
    let work = Work {
        site: site.clone(),
        id: String::new(),
        at: site.clock.now(),
        reason: Reason::Asked,
        base: None,
        holders,
        tombstones,
        runtime: Handle::current(),
    };
    let folder = lock.folder("making")?;
    let secrets = Secrets::of(&site.keyring, work.tombstones.clone())?;
    let sealed = folder.join("keyring.age");
    secrets.write(&sealed, &work.recipients()?)?;
    for target in targets.iter_mut() {
        if let Err(error) = next_keyring(target, &sealed, 1) {
            target.fail(&error);
        }
    }
    super::lock::clear(&folder)?;
    some_left(targets)
}

fn packed(kind: &dyn Kind, thing: Thing, mut packer: Packer<'_>) -> Result<Item, Error> {
    let mut tables = Vec::new();
    match thing.content {
        Content::Database(open) => {
            let still = open()?;
            packer.begin("data.db");
            still.each_page(|page| packer.append(page))?;
            packer.end()?;
            tables = still.counts()?;
        }
        Content::Files(files) => {
            for (name, path) in files {
                file(&mut packer, &name, &path)?;
            }
        }
        Content::Texts(texts) => {
            for (name, text) in texts {
                packer.begin(&name);
                packer.append(&text)?;
                packer.end()?;
            }
        }
    }
    let (files, packs) = packer.finish()?;
    Ok(Item {
        kind: kind.name().to_owned(),
        name: thing.name,
        owner: thing.owner,
        bytes: files.iter().map(|file| file.bytes).sum(),
        tables,
        packs,
        files,
    })
}

fn file(packer: &mut Packer<'_>, name: &str, path: &Path) -> Result<(), Error> {
    use std::io::Read;
    let mut from = match std::fs::File::open(path) {
        Ok(from) => from,
        // It was there when the list was made: what was deleted since is gone.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    packer.begin(name);
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return packer.end();
        }
        packer.append(&piece[..read])?;
    }
}
