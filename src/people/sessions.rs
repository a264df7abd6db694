//! Whom a token belongs to, remembered for a moment so that a busy page costs
//! no look at the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::Time;
use crate::web::{Person, Standing, UserId, WorkspaceId};

/// How long an answer is trusted. The command line changes people from another
/// process, and nobody tells us.
const TRUSTED: i64 = 2 * Time::SECOND;
const MOST: usize = 20_000;

/// The memory of who holds which token.
#[derive(Clone, Default)]
pub struct Sessions {
    known: Arc<Mutex<HashMap<Vec<u8>, Known>>>,
}

struct Known {
    person: Arc<Person>,
    standing: Standing,
    asked: Time,
}

impl Sessions {
    /// Who holds the token with that hash, if that was asked a moment ago.
    pub(super) fn recall(&self, hash: &[u8], now: Time) -> Option<(Arc<Person>, Standing)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(hash)?;
        let is_fresh = now.0 - found.asked.0 < TRUSTED;
        // A stay ends to the second, not when the memory of it does.
        let grant = found.person.whereabouts.grant.as_ref();
        let is_fresh = is_fresh && grant.is_none_or(|grant| grant.ends > now);
        is_fresh.then(|| (Arc::clone(&found.person), found.standing))
    }

    pub(super) fn remember(
        &self,
        hash: Vec<u8>,
        (person, standing): (&Arc<Person>, Standing),
        now: Time,
    ) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, known| now.0 - known.asked.0 < TRUSTED);
        }
        let person = Arc::clone(person);
        let known_now = Known {
            person,
            standing,
            asked: now,
        };
        known.insert(hash, known_now);
    }

    /// Asks anew about everybody, from the next request on.
    pub(super) fn forget_all(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }

    /// Asks anew about everybody in that workspace, from the next request on.
    pub fn forget_all_in(&self, workspace: WorkspaceId) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, known| known.person.workspace != workspace);
    }

    /// Asks anew about everything that person holds, from the next request on.
    pub fn forget(&self, user: UserId) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, known| known.person.id != user);
    }
}
