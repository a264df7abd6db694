//! Whom a token belongs to, remembered for a moment so that a busy page or
//! program costs no look at the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::keys::Key;
use crate::base::Time;
use crate::web::{self, Person, Standing, UserId, WorkspaceId};

/// How long an answer is trusted. The command line changes people from another
/// process, and nobody tells us.
const TRUSTED: i64 = 2 * Time::SECOND;
const MOST: usize = 20_000;

/// The memory of who holds which token.
#[derive(Clone, Default)]
pub struct Sessions {
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    /// By the token's hash: the answer, until when it is trusted, and whether it was asked
    /// for somebody at work.
    known: HashMap<Vec<u8>, (Pass, Time, bool)>,
    /// How often something was forgotten.
    forgotten: u64,
}

/// What a token opens.
#[derive(Clone)]
pub(super) struct Pass {
    pub(super) person: Arc<Person>,
    pub(super) standing: Standing,
    /// How they proved who they are: `password+app`, or `key`.
    pub(super) method: Arc<str>,
    /// The key, when it is one and no session.
    pub(super) key: Option<Arc<Key>>,
    /// What their work is done under.
    pub(super) under: Arc<[String]>,
}

impl Pass {
    pub(super) fn new(
        person: Person,
        standing: Standing,
        method: &str,
        key: Option<Arc<Key>>,
    ) -> Pass {
        Pass {
            under: web::works_under(&person.actor(&Arc::default())),
            person: Arc::new(person),
            standing,
            method: method.into(),
            key,
        }
    }
}

/// A question that was asked of the database at some time.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    forgotten: u64,
    is_use: bool,
}

impl Sessions {
    /// What the token with that hash opens, if that was asked a moment ago. What was asked
    /// for a page by itself is no answer for somebody at work: that they are is to be noted.
    pub(super) fn recall(&self, hash: &[u8], now: Time, is_use: bool) -> Option<Pass> {
        let memory = self.lock();
        let (pass, until, was_use) = memory.known.get(hash)?;
        (*until > now && (*was_use || !is_use)).then(|| pass.clone())
    }

    /// To be called before the database is asked.
    pub(super) fn ask(&self, is_use: bool) -> Asked {
        Asked {
            forgotten: self.lock().forgotten,
            is_use,
        }
    }

    /// Keeps an answer, unless somebody changed since the question: it may be
    /// from before the change.
    pub(super) fn remember(&self, asked: Asked, hash: Vec<u8>, pass: Pass, now: Time) {
        let mut memory = self.lock();
        if memory.forgotten != asked.forgotten {
            return;
        }
        if memory.known.len() >= MOST {
            memory.known.retain(|_, (_, until, _)| *until > now);
        }
        // A stay of an operator ends to the second, not when the memory of it does.
        let grant = pass.person.whereabouts.grant.as_ref();
        let until = now.plus(TRUSTED);
        let until = grant.map_or(until, |grant| until.min(grant.ends));
        memory.known.insert(hash, (pass, until, asked.is_use));
    }

    /// Asks anew about everybody, from the next request on.
    pub(super) fn forget_all(&self) {
        self.keep(|_| false);
    }

    /// Asks anew about everybody in that workspace, from the next request on.
    pub fn forget_all_in(&self, workspace: WorkspaceId) {
        self.keep(|person| person.workspace != workspace);
    }

    /// Asks anew about everything that person holds, from the next request on.
    pub fn forget(&self, user: UserId) {
        self.keep(|person| person.id != user);
    }

    fn keep(&self, stays: impl Fn(&Person) -> bool) {
        let mut memory = self.lock();
        memory.forgotten += 1;
        memory.known.retain(|_, (pass, ..)| stays(&pass.person));
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::journal::Via;
    use crate::web::{Grant, Role, Whereabouts};

    fn pass(ends: Option<Time>) -> Pass {
        let grant = ends.map(|ends| Grant {
            id: "g".to_owned(),
            ends,
        });
        let person = Person {
            id: UserId::new(Time(0)),
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            role: Role::User,
            operator: false,
            workspace: WorkspaceId::new(Time(0)),
            workspace_name: "Northgate".to_owned(),
            via: Via::Web,
            groups: Vec::new(),
            attributes: BTreeMap::new(),
            whereabouts: Whereabouts {
                grant,
                ..Whereabouts::default()
            },
        };
        Pass::new(person, Standing::default(), "password", None)
    }

    #[test]
    fn an_answer_from_before_a_change_is_not_kept() {
        let (sessions, now) = (Sessions::default(), Time(0));
        let (early, late) = (pass(None), pass(None));
        let asked = sessions.ask(true);
        sessions.forget(early.person.id);
        sessions.remember(asked, vec![1], early, now);
        assert!(sessions.recall(&[1], now, true).is_none());

        sessions.remember(sessions.ask(true), vec![2], late.clone(), now);
        assert!(sessions.recall(&[2], now, true).is_some());
        sessions.forget_all_in(late.person.workspace);
        assert!(sessions.recall(&[2], now, true).is_none());
    }

    #[test]
    fn an_answer_is_trusted_for_a_moment_and_no_longer_than_a_stay() {
        let sessions = Sessions::default();
        sessions.remember(sessions.ask(true), vec![1], pass(None), Time(0));
        sessions.remember(sessions.ask(true), vec![2], pass(Some(Time(5))), Time(0));
        assert!(sessions.recall(&[1], Time(TRUSTED - 1), true).is_some());
        assert!(sessions.recall(&[1], Time(TRUSTED), true).is_none());
        assert!(sessions.recall(&[2], Time(4), true).is_some());
        assert!(sessions.recall(&[2], Time(5), true).is_none());
    }
    #[test]
    fn a_page_that_asks_by_itself_does_not_hide_that_somebody_is_at_work() {
        let sessions = Sessions::default();
        sessions.remember(sessions.ask(false), vec![1], pass(None), Time(0));
        assert!(sessions.recall(&[1], Time(1), false).is_some());
        assert!(sessions.recall(&[1], Time(1), true).is_none());

        sessions.remember(sessions.ask(true), vec![1], pass(None), Time(1));

        assert!(sessions.recall(&[1], Time(2), true).is_some());
        assert!(sessions.recall(&[1], Time(2), false).is_some());
    }
}
