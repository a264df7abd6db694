//! Keeping who opened which app.

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::workspaces::openings::Opening;
use crate::workspaces::sql;

/// Keeps them all at once; a line in the journal for each that is new.
pub(in crate::workspaces) async fn keep(site: &Site, all: Vec<Opening>) -> Result<(), Error> {
    site.system
        .write(move |tx| {
            for one in all {
                let day = one.at.0.div_euclid(Time::DAY);
                if sql::opened(tx, one.workspace, one.user, &one.app, day)? {
                    let entry = Entry::new(one.at, &one.actor, "app.opened", one.app);
                    journal::record(tx, &entry)?;
                }
            }
            Ok(())
        })
        .await
}
