//! Who looks at an app as somebody else, until they end it or an hour is over.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::Time;
use crate::web::{UserId, WorkspaceId};

/// How long a look lasts.
const LASTS: i64 = 60 * Time::MINUTE;

/// Whose look it is: workspace, person and app.
type Look = (WorkspaceId, UserId, String);

/// Kept in memory: a restart ends every look.
#[derive(Debug, Default)]
pub(in crate::apps) struct Views(Mutex<HashMap<Look, (UserId, Time)>>);

impl Views {
    pub(in crate::apps) fn begin(&self, look: Look, of: UserId, now: Time) {
        let mut views = self.lock();
        views.retain(|_, (_, until)| *until > now);
        views.insert(look, (of, now.plus(LASTS)));
    }

    /// Whom they look as, if they do.
    pub(in crate::apps) fn of(&self, look: &Look, now: Time) -> Option<UserId> {
        let views = self.lock();
        let (of, until) = views.get(look)?;
        (*until > now).then_some(*of)
    }

    pub(in crate::apps) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    pub(in crate::apps) fn end(&self, look: &Look) {
        self.lock().remove(look);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Look, (UserId, Time)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_ends_by_itself() {
        let views = Views::default();
        let workspace = WorkspaceId::new(Time(0));
        let (me, ada) = (UserId::new(Time(0)), UserId::new(Time(0)));
        let look = (workspace, me, "orders".to_owned());

        views.begin(look.clone(), ada, Time(0));

        assert_eq!(views.of(&look, Time(LASTS - 1)), Some(ada));
        assert_eq!(views.of(&look, Time(LASTS)), None);
        assert_eq!(
            views.of(&(workspace, ada, "orders".to_owned()), Time(1)),
            None
        );
        views.end(&look);
        assert!(views.is_empty());
    }
}
