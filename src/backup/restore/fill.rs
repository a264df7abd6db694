//! Fills a folder from a point: each file is made anew, read back and compared
//! with the manifest.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use super::{Only, Open, Restored};
use crate::age::Identity;
use crate::backup::keys::Secrets;
use crate::backup::kinds::{self, Home};
use crate::backup::manifest::{FileOf, Item, Manifest, Pack};
use crate::backup::pack::{Unpacker, create};
use crate::backup::{Error, lock::clear};
use crate::base::Hashing;
use crate::store::{Folder, Keyring, Still, rebuild};

/// A folder that was filled.
pub(in crate::backup) struct Filled {
    pub(in crate::backup) restored: Restored,
}

/// Makes the keyring, then everything in the manifest that `only` takes.
pub(in crate::backup) fn fill(
    from: &mut Open<'_>,
    secrets: &Secrets,
    manifest: &Manifest,
    (only, into): (Only, &Path),
) -> Result<Filled, Error> {
    let folder = Folder::claim(into)?;
    let keyring = Keyring::of(&folder)?;
    secrets.keep(&keyring)?;
    let mut restored = Restored {
        point: manifest.point.clone(),
        ..Restored::default()
    };
    for item in &manifest.items {
        if !only.takes(&item.owner) {
            continue;
        }
        let Some(identity) = secrets.identity(&item.owner)? else {
            if !restored.closed.contains(&item.owner) {
                restored.closed.push(item.owner.clone());
            }
            continue;
        };
        // What a later version knows and this one does not is no reason to stop.
        let Some(kind) = kinds::named(&item.kind) else {
            tracing::warn!(
                "{} {} is left out: this version does not know it",
                item.kind,
                item.name
            );
            continue;
        };
        let mut one = One {
            from,
            item,
            identity: &identity,
            restored: &mut restored,
        };
        match kind.home(&item.name) {
            Home::Database { folder, stem, file } => {
                one.database(&keyring, &into.join(folder), (&stem, &file))?;
            }
            Home::Files(folder) => one.files(&into.join(folder))?,
            Home::Reading => one.read_through()?,
        }
        let scratch = from.scratch.clone();
        clear(&scratch)?;
        std::fs::create_dir(&scratch)?;
    }
    if let Only::Workspace(id) = only
        && manifest
            .items
            .iter()
            .all(|item| item.owner != id.to_string())
    {
        return Err(Error::NoWorkspace(id.to_string()));
    }
    Ok(Filled { restored })
}

/// One thing on its way back.
struct One<'a, 'b> {
    from: &'a mut Open<'b>,
    item: &'a Item,
    identity: &'a Identity,
    restored: &'a mut Restored,
}

impl One<'_, '_> {
    fn each(
        &mut self,
        unpacker: &mut Unpacker<'_>,
        file: &FileOf,
        take: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let from = &mut *self.from;
        unpacker.each(file, &mut |pack| fetch(from, pack), take)
    }

    fn database(
        &mut self,
        keyring: &Keyring,
        folder: &Path,
        (stem, name): (&str, &str),
    ) -> Result<(), Error> {
        std::fs::create_dir_all(folder)?;
        let mut unpacker = Unpacker::new(self.item, self.identity);
        for file in &self.item.files {
            let mut made = rebuild(keyring, folder, (stem, name))?;
            self.each(&mut unpacker, file, |pages| Ok(made.append(pages)?))?;
            self.compare(&made.finish()?, file)?;
            self.restored.databases += 1;
            self.restored.bytes += file.bytes;
        }
        Ok(())
    }

    /// Reads back what was made: its bytes, its rows, and what the engine says.
    fn compare(&mut self, still: &Still, file: &FileOf) -> Result<(), Error> {
        let name = &self.item.name;
        let differs = |what: String| Err(Error::Differs(format!("{name}: {what}")));
        let mut hashing = Hashing::new(std::io::sink());
        still.each_page(|page| hashing.write_all(page).map_err(Error::from))?;
        let (weight, _) = hashing.finish();
        if weight.hex() != file.sha256 {
            return differs(format!(
                "SHA-256 {} of {} bytes, not {} of {}",
                weight.hex(),
                weight.bytes,
                file.sha256,
                file.bytes
            ));
        }
        let counts = still.counts()?;
        for (found, wanted) in counts.iter().zip(&self.item.tables) {
            if found != wanted {
                return differs(format!("{found:?} rows, not {wanted:?}"));
            }
        }
        if counts.len() != self.item.tables.len() {
            return differs(format!(
                "{} tables, not {}",
                counts.len(),
                self.item.tables.len()
            ));
        }
        if let Some(fault) = still.faults()?.first() {
            return differs(fault.clone());
        }
        self.restored.rows += counts.iter().map(|(_, rows)| rows).sum::<u64>();
        Ok(())
    }

    fn files(&mut self, folder: &Path) -> Result<(), Error> {
        std::fs::create_dir_all(folder)?;
        let mut unpacker = Unpacker::new(self.item, self.identity);
        for file in &self.item.files {
            let at = folder.join(plain(&file.path)?);
            let mut to = create(&at)?;
            self.each(&mut unpacker, file, |bytes| Ok(to.write_all(bytes)?))?;
            to.sync_all()?;
            self.restored.files += 1;
            self.restored.bytes += file.bytes;
        }
        Ok(())
    }

    /// What belongs nowhere is read all the same: a point is whole or it is not.
    fn read_through(&mut self) -> Result<(), Error> {
        let mut unpacker = Unpacker::new(self.item, self.identity);
        for file in &self.item.files {
            self.each(&mut unpacker, file, |_| Ok(()))?;
        }
        Ok(())
    }
}

/// Brings a pack here, if it is what the manifest says.
fn fetch(from: &mut Open<'_>, pack: &Pack) -> Result<PathBuf, Error> {
    let at = from
        .scratch
        .join(format!("{}-{}", pack.point, plain(&pack.name)?.display()));
    let mut to = Hashing::new(create(&at)?);
    from.place.get(&pack.path(), &mut to)?;
    let (weight, file) = to.finish();
    drop(file);
    if weight.hex() != pack.sha256 || weight.bytes != pack.bytes {
        return Err(Error::Damaged(pack.path()));
    }
    Ok(at)
}

/// The name of one file, and of nothing elsewhere.
fn plain(name: &str) -> Result<&Path, Error> {
    let path = Path::new(name);
    let mut parts = path.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(only)), None) if only == path.as_os_str() => Ok(path),
        _ => Err(Error::Damaged(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert!(plain("0001-0002.sealed").is_ok());
        for wrong in ["", ".", "..", "../x", "/etc/passwd", "a/b", "a/", "./a"] {
            assert!(plain(wrong).is_err(), "{wrong}");
        }
    }
}
