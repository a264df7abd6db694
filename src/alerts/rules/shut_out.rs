//! Somebody who is disabled tries to come in, or a program with their key does.

use super::{Adds, Count, Reached, Rule, is_refused_sign_in, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::alerts::sql;
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct ShutOut;

pub(super) static KIND: ShutOut = ShutOut;

/// What the journal says of a key whose owner is out.
const OWNER: &str = "owner disabled or gone";

impl Rule for ShutOut {
    fn title(&self) -> &'static str {
        "A disabled person tries to sign in, or their key is used"
    }

    fn actions(&self) -> &'static [&'static str] {
        &["key.refused", "session.refused", "session.throttled"]
    }

    fn counts(&self, record: &Past, conn: &Connection) -> Result<Option<Count>, Error> {
        let group = if record.action == "key.refused" && record.reason == OWNER {
            format!("key {}", shown(&record.object))
        } else if is_refused_sign_in(record) && sql::is_disabled(conn, &record.object)? {
            record.object.to_lowercase()
        } else {
            return Ok(None);
        };
        Ok(Some(Count {
            group,
            adds: Adds::Once,
            most: 1,
            window: Time::MINUTE,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let who = shown(&count.group);
        Alert {
            key: format!("sign-in.disabled:{}", count.group),
            severity: Severity::Warning,
            title: format!("Shut out, and tries to come in: {who}"),
            text: format!(
                "{who} was tried from {} and refused, as it should be. If a program still \
                 holds a key of that person, give it one of somebody else; if the person \
                 tries, talk to them.",
                record.address
            ),
            workspace: workspace_of(record),
        }
    }
}
