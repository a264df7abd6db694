//! That a pack is made is said before its first byte leaves.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::trust::parts::Purpose;

pub(in crate::trust) async fn told(
    site: &Site,
    actor: Actor,
    purpose: Purpose,
    (from, to): (Time, Time),
) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            let action = match purpose {
                Purpose::Support => "support.exported",
                Purpose::Instance | Purpose::Workspace(_) => "evidence.exported",
            };
            let entry = Entry::new(now, &actor, action, purpose.name());
            let detail = json!({ "from": from.rfc3339(), "to": to.rfc3339() });
            journal::record(tx, &entry.with(detail))
        })
        .await
}
