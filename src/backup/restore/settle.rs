//! What a folder needs after it was filled, before anybody uses it.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::backup::manifest::Manifest;
use crate::backup::{Error, actions};
use crate::base::Clock;
use crate::config::Config;
use crate::journal::{self, Checkpoint};
use crate::site::Site;
use crate::surveys::{deliveries, hooks, letters};

/// Opens the folder, writes down where it comes from, and deletes once more
/// what was deleted since. Gives the site and how many deletions there were.
pub(in crate::backup) async fn settled(
    config: Config,
    clock: Clock,
    manifest: &Manifest,
    tombstones: serde_json::Value,
) -> Result<(Site, usize), Error> {
    let data = config.data.clone();
    let site = Site::open(config, clock)?;
    let head = site.system.read::<_, crate::store::Error>(journal::head);
    let head = head.await?.map_or(0, |(seq, _)| seq);
    forget_checkpoints_after(&data, head)?;
    actions::restored(&site, manifest).await?;
    letters::stop_open(&site, None).await?;
    deliveries::stop_open(&site, None).await?;
    hooks::stop_open(&site, None).await?;
    let deleted = actions::replay(&site, tombstones).await?;
    site.carry().await?;
    Ok((site, deleted))
}

/// Signatures of links that came after the point would say that somebody cut
/// the chain off. The journal says what happened instead.
fn forget_checkpoints_after(data: &Path, head: i64) -> Result<(), Error> {
    let path = data.join("audit/checkpoints.ndjson");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let is_before = |line: &&str| {
        let value = serde_json::from_str(line).ok();
        let checkpoint = value.as_ref().and_then(Checkpoint::from_json);
        checkpoint.is_none_or(|checkpoint| checkpoint.seq <= head)
    };
    let mut kept = String::new();
    for line in text.lines().filter(is_before) {
        kept.push_str(line);
        kept.push('\n');
    }
    std::fs::write(&path, kept)?;
    Ok(())
}

/// Closes the site and waits until its files are closed, too.
pub(in crate::backup) async fn close(site: Site, data: &Path) -> Result<(), Error> {
    drop(site);
    // The writers end on threads of their own; the last of a file takes its log away.
    for _ in 0..200 {
        if !has_logs(data)? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tracing::warn!("files in {} are open longer than expected", data.display());
    Ok(())
}

fn has_logs(folder: &Path) -> Result<bool, Error> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if has_logs(&entry.path())? {
                return Ok(true);
            }
        } else if name.to_string_lossy().ends_with(".db-wal") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// For the journal of what was put back.
pub(in crate::backup) fn said(manifest: &Manifest) -> serde_json::Value {
    json!({
        "point": manifest.point,
        "made": manifest.time().rfc3339(),
        "version": manifest.version,
    })
}
