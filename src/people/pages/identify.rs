//! Finds out who is asking, before any page is.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::Time;
use crate::journal::Seen;
use crate::people::sessions::Pass;
use crate::people::{actions, sql, token};
use crate::web::{self, Door, KeyScope, Peer, Result, Standing, Viewer};

use super::People;
use super::breakable::breakable;

/// The cookie that carries a session's token.
pub(super) const COOKIE: &str = "__Host-session";
/// For how long a proof of who one is counts as fresh.
const FRESH: i64 = 5 * Time::MINUTE;
/// The header of a request that an open page makes by itself, nobody having done anything.
const BY_ITSELF: &str = "onsight-follow";
/// When a session was last seen is kept this exactly.
const NOTE: i64 = Time::MINUTE;

/// Leaves a [`Viewer`] on requests that carry a live session or a key.
pub async fn identify(
    State(people): State<People>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    request.extensions_mut().insert(people.kept.clone());
    let (address, seen) = (
        Peer::of(request.extensions()),
        web::seen(request.extensions()),
    );
    // A page that asks whether it is locked by now is not somebody at work, and neither is
    // one that follows what others change.
    let is_use = request.uri().path() != "/locked" && !request.headers().contains_key(BY_ITSELF);
    let came = match key(request.headers()) {
        Some(key) => {
            let pass = actions::by_key(&people, key, address, &seen).await?;
            pass.map(|pass| (pass, token::hash(key)))
        }
        None => who(&people, request.headers(), is_use).await?,
    };
    let Some((pass, hash)) = came else {
        return Ok(next.run(request).await);
    };
    let Pass {
        person,
        standing,
        method,
        key,
        under,
    } = pass;
    if let Some(key) = key {
        request.extensions_mut().insert(KeyScope(key.apps.clone()));
    }
    let seen = Seen {
        session: token::name(&hash),
        method: method.to_string(),
        ..Seen::clone(&seen)
    };
    let viewer = Viewer {
        person,
        standing,
        address,
        door: Door::of(request.extensions()),
        seen: Arc::new(seen),
        toast: web::toast(request.headers()),
    };
    let mut told = Box::pin(people.site.running.under(&under).told());
    request.extensions_mut().insert(viewer);
    tokio::select! {
        // Whoever shuts themselves out is still told that it worked.
        biased;
        answer = next.run(request) => Ok(breakable(answer, told)),
        () = &mut told => Err(web::Error::SignIn),
    }
}

/// What a program shows instead of a cookie.
fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let words = value.strip_prefix("Bearer ")?.trim();
    // The token of the figures is nobody's key: it opens that one page.
    (!words.starts_with("metrics_")).then_some(words)
}

/// What the browser's session opens, and the hash of its token.
async fn who(
    people: &People,
    headers: &HeaderMap,
    is_use: bool,
) -> Result<Option<(Pass, Vec<u8>)>> {
    let Some(session) = web::cookie(headers, COOKIE) else {
        return Ok(None);
    };
    let (now, hash) = (people.site.clock.now(), token::hash(&session));
    let known = people.sessions.recall(&hash, now, is_use);
    // A key that came as a cookie is no session.
    if let Some(pass) = known.filter(|pass| pass.key.is_none()) {
        return Ok(Some((pass, hash)));
    }
    let (asked, sought) = (people.sessions.ask(is_use), hash.clone());
    let found = people
        .site
        .system
        .read(move |conn| sql::by_session(conn, &sought, now))
        .await?;
    let Some(live) = found else {
        return Ok(None);
    };
    let standing = standing(&live, now, people.site.config.demo);
    let pass = Pass::new(live.person, standing, &live.method, None);
    let sessions = &people.sessions;
    sessions.remember(asked, hash.clone(), pass.clone(), now);
    if is_use && live.seen.plus(NOTE) < now && !pass.standing.is_locked {
        let (people, hash) = (people.clone(), hash.clone());
        tokio::spawn(async move { actions::seen(&people, hash, now).await });
    }
    Ok(Some((pass, hash)))
}

/// How sure we are of a session's owner. In a demo, whoever came in by its link
/// and has neither password nor second factor could prove nothing, and need not.
fn standing(live: &sql::Live, now: Time, is_demo: bool) -> Standing {
    if is_demo && live.method == "link" && !live.has_password && !live.has_factor {
        return Standing {
            is_fresh: true,
            ..Standing::default()
        };
    }
    Standing {
        is_locked: live.seen.plus(live.idle * Time::MINUTE) <= now,
        owes_factor: live.must_have_factor && !live.has_factor,
        is_fresh: live.proven.plus(FRESH) > now,
    }
}
