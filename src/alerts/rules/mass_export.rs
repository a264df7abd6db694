//! Somebody takes away one thing after the other.

use super::{Adds, Count, Reached, Rule, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct MassExport;

pub(super) static KIND: MassExport = MassExport;

const EXPORTS: [&str; 4] = [
    "rows.exported",
    "table.exported",
    "audit.exported",
    "app.exported",
];

impl Rule for MassExport {
    fn title(&self) -> &'static str {
        "10 exports by one person within an hour"
    }

    fn actions(&self) -> &'static [&'static str] {
        &EXPORTS
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let is_meant = EXPORTS.contains(&&*record.action);
        let who = record.actor.as_ref().filter(|_| is_meant);
        Ok(who.map(|who| Count {
            group: who.clone(),
            adds: Adds::Once,
            most: 10,
            window: Time::HOUR,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let who = shown(&record.actor_name);
        Alert {
            key: format!("export.mass:{}", count.group),
            severity: Severity::Warning,
            title: format!("{who} takes away a lot"),
            text: format!(
                "{who} made {} exports within {} minutes; the last was of {} from {}. Ask them \
                 what they need it for. If it was not them, disable the account: what runs stops \
                 at once.",
                count.number,
                count.minutes,
                shown(&record.object),
                record.address
            ),
            workspace: workspace_of(record),
        }
    }
}
