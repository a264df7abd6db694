//! Looking at who came in: to look is itself something that happened.

use serde_json::json;

use super::model::{Detail, Line};
use super::sql;
use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::web::{UserId, Viewer};

/// What is looked at.
pub(super) enum Of {
    Members,
    Accounts,
}

/// Everybody, with a line in the journal that says who looked.
pub(super) async fn look(site: &Site, who: &Viewer, of: Of) -> Result<Vec<Line>, Error> {
    let (now, actor, workspace) = (site.clock.now(), who.actor(), who.person.workspace);
    site.system
        .write(move |tx| {
            let (lines, object) = match of {
                Of::Members => (sql::members(tx, workspace, now)?, workspace.to_string()),
                Of::Accounts => (sql::accounts(tx, now)?, "accounts".to_owned()),
            };
            let entry = Entry::new(now, &actor, "access.reviewed", object);
            journal::record(tx, &entry.with(json!({ "rows": lines.len() })))?;
            Ok(lines)
        })
        .await
}

/// One member, looked at closely.
pub(super) async fn look_at(site: &Site, who: &Viewer, user: UserId) -> Result<Detail, Error> {
    let (now, actor, workspace) = (site.clock.now(), who.actor(), who.person.workspace);
    site.system
        .write(move |tx| {
            let detail = sql::detail(tx, workspace, user, now)?;
            let entry = Entry::new(now, &actor, "access.reviewed", &*detail.line.email);
            let entry = entry.on("member", user.to_string());
            journal::record(tx, &entry.with(json!({ "rows": 1 })))?;
            Ok(detail)
        })
        .await
}
