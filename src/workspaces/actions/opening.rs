//! Keeping who opened which app.

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::workspaces::openings::Opening;
use crate::workspaces::sql;

/// Keeps them all at once; a line in the journal for each that is new on its day. That one
/// was opened again on the same day moves a moment and has no line: see `people`, where it
/// is the same with sessions and keys.
pub(in crate::workspaces) async fn keep(site: &Site, all: Vec<Opening>) -> Result<(), Error> {
    site.system
        .write(move |tx| {
            for one in all {
                sql::seen(tx, one.workspace, one.user, (&one.app, one.at))?;
                let day = one.at.0.div_euclid(Time::DAY);
                if one.is_first && sql::opened(tx, one.workspace, one.user, &one.app, day)? {
                    let entry = Entry::new(one.at, &one.actor, "app.opened", one.app);
                    journal::record(tx, &entry)?;
                }
            }
            Ok(())
        })
        .await
}
