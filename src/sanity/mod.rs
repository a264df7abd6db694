//! Whether the clock can be believed: nothing is destroyed by one that jumped.
//! Whoever destroys what is due by the time asks here first.

mod mark;
mod sql;

use serde_json::json;

use crate::alerts::{self, Alert, Severity};
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{self, Error};

use mark::Mark;

/// A clock that is believed is written down this seldom.
const OFTEN: i64 = Time::HOUR;
const ALERT: &str = "clock";

/// What speaks against the clock now.
pub async fn doubt(site: &Site) -> Result<Option<String>, Error> {
    let now = Mark::of(&site.clock);
    let before = site.system.read(sql::mark).await?;
    Ok(now.doubt(before.as_ref()))
}

/// Whether what is due may be destroyed now. Where the clock jumped, nothing is
/// until it is put right or an operator says that it is: an alert asks them.
pub async fn is_sound(site: &Site) -> Result<bool, Error> {
    let now = Mark::of(&site.clock);
    let before = site.system.read(sql::mark).await?;
    if let Some(doubt) = now.doubt(before.as_ref()) {
        tracing::warn!("nothing is destroyed: {doubt}");
        let alert = Alert {
            key: ALERT.to_owned(),
            severity: Severity::Critical,
            title: "The clock of this server jumped".to_owned(),
            text: format!(
                "Nothing that is due is destroyed, here or in backups: {doubt}. Put the clock right; if it is right, say so under Deletion or Backup."
            ),
            workspace: None,
        };
        alerts::raise(site, alert).await?;
        return Ok(false);
    }
    alerts::settle(site, ALERT).await?;
    let is_old = before.is_none_or(|before| now.is_apart(&before, OFTEN));
    if is_old {
        // A note of the work itself: nothing an auditor asks for.
        let keep = move |tx: &store::Transaction<'_>| sql::keep_mark(tx, &now);
        site.system.write(keep).await?;
    }
    Ok(true)
}

/// An operator says that the clock is right, although it jumped.
pub async fn believe(site: &Site, actor: Actor) -> Result<(), Error> {
    let now = Mark::of(&site.clock);
    site.system
        .write(move |tx| {
            let doubt = sql::mark(tx)?.and_then(|before| now.doubt(Some(&before)));
            sql::keep_mark(tx, &now)?;
            let entry = Entry::new(now.wall, &actor, "clock.believed", "instance");
            journal::record(tx, &entry.with(json!({ "doubt": doubt })))?;
            Ok::<_, Error>(())
        })
        .await?;
    is_sound(site).await?;
    Ok(())
}
