//! Many failed sign-ins for one account.

use super::{Adds, Count, REFUSED_SIGN_INS, Reached, Rule, is_refused_sign_in, shown, workspace_of};
use crate::alerts::model::{Alert, Severity};
use crate::base::Time;
use crate::journal::Past;
use crate::store::{Connection, Error};

pub(super) struct GuessedAccount;

pub(super) static KIND: GuessedAccount = GuessedAccount;

impl Rule for GuessedAccount {
    fn title(&self) -> &'static str {
        "8 failed sign-ins for one account within 15 minutes"
    }

    fn actions(&self) -> &'static [&'static str] {
        &REFUSED_SIGN_INS
    }

    fn counts(&self, record: &Past, _: &Connection) -> Result<Option<Count>, Error> {
        Ok(is_refused_sign_in(record).then(|| Count {
            group: record.object.to_lowercase(),
            adds: Adds::Once,
            most: 8,
            window: 15 * Time::MINUTE,
        }))
    }

    fn alert(&self, record: &Past, count: &Reached) -> Alert {
        let account = shown(&record.object);
        Alert {
            key: format!("sign-in.account:{}", count.group),
            severity: Severity::Warning,
            title: format!("Somebody tries to sign in as {account}"),
            text: format!(
                "{} sign-ins as {account} failed within {} minutes, the last from {}. \
                 Guessing is slowed down by itself. Ask whoever it is whether it was them; \
                 if not, see to it that they have a second factor and a new password.",
                count.number, count.minutes, record.address
            ),
            workspace: workspace_of(record),
        }
    }
}
