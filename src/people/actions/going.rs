//! Going from one workspace to another, in the same session.

use crate::journal::{self, Entry};
use crate::people::model::Error;
use crate::people::pages::People;
use crate::people::sql::Entered;
use crate::people::{sql, token};
use crate::store::Error as StoreError;
use crate::web::{Viewer, WorkspaceId};

use super::Came;

/// Takes the session to a workspace that is open to the viewer, or out of all
/// of them. Gives the name of the place; anything else does not exist.
pub(in crate::people) async fn go(
    people: &People,
    who: &Viewer,
    session: &str,
    to: Option<WorkspaceId>,
    came: Came,
) -> Result<Option<String>, Error> {
    let (now, user) = (people.site.clock.now(), who.person.id);
    let (actor, session) = (who.actor(), token::hash(session));
    let name = people
        .site
        .system
        .write(move |tx| {
            let place = match to {
                None => None,
                Some(to) => {
                    let places = sql::places(tx, user, now)?;
                    let place = places.into_iter().find(|(id, _)| *id == to);
                    Some(place.ok_or(StoreError::NotFound)?)
                }
            };
            if !sql::go(tx, &session, user, to)? {
                return Err(StoreError::NotFound);
            }
            if let Some((workspace, _)) = &place {
                let address = came.address.to_string();
                let entered = Entered {
                    now,
                    address: &address,
                    agent: &came.agent,
                };
                sql::note_entry(tx, *workspace, user, &entered)?;
            }
            let id = to.map_or_else(|| "none".to_owned(), |to| to.to_string());
            let object = place.as_ref().map_or("none", |(_, name)| name.as_str());
            let actor = match to {
                Some(_) => actor.in_workspace(&*id),
                None => actor,
            };
            let entry = Entry::new(now, &actor, "workspace.entered", object);
            journal::record(tx, &entry.on("workspace", id))?;
            Ok(place.map(|(_, name)| name))
        })
        .await?;
    people.sessions.forget(user);
    Ok(name)
}
