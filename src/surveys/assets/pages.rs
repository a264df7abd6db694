//! A picture on its way to a browser.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};

use super::clean::Form;

/// Its address is made of its content: it never says anything else. Opened by itself it is
/// a picture and no page.
const HEADERS: [(HeaderName, &str); 2] = [
    (CACHE_CONTROL, "private, max-age=31536000, immutable"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
];

pub fn sent((form, body): (Form, Vec<u8>)) -> Response {
    (HEADERS, [(CONTENT_TYPE, form.media())], body).into_response()
}
