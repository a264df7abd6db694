//! Findings are kept when they change: with a line in the journal, and an alert
//! for what is red.

use serde_json::json;

use crate::alerts::{self, Alert, Severity};
use crate::base::text;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::trust::finding::{Found, Level};
use crate::trust::sql;

/// Keeps what changed since the last look. Gives how many did.
pub(in crate::trust) async fn keep(site: &Site, found: Vec<Found>) -> Result<usize, Error> {
    let before = site.system.read(sql::standing).await?;
    let is_news = |one: &Found| {
        let known = before.iter().find(|(name, ..)| name == one.about.name);
        known.is_none_or(|(_, level, _)| *level != one.finding.level)
    };
    let news: Vec<Found> = found.into_iter().filter(|one| is_news(one)).collect();
    if news.is_empty() {
        return Ok(0);
    }
    let (now, kept) = (site.clock.now(), news.clone());
    site.system
        .write(move |tx| {
            for one in &kept {
                let finding = (one.about.name, one.finding.level, one.finding.said.as_str());
                sql::keep(tx, finding, now)?;
                sql::add_change(tx, finding, now)?;
                let level = one.finding.level.name();
                let entry = Entry::new(now, &Actor::system(), "finding.changed", one.about.title);
                let entry = entry.on("finding", one.about.name);
                journal::record(tx, &entry.with(json!({ "level": level })))?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    for one in &news {
        tell(site, one).await?;
    }
    Ok(news.len())
}

/// What is red needs somebody; what is red no more needs nobody.
async fn tell(site: &Site, one: &Found) -> Result<(), Error> {
    let key = format!("trust.{}", one.about.name);
    if one.finding.level != Level::Red {
        return alerts::settle(site, &key).await;
    }
    let said = text::sentence(&one.finding.said);
    let alert = Alert {
        key,
        severity: Severity::Critical,
        title: format!("Not kept: {}", one.about.title),
        text: format!("{said} {}", text::sentence(&one.finding.todo)),
        workspace: None,
    };
    alerts::raise(site, alert).await
}
