//! `onsight doctor`: how the instance stands, and what to do about it.

use std::io::Write;

use clap::Args;
use serde_json::json;

use crate::base::{Clock, text};
use crate::config::Config;
use crate::operate;
use crate::people::People;
use crate::server;
use crate::site::Site;
use crate::trust::{self, Facts, Found, Level, VERSION, worst};

use super::arguments::Place;

#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// Ask as well how well it is guarded: doors, files, keys, people, records
    #[arg(long)]
    pub(super) security: bool,
    /// Read the whole audit chain and ask every route again first, which takes a while
    #[arg(long)]
    pub(super) deep: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// What was found: the process ends with that number.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub(super) struct Ill {
    said: String,
    pub(super) exit: u8,
}

pub(super) async fn run(place: &Place, asked: &Doctor, out: &mut impl Write) -> anyhow::Result<()> {
    let config = place.config()?;
    let facts = gather(config, asked.deep).await?;
    let mut found = trust::check_all(&facts);
    found.retain(|one| asked.security || !one.about.is_guard);
    // A sort that keeps the order of those that are alike.
    found.sort_by_key(|one| std::cmp::Reverse(one.finding.level));
    if asked.json {
        tell_json(&found, &facts, out)?;
    } else {
        tell(&found, out)?;
    }
    out.flush()?;
    verdict(&found)
}

/// Also of an instance that cannot be opened: then from outside.
async fn gather(config: Config, deep: bool) -> anyhow::Result<Facts> {
    let clock = Clock::system();
    let site = match Site::beside(config.clone(), clock.clone()) {
        Ok(site) => site,
        Err(error) => return Ok(Facts::outside(&config, clock.now(), error.to_string())),
    };
    operate::recall(&site).await?;
    if deep {
        let trust = server::promises(&People::new(site.clone()));
        trust::look_long(&trust, 0).await?;
        site.carry().await?;
    }
    Ok(Facts::of(&site, false).await?)
}

fn tell(found: &[Found], out: &mut impl Write) -> std::io::Result<()> {
    for one in found {
        let (about, finding) = (&one.about, &one.finding);
        let said = text::sentence(&plain(&finding.said));
        writeln!(
            out,
            "{:<8} {:<34} {said}",
            finding.level.name(),
            about.title
        )?;
        if !finding.todo.is_empty() {
            writeln!(
                out,
                "{:<8} {:<34} > {}",
                "",
                "",
                text::sentence(&finding.todo)
            )?;
        }
    }
    let of = |level: Level| {
        found
            .iter()
            .filter(|one| one.finding.level == level)
            .count()
    };
    let counts = Level::ALL.map(|level| format!("{} {}", of(level), level.name()));
    writeln!(out, "\n{} checks: {}", found.len(), counts.join(", "))
}

/// Names that people chose cannot move the cursor of whoever reads them.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn tell_json(found: &[Found], facts: &Facts, out: &mut impl Write) -> anyhow::Result<()> {
    let checks = found.iter().map(|one| {
        json!({
            "check": one.about.name,
            "title": one.about.title,
            "area": one.about.area.title(),
            "promises": one.about.promises,
            "level": one.finding.level.name(),
            "looked_at": one.about.looks_at,
            "said": one.finding.said,
            "todo": one.finding.todo,
            "place": one.about.place,
        })
    });
    let told = json!({
        "version": VERSION,
        "at": facts.now.rfc3339(),
        "worst": worst(found).name(),
        "checks": checks.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &told)?;
    writeln!(out)?;
    Ok(())
}

/// 0: nothing to do; 1: somebody should see to something; 2: now.
fn verdict(found: &[Found]) -> anyhow::Result<()> {
    let of = |level: Level| {
        found
            .iter()
            .filter(|one| one.finding.level == level)
            .count()
    };
    match worst(found) {
        Level::Green | Level::Unknown => Ok(()),
        Level::Amber => Err(Ill {
            said: format!("{} of {} checks are amber", of(Level::Amber), found.len()),
            exit: 1,
        }
        .into()),
        Level::Red => Err(Ill {
            said: format!("{} of {} checks are red", of(Level::Red), found.len()),
            exit: 2,
        }
        .into()),
    }
}
