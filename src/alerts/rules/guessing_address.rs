//! Many failed sign-ins from one address.

use super::{Adds, Count, REFUSED_SIGN_INS, Reached, Rule, is_refused_sign_in};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct GuessingAddress;

pub(super) static KIND: GuessingAddress = GuessingAddress;

impl Rule for GuessingAddress {
    fn title(&self) -> &'static str {
        "20 failed sign-ins from one address within 15 minutes"
    }

    fn actions(&self) -> &'static [&'static str] {
        &REFUSED_SIGN_INS
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        let is_meant = is_refused_sign_in(record) && !record.address.is_empty();
        Ok(is_meant.then(|| Count {
            group: record.address.clone(),
            adds: Adds::Once,
            most: 20,
            window: 15 * Time::MINUTE,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        Alert {
            key: format!("sign-in.address:{}", count.group),
            severity: Severity::Warning,
            title: format!("Many failed sign-ins from {}", record.address),
            text: format!(
                "{} sign-ins from {} failed within {} minutes. If nobody of yours sits there, \
                 close the door to that network: `allow` in the configuration file, or your firewall.",
                count.number, record.address, count.minutes
            ),
            workspace: None,
        }
    }
}
