//! Support access: an admin says beforehand that operators may come in.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::people::People;
use crate::store::Error as StoreError;
use crate::web::Viewer;
use crate::workspaces::model::{Error, NewOffer, OfferId};
use crate::workspaces::sql;

/// Offers it, until it ends by itself. A visitor offers nothing.
pub(in crate::workspaces) async fn offer(
    people: &People,
    who: &Viewer,
    new: NewOffer,
) -> Result<(), Error> {
    if who.person.whereabouts.grant.is_some() {
        return Err(Error::Visitor);
    }
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let (id, me) = (OfferId::new(now), who.person.id);
    people
        .site
        .system
        .write(move |tx| {
            sql::insert_offer(tx, id, (workspace, me), &new, now)?;
            let entry = Entry::new(now, &actor, "support.offered", id.to_string());
            let offered = json!({
                "role": new.role.name(),
                "note": new.note,
                "ends": now.plus(new.lasts).rfc3339(),
            });
            journal::record(tx, &entry.changed(&json!(null), &offered))?;
            Ok(())
        })
        .await
}

/// Takes it back, and ends the stays that began under it.
pub(in crate::workspaces) async fn end_offer(
    people: &People,
    who: &Viewer,
    id: OfferId,
) -> Result<usize, Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let me = who.person.id;
    let ended = people
        .site
        .system
        .write(move |tx| {
            if !sql::end_offer(tx, workspace, id, now)? {
                return Err(Error::Store(StoreError::NotFound));
            }
            let ended = sql::end_of_offer(tx, id, me, now)?;
            let entry = Entry::new(now, &actor, "support.ended", id.to_string());
            journal::record(tx, &entry.with(json!({ "stays": ended.len() })))?;
            Ok(ended)
        })
        .await?;
    people.sessions.forget_all_in(workspace);
    for (stay, user) in &ended {
        people.sessions.forget(*user);
        people.site.running.stop(&stay.to_string());
    }
    Ok(ended.len())
}
