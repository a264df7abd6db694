//! Somebody who is in tries one door after the other.

use super::{Adds, Count, Reached, Rule, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct TurnedAway;

pub(super) static KIND: TurnedAway = TurnedAway;

impl Rule for TurnedAway {
    fn title(&self) -> &'static str {
        "15 pages refused to one session, or not there, within 10 minutes"
    }

    fn actions(&self) -> &'static [&'static str] {
        &["access.refused", "page.missed"]
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let is_meant = matches!(&*record.action, "access.refused" | "page.missed");
        let who = if record.session.is_empty() {
            &record.address
        } else {
            &record.session
        };
        Ok((is_meant && !who.is_empty()).then(|| Count {
            group: who.clone(),
            adds: Adds::Different(record.object_id.clone()),
            most: 15,
            window: 10 * Time::MINUTE,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let who = shown(&record.actor_name);
        Alert {
            key: format!("access.probing:{}", count.group),
            severity: Severity::Warning,
            title: format!("{who} tries pages that are not theirs"),
            text: format!(
                "{} different pages were refused to {who}, or were not there, within {} minutes; \
                 the last was {} from {}. Ask them what they look for. If it was not them, \
                 end their sessions and have them choose a new password.",
                count.number,
                count.minutes,
                shown(&record.object),
                record.address
            ),
            workspace: workspace_of(record),
        }
    }
}
