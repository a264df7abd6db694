//! Finds out who is asking, before any page is.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::Time;
use crate::journal::{Seen, Via};
use crate::people::{actions, sql, token};
use crate::web::{self, Peer, Person, Result, Viewer};

use super::People;
use super::breakable::breakable;

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
    let Some((person, session)) = who(&people, request.headers()).await? else {
        return Ok(next.run(request).await);
    };
    let seen = Seen {
        session,
        method: if person.via == Via::Api {
            "key"
        } else {
            "session"
        }
        .to_owned(),
        ..Seen::clone(&web::seen(request.extensions()))
    };
    let viewer = Viewer {
        person,
        address: Peer::of(request.extensions()),
        seen: Arc::new(seen),
        toast: web::toast(request.headers()),
    };
    let names = web::works_under(&viewer.actor());
    let mut told = Box::pin(people.site.running.under(names).told());
    request.extensions_mut().insert(viewer);
    tokio::select! {
        // Whoever shuts themselves out is still told that it worked.
        biased;
        answer = next.run(request) => Ok(breakable(answer, told)),
        () = &mut told => Err(web::Error::SignIn),
    }
}

/// The person, and the letters by which the journal names their session or key.
async fn who(people: &People, headers: &HeaderMap) -> Result<Option<(Arc<Person>, String)>> {
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let (hash, is_key) = match key {
        Some(key) => (token::hash(key.trim()), true),
        None => match web::cookie(headers, COOKIE) {
            Some(session) => (token::hash(&session), false),
            None => return Ok(None),
        },
    };
    let now = people.site.clock.now();
    let name = token::name(&hash);
    if let Some(person) = people.sessions.recall(&hash, now) {
        return Ok(Some((person, name)));
    }
    let asked = hash.clone();
    let found = people
        .site
        .system
        .read(move |conn| {
            if is_key {
                Ok(sql::by_key(conn, &asked)?.map(|person| (person, Time(0))))
            } else {
                sql::by_session(conn, &asked, now, now.plus(-IDLE))
            }
        })
        .await?;
    let Some((person, seen)) = found else {
        return Ok(None);
    };
    let person = Arc::new(person);
    people.sessions.remember(hash.clone(), &person, now);
    if seen.plus(NOTE) < now {
        let people = people.clone();
        tokio::spawn(async move { actions::seen(&people, hash, is_key, now).await });
    }
    Ok(Some((person, name)))
}
