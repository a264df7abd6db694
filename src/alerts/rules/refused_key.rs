//! A program's key that is refused again and again.

use super::{Adds, Count, Reached, Rule, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct RefusedKey;

pub(super) static KIND: RefusedKey = RefusedKey;

impl Rule for RefusedKey {
    fn title(&self) -> &'static str {
        // The journal tells of the same refusal once a minute.
        "A key is refused in 10 different minutes of an hour"
    }

    fn actions(&self) -> &'static [&'static str] {
        &["key.refused"]
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let is_meant = record.action == "key.refused";
        Ok(is_meant.then(|| Count {
            group: format!("{} from {}", shown(&record.object), record.address),
            adds: Adds::Once,
            most: 10,
            window: Time::HOUR,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let name = shown(&record.object);
        Alert {
            key: format!("key.refused:{}", count.group),
            severity: Severity::Warning,
            title: format!("A program is refused again and again: {name}"),
            text: format!(
                "{name} was refused {} times within {} minutes from {}: {}. Either a program \
                 there needs a new key, or somebody tries keys.",
                count.number, count.minutes, record.address, record.reason
            ),
            workspace: workspace_of(record),
        }
    }
}
