//! What a visitor reads is written down, with how many rows it was, before
//! they get to see it.

use std::pin::Pin;

use serde_json::json;

use crate::base::Clock;
use crate::journal::{self, Actor, Entry};
use crate::store::{Db, Error, Witness};

/// Stands beside a workspace's file while a request under a grant uses it.
pub(in crate::workspaces) struct UnderGrant {
    pub(in crate::workspaces) db: Db,
    pub(in crate::workspaces) clock: Clock,
    pub(in crate::workspaces) actor: Actor,
    /// The address they asked for.
    pub(in crate::workspaces) what: String,
}

impl Witness for UnderGrant {
    fn saw(&self, rows: u64) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>> {
        let (now, actor, what) = (self.clock.now(), self.actor.clone(), self.what.clone());
        Box::pin(self.db.write(move |tx| {
            let entry = Entry::new(now, &actor, "rows.read", what);
            journal::record(tx, &entry.with(json!({ "rows": rows })))
        }))
    }
}
