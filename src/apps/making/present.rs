//! Who has an app open to change it. It is kept in memory: nobody's coming and going is
//! written down.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::base::Time;
use crate::web::{UserId, WorkspaceId};

/// Milliseconds after which somebody who was not heard of counts as gone.
const GONE: i64 = 60_000;

#[derive(Clone, Debug)]
struct Sight {
    user: UserId,
    name: String,
    at: String,
    seen: Time,
}

/// Somebody else at the same app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps) struct Other {
    pub(in crate::apps) name: String,
    /// What they look at, such as `the page orders`.
    pub(in crate::apps) at: String,
}

#[derive(Default)]
pub(in crate::apps) struct Present(Mutex<HashMap<(WorkspaceId, String), Vec<Sight>>>);

impl Present {
    /// Notes that somebody is there, and gives who else is.
    pub(in crate::apps) fn meet(
        &self,
        (workspace, app): (WorkspaceId, &str),
        (user, name): (UserId, &str),
        at: &str,
        now: Time,
    ) -> Vec<Other> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, here| {
            here.retain(|one| one.seen.plus(GONE) > now);
            !here.is_empty()
        });
        let here = all.entry((workspace, app.to_owned())).or_default();
        here.retain(|one| one.user != user);
        let others = here.iter().map(|one| Other {
            name: one.name.clone(),
            at: one.at.clone(),
        });
        let others = others.collect();
        here.push(Sight {
            user,
            name: name.to_owned(),
            at: at.to_owned(),
            seen: now,
        });
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sees_who_else_is_there_and_not_who_left() {
        let (present, now) = (Present::default(), Time(1_000_000));
        let of = (WorkspaceId::new(now), "desk");
        let (ada, bob) = (UserId::new(now), UserId::new(now));

        assert!(present.meet(of, (ada, "Ada"), "the text", now).is_empty());
        let seen = present.meet(of, (bob, "Bob"), "the page home", now);
        let elsewhere = present.meet((of.0, "other"), (bob, "Bob"), "the text", now);
        let later = present.meet(of, (bob, "Bob"), "the text", now.plus(GONE + 1));

        assert_eq!(seen.len(), 1);
        assert_eq!(
            (seen[0].name.as_str(), seen[0].at.as_str()),
            ("Ada", "the text")
        );
        assert!(elsewhere.is_empty() && later.is_empty());
    }
}
