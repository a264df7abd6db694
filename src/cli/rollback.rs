//! `onsight rollback`: back to the state before an upgrade.

use std::io::Write;
use std::path::Path;

use crate::base::{Clock, text};
use crate::site::{self, SYSTEM};
use crate::store::{self, Back, Build, Folder, FolderError, Snapshot};

use super::arguments::{Place, Rollback};

pub(super) fn run(place: &Place, wanted: &Rollback, out: &mut impl Write) -> anyhow::Result<()> {
    let data = place.config()?.data;
    if wanted.list {
        return list(&data, out);
    }
    if let Some(version) = &wanted.before {
        return before(&data, version, out);
    }
    let back = go(&data, wanted.snapshot.as_deref())?;
    tell(&back, out)
}

fn list(data: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let kept = store::snapshots(data).map_err(site::Error::from)?;
    if kept.is_empty() {
        writeln!(
            out,
            "there is none: an upgrade makes one, and it is kept for a week"
        )?;
    }
    for one in kept {
        writeln!(
            out,
            "{:<28} made {}  until {}  {:>14} bytes",
            one.name,
            one.made.rfc3339(),
            one.until().rfc3339(),
            text::thousands(one.bytes),
        )?;
    }
    Ok(())
}

/// For the package manager, which is about to put an older version in place:
/// does what that one needs, and nothing when it needs nothing.
fn before(data: &Path, version: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let kept = store::snapshots(data).map_err(site::Error::from)?;
    let found = kept
        .iter()
        .find(|one| !one.is_set_aside && is_of(one, version));
    match found {
        None => writeln!(
            out,
            "there is no snapshot of {version}; nothing was changed"
        )?,
        Some(one) if one.is_like(&Build::this()) => {
            writeln!(
                out,
                "{version} opens the data as it is; nothing was changed"
            )?;
        }
        Some(one) => tell(&go(data, Some(&one.name))?, out)?,
    }
    Ok(())
}

/// Debian may add to a version what the program does not know of.
fn is_of(snapshot: &Snapshot, version: &str) -> bool {
    let plain = version.split(['+', '~', '-']).next();
    snapshot.version == version || Some(snapshot.version.as_str()) == plain
}

fn go(data: &Path, name: Option<&str>) -> Result<Back, site::Error> {
    // A folder that is not there is not made for this.
    if !data.join("snapshots").is_dir() {
        return Err(FolderError::NoSuchSnapshot {
            folder: data.to_owned(),
            name: name.unwrap_or("before an upgrade").to_owned(),
        }
        .into());
    }
    let folder = Folder::claim(data)?;
    let now = Clock::system().now();
    Ok(store::roll_back(
        &folder,
        &Build::this(),
        name,
        (SYSTEM, now),
    )?)
}

fn tell(back: &Back, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "the state of before is in place again, as {} left it",
        back.to
    )?;
    writeln!(
        out,
        "what was there until now is kept for a week as snapshots/{}",
        back.aside
    )?;
    if back.stay_deleted > 0 {
        writeln!(
            out,
            "{} workspaces were deleted since; they stay deleted",
            back.stay_deleted
        )?;
    }
    let this = Build::this().version;
    if back.to != this {
        writeln!(
            out,
            "this is {this}, which would bring it up to date again: install {} before you start it",
            back.to
        )?;
    }
    Ok(())
}
