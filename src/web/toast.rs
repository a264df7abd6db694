//! What a page wants said on the next one: a line that travels in a cookie and
//! is eaten by the page that shows it.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::Cookie;

const NAME: &str = "__Host-toast";

/// "Done, go there": a redirect after a post, with a word about what happened.
pub struct Done {
    to: String,
    toast: Option<String>,
}

impl Done {
    /// `to` is a path on this site.
    pub fn to(to: impl Into<String>) -> Done {
        Done {
            to: to.into(),
            toast: None,
        }
    }

    /// What happened: "Order saved".
    #[must_use]
    pub fn saying(self, toast: impl Into<String>) -> Done {
        Done {
            toast: Some(toast.into()),
            ..self
        }
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let mut response = Redirect::to(&self.to).into_response();
        if let Some(toast) = self.toast {
            let encoded: String = form_urlencoded::byte_serialize(toast.as_bytes()).collect();
            let cookie =
                format!("{NAME}={encoded}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
        }
        response
    }
}

/// The line the request carries.
pub fn carried(headers: &HeaderMap) -> Option<String> {
    let encoded = cookie(headers, NAME)?;
    let (line, _) = form_urlencoded::parse(encoded.as_bytes()).next()?;
    Some(line.into_owned()).filter(|line| !line.is_empty())
}

pub(super) fn was_carried(headers: &HeaderMap) -> bool {
    cookie(headers, NAME).is_some()
}

pub(super) fn eaten() -> HeaderValue {
    HeaderValue::from_static("__Host-toast=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The value of a cookie of that name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}
