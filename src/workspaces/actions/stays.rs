//! Break-glass: an operator asks to come into a workspace, says why, and is let
//! in for a while; its admins see it and can end it.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Entry};
use crate::people::People;
use crate::store::Error as StoreError;
use crate::web::{Viewer, WorkspaceId};
use crate::workspaces::model::{Error, NewStay, State, Stay, StayId};
use crate::workspaces::sql;

use super::notice;
use super::places::acting_on;

/// Asks to come in. It begins at once when an admin offered it, or when the
/// workspace does not want a second person to agree. Gives when it ends.
pub(in crate::workspaces) async fn ask(
    people: &People,
    who: &Viewer,
    workspace: WorkspaceId,
    new: NewStay,
) -> Result<Option<Time>, Error> {
    let (now, user) = (people.site.clock.now(), who.person.id);
    let (actor, id) = (acting_on(who, workspace), StayId::new(now));
    let visit = notice::Visit {
        name: who.person.name.clone(),
        email: who.person.email.clone(),
        role: new.role.name().to_owned(),
        reason: new.reason.clone(),
        ends: None,
    };
    let ends = people
        .site
        .system
        .write(move |tx| {
            let place = sql::one(tx, workspace, now)?;
            if place.closed.is_some() {
                return Err(Error::Store(StoreError::NotFound));
            }
            if sql::is_member(tx, workspace, user)? {
                return Err(Error::Member);
            }
            sql::clear_away(tx, workspace, user, now)?;
            sql::insert_stay(tx, id, (workspace, user), &new, now)?;
            let offer = sql::offer_for(tx, workspace, new.role, now)?;
            let begins = offer.is_some() || !place.second_person;
            let ends = if begins {
                let by = offer.as_ref().map(|offer| offer.maker);
                Some(sql::agree(tx, id, by, offer.as_ref(), now)?)
            } else {
                None
            };
            let action = if begins { "grant.begun" } else { "grant.asked" };
            let entry = Entry::new(now, &actor, action, place.name);
            let detail = json!({
                "role": new.role.name(),
                "reason": new.reason,
                "ends": ends.map(Time::rfc3339),
                "offered": offer.is_some(),
            });
            journal::record(tx, &entry.on("grant", id.to_string()).with(detail))?;
            Ok(ends)
        })
        .await?;
    people.sessions.forget(user);
    people.sessions.forget_all_in(workspace);
    let visit = notice::Visit { ends, ..visit };
    notice::tell_admins(people, workspace, visit).await;
    Ok(ends)
}

/// Lets somebody in who asked. Never oneself, and no visitor decides.
pub(in crate::workspaces) async fn agree(
    people: &People,
    who: &Viewer,
    id: StayId,
    of: Option<WorkspaceId>,
) -> Result<Stay, Error> {
    if of.is_some() && who.person.whereabouts.grant.is_some() {
        return Err(Error::Visitor);
    }
    let (now, me, who) = (people.site.clock.now(), who.person.id, who.clone());
    let (stay, ends) = people
        .site
        .system
        .write(move |tx| {
            let stay = sql::stay(tx, id, of)?;
            if stay.user == me {
                return Err(Error::OwnRequest);
            }
            if stay.state(now) != State::Waiting {
                return Err(Error::NotWaiting);
            }
            let ends = sql::agree(tx, id, Some(me), None, now)?;
            let actor = acting_on(&who, stay.workspace);
            let entry = Entry::new(now, &actor, "grant.agreed", &*stay.email);
            let detail =
                json!({ "role": stay.role, "reason": stay.reason, "ends": ends.rfc3339() });
            journal::record(tx, &entry.on("grant", id.to_string()).with(detail))?;
            Ok((stay, ends))
        })
        .await?;
    people.sessions.forget(stay.user);
    people.sessions.forget_all_in(stay.workspace);
    let visit = notice::Visit {
        name: stay.name.clone(),
        email: stay.email.clone(),
        role: stay.role.clone(),
        reason: stay.reason.clone(),
        ends: Some(ends),
    };
    notice::tell_admins(people, stay.workspace, visit).await;
    Ok(stay)
}

/// Ends a stay, or refuses one that waits; what runs under it stops.
pub(in crate::workspaces) async fn end(
    people: &People,
    who: &Viewer,
    id: StayId,
    of: Option<WorkspaceId>,
) -> Result<Stay, Error> {
    let (now, me, who) = (people.site.clock.now(), who.person.id, who.clone());
    let stay = people
        .site
        .system
        .write(move |tx| {
            let stay = sql::stay(tx, id, of)?;
            let action = match stay.state(now) {
                State::Waiting => "grant.refused",
                State::Open => "grant.ended",
                State::Refused | State::Over => return Err(Error::Over),
            };
            sql::end(tx, id, me, now)?;
            let actor = acting_on(&who, stay.workspace);
            let entry = Entry::new(now, &actor, action, &*stay.email);
            journal::record(tx, &entry.on("grant", id.to_string()))?;
            Ok(stay)
        })
        .await?;
    people.sessions.forget(stay.user);
    people.sessions.forget_all_in(stay.workspace);
    people.site.running.stop(&id.to_string());
    Ok(stay)
}
