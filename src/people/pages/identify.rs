//! Finds out who is asking, before any page is.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::Time;
use crate::journal::{Seen, Via};
use crate::people::{actions, sql, token};
use crate::web::{self, Door, Peer, Person, Result, Viewer};

use super::People;

/// The cookie that carries a session's token.
pub(super) const COOKIE: &str = "__Host-session";
/// A session nobody used for this long has ended.
const IDLE: i64 = 12 * Time::HOUR;
/// When a session was last seen is kept this exactly.
const NOTE: i64 = Time::MINUTE;

/// Leaves a [`Viewer`] on requests that carry a live session or a key.
pub async fn identify(
    State(people): State<People>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let (address, seen) = (
        Peer::of(request.extensions()),
        web::seen(request.extensions()),
    );
    let came = match key(request.headers()).map(str::to_owned) {
        Some(key) => match actions::by_key(&people, &key, address, &seen).await? {
            Some((person, scope)) => {
                request.extensions_mut().insert(scope);
                Some((person, token::name(&token::hash(&key))))
            }
            None => None,
        },
        None => who(&people, request.headers()).await?,
    };
    if let Some((person, session)) = came {
        let seen = Seen {
            session,
            method: if person.via == Via::Api {
                "key"
            } else {
                "session"
            }
            .to_owned(),
            ..Seen::clone(&seen)
        };
        let viewer = Viewer {
            person,
            address,
            door: Door::of(request.extensions()),
            seen: Arc::new(seen),
            toast: web::toast(request.headers()),
        };
        request.extensions_mut().insert(viewer);
    }
    Ok(next.run(request).await)
}

/// What a program shows instead of a cookie.
fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(value.strip_prefix("Bearer ")?.trim())
}

/// The person, and the letters by which the journal names their session.
async fn who(people: &People, headers: &HeaderMap) -> Result<Option<(Arc<Person>, String)>> {
    let Some(session) = web::cookie(headers, COOKIE) else {
        return Ok(None);
    };
    let hash = token::hash(&session);
    let now = people.site.clock.now();
    let name = token::name(&hash);
    if let Some(person) = people.sessions.recall(&hash, now) {
        return Ok(Some((person, name)));
    }
    let asked = hash.clone();
    let found = people
        .site
        .system
        .read(move |conn| sql::by_session(conn, &asked, now, now.plus(-IDLE)))
        .await?;
    let Some((person, seen)) = found else {
        return Ok(None);
    };
    let person = Arc::new(person);
    people.sessions.remember(hash.clone(), &person, now);
    if seen.plus(NOTE) < now {
        let people = people.clone();
        tokio::spawn(async move { actions::seen(&people, hash, now).await });
    }
    Ok(Some((person, name)))
}
