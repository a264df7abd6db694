//! One workspace put back into an instance that stands: its data in place of
//! what it has, and its apps and queries as they were.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::place::{own, private};
use super::settle;
use crate::backup::manifest::Manifest;
use crate::backup::{Error, actions, lock::clear};
use crate::base::Clock;
use crate::config::Config;
use crate::site::Site;
use crate::store::{Keyring, project_file};
use crate::surveys::{deliveries, hooks, letters};
use crate::web::WorkspaceId;

/// Takes a workspace out of the filled folder `into` and puts it in the place
/// of the one the instance has.
pub(super) async fn swap(
    config: Config,
    clock: Clock,
    (id, manifest): (WorkspaceId, &Manifest),
    into: &Path,
) -> Result<(), Error> {
    let data = config.data.clone();
    // Out of the data folder, so that the instance opens while it waits.
    let aside = data.join("backup").join("workspace");
    clear(&aside)?;
    fs::create_dir_all(data.join("backup"))?;
    private(&data.join("backup"))?;
    fs::rename(into, &aside)?;
    let taken = Site::open(
        Config {
            data: aside.clone(),
            ..config.clone()
        },
        clock.clone(),
    )?;
    let file = id.to_string();
    let definitions = actions::definitions(&taken, id).await?;
    let keys = keys_of(&taken.keyring, &file)?;
    settle::close(taken, &aside).await?;
    let site = Site::open(config, clock)?;
    let carried = actions::carried(&site, id).await?;
    let (from, to) = (
        aside.join("workspaces").join(&file),
        data.join("workspaces").join(&file),
    );
    let before = data.join("backup").join("before");
    clear(&before)?;
    if to.exists() {
        fs::rename(&to, &before)?;
    }
    // Its files are opened by the keys they were made with, and what is sealed in them.
    for (name, key) in &keys {
        site.keyring.keep(name, key)?;
    }
    fs::rename(&from, &to)?;
    own(&to, &data)?;
    actions::put_back(&site, id, (manifest, carried), definitions).await?;
    letters::stop_open(&site, Some(id)).await?;
    deliveries::stop_open(&site, Some(id)).await?;
    hooks::stop_open(&site, Some(id)).await?;
    settle::close(site, &data.join("workspaces")).await?;
    clear(&before)?;
    clear(&aside)?;
    // What root left beside it is the service's as well.
    own(&data, &data)
}

/// A key under its name.
type Named = (String, Zeroizing<Vec<u8>>);

/// The keys of a workspace's file and of its projects' files, also the second ones.
fn keys_of(keyring: &Keyring, workspace: &str) -> Result<Vec<Named>, Error> {
    let projects = project_file(workspace, "");
    let mut keys = Vec::new();
    for name in keyring.names()? {
        let of = { name.strip_prefix("file:") }.or_else(|| name.strip_prefix("personal:"));
        if of.is_some_and(|file| file == workspace || file.starts_with(&projects))
            && let Some(key) = keyring.secret(&name)?
        {
            keys.push((name, key));
        }
    }
    if !keys
        .iter()
        .any(|(name, _)| *name == format!("file:{workspace}"))
    {
        return Err(Error::NoKeyring);
    }
    Ok(keys)
}
