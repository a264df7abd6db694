//! One address tries many accounts: the same few passwords on everybody.

use super::{Adds, Count, REFUSED_SIGN_INS, Reached, Rule, is_refused_sign_in};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct Spray;

pub(super) static KIND: Spray = Spray;

impl Rule for Spray {
    fn title(&self) -> &'static str {
        "Failed sign-ins for 6 accounts from one address within 15 minutes"
    }

    fn actions(&self) -> &'static [&'static str] {
        &REFUSED_SIGN_INS
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let is_meant = is_refused_sign_in(record) && !record.address.is_empty();
        Ok(is_meant.then(|| Count {
            group: record.address.clone(),
            adds: Adds::Different(record.object.to_lowercase()),
            most: 6,
            window: 15 * Time::MINUTE,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        Alert {
            key: format!("sign-in.spray:{}", count.group),
            severity: Severity::Critical,
            title: format!("{} tries one account after the other", record.address),
            text: format!(
                "From {} sign-ins failed for {} accounts within {} minutes: that is how common \
                 passwords are tried on everybody. Close the door to that network, and look in \
                 the audit trail whether a sign-in from there succeeded.",
                record.address, count.number, count.minutes
            ),
            workspace: None,
        }
    }
}
