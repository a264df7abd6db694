//! What a request tells of where it comes from, for the journal.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::http::{Extensions, HeaderMap, header};

use super::access::Peer;
use crate::base::{Agent, Device, text};
use crate::journal::Seen;

/// The proxies a request came through, if a declared one says so. The edge
/// leaves it on the request.
#[derive(Clone, Debug)]
pub struct Through(pub String);

/// User agents that were looked at a moment ago.
static KNOWN: LazyLock<Mutex<HashMap<String, Agent>>> = LazyLock::new(Mutex::default);
const MOST: usize = 500;

/// What is known of a request that nobody has signed for yet.
pub(super) fn look(extensions: &Extensions, headers: &HeaderMap, request: &str) -> Seen {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(|agent| known(&text::shorten(agent, Agent::LONGEST)))
        .unwrap_or_default();
    Seen {
        address: Peer::of(extensions).to_string(),
        proxies: extensions
            .get::<Through>()
            .map(|through| through.0.clone())
            .unwrap_or_default(),
        device: hinted(headers, agent.device),
        browser: agent.browser,
        system: agent.system,
        request: request.to_owned(),
        ..Seen::default()
    }
}

/// What the edge left on the request.
pub fn seen(extensions: &Extensions) -> Arc<Seen> {
    extensions.get::<Arc<Seen>>().cloned().unwrap_or_default()
}

/// A browser that says it is mobile is a phone, whatever else it claims to be.
fn hinted(headers: &HeaderMap, device: Device) -> Device {
    let says_mobile = headers
        .get("sec-ch-ua-mobile")
        .is_some_and(|hint| hint == "?1");
    match device {
        Device::Desktop | Device::Unknown if says_mobile => Device::Phone,
        device => device,
    }
}

fn known(agent: &str) -> Agent {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(agent) {
        return found.clone();
    }
    let found = Agent::read(agent);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(agent.to_owned(), found.clone());
    found
}
