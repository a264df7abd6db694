//! One workspace put back into an instance that stands: its data in place of
//! what it has, and its apps and queries as they were.

use std::fs;
use std::path::Path;

use super::place::{own, private};
use super::settle;
use crate::backup::manifest::Manifest;
use crate::backup::{Error, actions, lock::clear};
use crate::base::Clock;
use crate::config::Config;
use crate::site::Site;
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
    let name = format!("file:{file}");
    let key = taken.keyring.secret(&name)?.ok_or(Error::NoKeyring)?;
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
    // The file is opened by the key it was made with.
    site.keyring.keep(&name, &key)?;
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
