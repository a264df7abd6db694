//! Sign-ins under way at a provider, and what providers say of themselves.
//! Kept in memory: a restart costs whoever is in between one more try.

use std::sync::Arc;

use super::provider::Endpoints;
use crate::base::{Expiring, Secret, Time};
use crate::people::federation::model::MethodId;
use crate::people::token;
use crate::store;

/// How long somebody may take at the provider.
const PATIENCE: i64 = 10 * Time::MINUTE;
/// How long what a provider says of itself is believed.
const FRESH: i64 = 5 * Time::MINUTE;
/// Strangers can begin sign-ins: this many, then the oldest are forgotten.
const MOST: usize = 10_000;
/// Providers whose word is kept.
const PROVIDERS: usize = 100;

/// A sign-in that was begun.
#[derive(Clone, Debug)]
pub(in crate::people::federation) struct Started {
    pub(in crate::people::federation) method: MethodId,
    pub(in crate::people::federation) nonce: Secret,
    pub(in crate::people::federation) verifier: Secret,
    /// Where they wanted to go.
    pub(in crate::people::federation) then: String,
    /// The hash of the browser's own secret.
    browser: Vec<u8>,
}

/// What a browser takes along: one word through the provider, one in a cookie.
pub(in crate::people::federation) struct Ticket {
    pub(in crate::people::federation) state: Secret,
    pub(in crate::people::federation) cookie: Secret,
    pub(in crate::people::federation) started: Started,
}

#[derive(Clone)]
pub(in crate::people) struct Memory {
    /// By the hash of the word that goes through the provider.
    started: Arc<Expiring<Vec<u8>, Started>>,
    /// By the provider's address.
    endpoints: Arc<Expiring<String, Endpoints>>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory {
            started: Arc::new(Expiring::new(PATIENCE, MOST)),
            endpoints: Arc::new(Expiring::new(FRESH, PROVIDERS)),
        }
    }
}

impl Memory {
    pub(in crate::people::federation) fn begin(
        &self,
        method: MethodId,
        then: String,
        now: Time,
    ) -> Result<Ticket, store::Error> {
        let (state, cookie) = (token::token()?, token::token()?);
        let started = Started {
            method,
            nonce: token::token()?,
            verifier: token::token()?,
            then,
            browser: token::hash(cookie.reveal()),
        };
        let name = token::hash(state.reveal());
        self.started.put(name, started.clone(), now);
        Ok(Ticket {
            state,
            cookie,
            started,
        })
    }

    /// The sign-in with that state, once: for the browser that began it, with
    /// the method it began with, in time.
    pub(in crate::people::federation) fn finish(
        &self,
        state: &str,
        cookie: &str,
        method: MethodId,
        now: Time,
    ) -> Option<Started> {
        let started = self.started.take(&token::hash(state), now)?;
        let is_theirs = started.browser == token::hash(cookie) && started.method == method;
        is_theirs.then_some(started)
    }

    pub(super) fn recall(&self, destination: &str, now: Time) -> Option<Endpoints> {
        self.endpoints.look(destination, now, Endpoints::clone)
    }

    pub(super) fn remember(&self, destination: String, endpoints: &Endpoints, now: Time) {
        self.endpoints.put(destination, endpoints.clone(), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_finished_once_by_the_browser_that_began_it() {
        let (memory, now) = (Memory::default(), Time(1_000_000));
        let (method, other) = (MethodId::new(now), MethodId::new(now.plus(1)));
        let begin = || memory.begin(method, "/apps".to_owned(), now).unwrap();

        let ticket = begin();
        let done = memory.finish(ticket.state.reveal(), ticket.cookie.reveal(), method, now);
        assert_eq!(done.unwrap().then, "/apps");
        let again = memory.finish(ticket.state.reveal(), ticket.cookie.reveal(), method, now);
        assert!(again.is_none(), "used twice");

        let (ticket, stranger) = (begin(), begin());
        let crossed = memory.finish(ticket.state.reveal(), stranger.cookie.reveal(), method, now);
        assert!(crossed.is_none(), "another browser");

        let ticket = begin();
        let mixed = memory.finish(ticket.state.reveal(), ticket.cookie.reveal(), other, now);
        assert!(mixed.is_none(), "another provider");

        let ticket = begin();
        let late = now.plus(PATIENCE);
        assert!(
            memory
                .finish(ticket.state.reveal(), ticket.cookie.reveal(), method, late)
                .is_none(),
            "too late"
        );
        assert!(memory.finish("", "", method, now).is_none());
    }
}
