//! What a webhook does by itself: it is turned off, with its line.

use super::model::Hook;
use super::sql;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;

/// The other side wants no more.
pub(super) async fn turned_off(site: &Site, hook: &Hook, why: &'static str) -> Result<(), Error> {
    let (now, hook) = (site.clock.now(), hook.clone());
    let turn = site.system.write(move |tx| {
        if !sql::turn_off(tx, (&hook.of, hook.id), why)? {
            return Ok(());
        }
        let actor = Actor::system().in_workspace(hook.of.workspace.to_string());
        let entry = Entry::new(now, &actor, "webhook.turned_off", &*hook.name);
        let entry = entry.on("survey", &*hook.of.survey);
        journal::record(tx, &entry.failed(why))
    });
    turn.await
}
