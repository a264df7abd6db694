//! Forms that were sent while we had to ask who it is: kept here, in memory,
//! until the same person goes on with them.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Uri};

use super::access::{UserId, Viewer};
use super::form::Fields;
use crate::base::{Clock, Expiring, Time};
use crate::store::Key;

const FORM: &str = "application/x-www-form-urlencoded";
/// The largest form that is kept.
const LARGEST: usize = 64 << 10;
/// How long one is kept, and how many at the most.
const GOOD: i64 = 10 * Time::MINUTE;
const MOST: usize = 500;

/// The forms of everybody; every clone is the same.
#[derive(Clone)]
pub struct Kept {
    clock: Clock,
    forms: Arc<Expiring<String, Form>>,
}

struct Form {
    owner: UserId,
    to: Uri,
    body: Bytes,
}

impl Kept {
    pub fn new(clock: Clock) -> Kept {
        Kept {
            clock,
            forms: Arc::new(Expiring::new(GOOD, MOST)),
        }
    }

    /// Where that form was sent, if it is this person's.
    pub fn whither(&self, id: &str, owner: UserId) -> Option<String> {
        let path = |form: &Form| (form.owner == owner).then(|| form.to.path().to_owned());
        self.forms.look(id, self.clock.now(), path)?
    }

    fn put(&self, form: Form) -> Option<String> {
        let id = Key::random().ok()?.hex().to_string();
        self.forms.put(id.clone(), form, self.clock.now());
        Some(id)
    }

    /// Gives a form out once, to its owner, for the address it was sent to.
    fn take(&self, id: &str, owner: UserId, path: &str) -> Option<Form> {
        let is_theirs = |form: &Form| form.owner == owner && form.to.path() == path;
        self.forms.take_if(id, self.clock.now(), is_theirs)
    }
}

fn is_kind(value: Option<&HeaderValue>, kind: &str) -> bool {
    value.is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}

/// Keeps the form a browser sent as a whole page. Scripts repeat theirs themselves.
pub(super) async fn keep(request: Request, viewer: &Viewer) -> Option<String> {
    let headers = request.headers();
    let is_form = request.method() == Method::POST
        && is_kind(headers.get(CONTENT_TYPE), FORM)
        && !is_kind(headers.get(ACCEPT), "application/json")
        && !headers.contains_key("hx-request");
    let kept = request.extensions().get::<Kept>().cloned()?;
    if !is_form {
        return None;
    }
    let to = request.uri().clone();
    let body = to_bytes(request.into_body(), LARGEST).await.ok()?;
    kept.put(Form {
        owner: viewer.person.id,
        to,
        body,
    })
}

/// Puts the kept form in place of an empty one that names it: `?kept=…`.
pub(super) fn restore(mut request: Request, viewer: Option<&Viewer>) -> Request {
    let named = request
        .uri()
        .query()
        .filter(|_| request.method() == Method::POST);
    let Some(id) = named.and_then(|query| Fields::parse(query).get("kept").map(str::to_owned))
    else {
        return request;
    };
    let kept = request.extensions().get::<Kept>().cloned();
    let form = kept
        .zip(viewer)
        .and_then(|(kept, viewer)| kept.take(&id, viewer.person.id, request.uri().path()));
    if let Some(form) = form {
        *request.uri_mut() = form.to;
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        *request.body_mut() = Body::from(form.body);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_form_is_given_once_to_its_owner_at_its_address() {
        let clock = Clock::set_to(Time(1_000_000));
        let kept = Kept::new(clock.clone());
        let (ada, bob) = (UserId::new(Time(1)), UserId::new(Time(2)));
        let put = || {
            let form = Form {
                owner: ada,
                to: Uri::from_static("/members?x=1"),
                body: Bytes::from_static(b"email=cyd"),
            };
            kept.put(form).unwrap()
        };
        let id = put();
        assert_eq!(kept.whither(&id, bob), None);
        assert!(kept.take(&id, bob, "/members").is_none());
        assert!(kept.take(&id, ada, "/account").is_none());
        assert_eq!(
            &kept.take(&id, ada, "/members").unwrap().body[..],
            b"email=cyd"
        );
        assert!(kept.take(&id, ada, "/members").is_none());

        let late = put();
        clock.advance(GOOD);
        assert!(kept.take(&late, ada, "/members").is_none());
    }
}
