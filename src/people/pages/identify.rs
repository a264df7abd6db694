//! Finds out who is asking, before any page is.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::base::Time;
use crate::journal::{Seen, Via};
use crate::people::{actions, sql, token};
use crate::store::Error as StoreError;
use crate::web::{self, Door, Peer, Person, Result, Standing, Viewer};

use super::People;
use super::breakable::breakable;

/// The cookie that carries a session's token.
pub(super) const COOKIE: &str = "__Host-session";
/// For how long a proof of who one is counts as fresh.
const FRESH: i64 = 5 * Time::MINUTE;
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
    // A page that asks whether it is locked by now is not somebody at work.
    let is_use = request.uri().path() != "/locked";
    let came = match key(request.headers()).map(str::to_owned) {
        Some(key) => match actions::by_key(&people, &key, address, &seen).await? {
            Some((person, scope)) => {
                request.extensions_mut().insert(scope);
                Some(Known {
                    person,
                    standing: Standing::default(),
                    session: token::name(&token::hash(&key)),
                })
            }
            None => None,
        },
        None => who(&people, request.headers(), is_use).await?,
    };
    let Some(known) = came else {
        return Ok(next.run(request).await);
    };
    let Known {
        person,
        standing,
        session,
    } = known;
    let method = match person.via {
        Via::Api => "key",
        _ => "session",
    };
    let seen = Seen {
        session,
        method: method.to_owned(),
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

/// What a program shows instead of a cookie.
fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let words = value.strip_prefix("Bearer ")?.trim();
    // The token of the figures is nobody's key: it opens that one page.
    (!words.starts_with("metrics_")).then_some(words)
}

/// Whom a session or a key belongs to.
struct Known {
    person: Arc<Person>,
    standing: Standing,
    /// The letters by which the journal names the session or key.
    session: String,
}

async fn who(people: &People, headers: &HeaderMap, is_use: bool) -> Result<Option<Known>> {
    let Some(session) = web::cookie(headers, COOKIE) else {
        return Ok(None);
    };
    let hash = token::hash(&session);
    let now = people.site.clock.now();
    let session = token::name(&hash);
    if let Some((person, standing)) = people.sessions.recall(&hash, now) {
        return Ok(Some(Known {
            person,
            standing,
            session,
        }));
    }
    let (asked, is_demo) = (hash.clone(), people.site.config.demo);
    let found = people
        .site
        .system
        .read(move |conn| {
            let live = sql::by_session(conn, &asked, now)?;
            Ok::<_, StoreError>(live.map(|live| {
                let standing = standing(&live, now, is_demo);
                (live.person, standing, live.seen)
            }))
        })
        .await?;
    let Some((person, standing, seen)) = found else {
        return Ok(None);
    };
    let person = Arc::new(person);
    people
        .sessions
        .remember(hash.clone(), (&person, standing), now);
    if is_use && seen.plus(NOTE) < now && !standing.is_locked {
        let people = people.clone();
        tokio::spawn(async move { actions::seen(&people, hash, now).await });
    }
    Ok(Some(Known {
        person,
        standing,
        session,
    }))
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
