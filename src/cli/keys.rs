//! `onsight keys`: how old the keys are, and changing them.

use std::io::Write;
use std::time::Duration;

use anyhow::bail;

use crate::base::{Clock, Time};
use crate::config::Config;
use crate::journal::Actor;
use crate::operate::{self, KeyFacts, Wanted};
use crate::site::{self, Site};
use crate::store::FolderError;

use super::arguments::{Keys, Place};

/// How often a running server is asked whether it is done.
const LOOK: Duration = Duration::from_secs(2);
/// How often at the most: the server looks once a minute.
const LOOKS: usize = 90;

pub(super) async fn run(place: &Place, command: Keys, out: &mut impl Write) -> anyhow::Result<()> {
    let config = place.config()?;
    match command {
        Keys::List => {
            let site = Site::beside(config, Clock::system())?;
            for key in operate::keys(&site).await?.list {
                tell(&key, out)?;
            }
            Ok(())
        }
        Keys::Rotate { what } => rotate(config, Wanted::parse(&what)?, out).await,
    }
}

fn tell(key: &KeyFacts, out: &mut impl Write) -> anyhow::Result<()> {
    let since = key.since.map(Time::rfc3339).unwrap_or_default();
    let state = match (&key.fault, key.is_changing) {
        (_, true) => "changing".to_owned(),
        (Some(fault), false) => format!("last change failed: {fault}"),
        (None, false) => String::new(),
    };
    let name = &key.what;
    writeln!(out, "{name:<34} {since:<26} {:<40} {state}", key.title)?;
    Ok(())
}

async fn rotate(config: Config, wanted: Wanted, out: &mut impl Write) -> anyhow::Result<()> {
    match Site::open(config.clone(), Clock::system()) {
        Ok(site) => {
            operate::ask_for_keys(&site, &Actor::command_line(), wanted).await?;
            operate::change_keys(&site).await?;
            site.carry().await?;
            ended(&site, out).await
        }
        Err(site::Error::Folder(FolderError::InUse { .. })) => {
            let site = Site::beside(config.clone(), Clock::system())?;
            operate::ask_for_keys(&site, &Actor::command_line(), wanted).await?;
            // The server changes keys only while no command has files open.
            drop(site);
            writeln!(out, "asked the running server; it begins within a minute")?;
            out.flush()?;
            wait(config, out).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn wait(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        let site = Site::beside(config.clone(), Clock::system())?;
        if !operate::keys(&site)
            .await?
            .list
            .iter()
            .any(|key| key.is_changing)
        {
            return ended(&site, out).await;
        }
    }
    bail!("the server is still at it; onsight keys list says when it is done")
}

async fn ended(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    let keys = operate::keys(site).await?.list;
    for key in &keys {
        tell(key, out)?;
    }
    match keys.iter().find_map(|key| key.fault.as_ref()) {
        Some(fault) => bail!("a key stays as it was: {fault}"),
        None if keys.iter().any(|key| key.is_changing) => {
            bail!("a key could not be changed yet; try again")
        }
        None => Ok(()),
    }
}
