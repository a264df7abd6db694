//! What somebody does about an alert.

use serde_json::json;

use crate::alerts::model::{AlertId, Error, Handling, Kept, State};
use crate::alerts::sql;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Transaction;
use crate::web::{Viewer, WorkspaceId};

/// Does it. `of` is the workspace whose admin acts; `None` for operators.
pub(in crate::alerts) async fn handle(
    site: &Site,
    who: &Viewer,
    (id, of): (AlertId, Option<WorkspaceId>),
    what: Handling,
) -> Result<Kept, Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    site.system
        .write(move |tx| {
            let before = sql::alert(tx, id, of)?;
            if before.state.is_over() {
                return Err(Error::Over);
            }
            may_care(tx, &before, of, &what)?;
            sql::set_care(tx, id, what.assignee, &what.note)?;
            let state = what.state.unwrap_or(before.state);
            if state != before.state {
                sql::set_state(tx, id, state, now)?;
            }
            let action = match state {
                _ if state == before.state => "alert.changed",
                State::Open => "alert.reopened",
                State::Acknowledged => "alert.acknowledged",
                State::FalseAlarm => "alert.called_false",
                State::Settled => "alert.settled",
            };
            let after = sql::alert(tx, id, of)?;
            let entry = Entry::new(now, &actor, action, &*after.alert.title);
            let entry = entry.on("alert", id.to_string());
            let entry = entry.changed(&described(&before), &described(&after));
            let about = after.alert.workspace.map(|one| one.to_string());
            let detail = json!({ "alert": after.alert.key, "about": about });
            journal::record(tx, &entry.with(detail))?;
            Ok(after)
        })
        .await
}

/// It is given to somebody who may see it, or stays with whom it is.
fn may_care(
    tx: &Transaction<'_>,
    before: &Kept,
    of: Option<WorkspaceId>,
    what: &Handling,
) -> Result<(), Error> {
    let Some(assignee) = what.assignee.filter(|_| what.assignee != before.assignee) else {
        return Ok(());
    };
    let mut carers = sql::carers(tx, of)?;
    if of.is_none() && before.alert.workspace.is_some() {
        carers.extend(sql::carers(tx, before.alert.workspace)?);
    }
    if carers.iter().any(|(user, _)| *user == assignee) {
        Ok(())
    } else {
        Err(Error::NotTheirs)
    }
}

fn described(kept: &Kept) -> serde_json::Value {
    json!({
        "state": kept.state.name(),
        "assignee": kept.assignee_name,
        "note": kept.note,
    })
}
