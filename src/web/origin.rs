//! The address the browser reached us by, for links that leave the page.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::site::Site;

/// `https://host:port`; empty when the host is not one the certificate names,
/// for then it is somebody's invention and is not repeated.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl<S> FromRequestParts<S> for Origin
where
    S: Sync,
    Site: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Origin, Self::Rejection> {
        // HTTP/2 says it in the address, HTTP/1.1 in a header.
        let said = match parts.uri.authority() {
            Some(authority) => Some(authority.as_str()),
            None => parts.headers.get(HOST).and_then(|host| host.to_str().ok()),
        };
        let names = Site::from_ref(state).certificates.shown().names;
        let is_ours = |host: &&str| {
            let name = match host.rsplit_once(':') {
                Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
                _ => host,
            };
            names
                .iter()
                .any(|known| known == name.trim_matches(['[', ']']))
        };
        let origin = said.filter(is_ours).map(|host| format!("https://{host}"));
        Ok(Origin(origin.unwrap_or_default()))
    }
}
