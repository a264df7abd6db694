//! The names the site goes by: for links that leave the page, and to refuse
//! requests that were meant for somebody else.

use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Error;
use crate::site::Site;

/// No address of ours comes near it.
const LONGEST: usize = 8 << 10;

/// `https://host:port`: the configured address of the site, else the one the
/// browser reached us by if it is ours; empty when neither is, for then it is
/// somebody's invention and is not repeated.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl<S> FromRequestParts<S> for Origin
where
    S: Sync,
    Site: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Origin, Self::Rejection> {
        let site = Site::from_ref(state);
        if let Some(url) = &site.config.edges.url {
            return Ok(Origin(url.origin().to_owned()));
        }
        let said = host(&parts.uri, &parts.headers);
        let origin = said.filter(|host| is_ours(&site, &parts.extensions, host));
        let origin = origin.map(|host| format!("https://{host}"));
        Ok(Origin(origin.unwrap_or_default()))
    }
}

/// The address of this host that a connection came to. The host's interfaces
/// need not be known for that: in a network of its own the service sees none.
#[derive(Clone, Copy, Debug)]
pub struct Arrived(pub IpAddr);

/// HTTP/2 says it in the address, HTTP/1.1 in a header.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => headers.get(HOST).and_then(|host| host.to_str().ok()),
    }
}

/// A name of the certificate, of the configuration, or this very machine.
fn is_ours(site: &Site, about: &Extensions, host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
    let config = &site.config;
    let is_configured = config
        .edges
        .url
        .as_ref()
        .is_some_and(|url| url.host() == name)
        || config
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&name));
    is_configured
        || is_loopback(&name)
        || site.certificates.names(&name)
        || is_where_it_arrived(about, &name)
}

/// A number cannot be somebody else's name that leads here.
fn is_where_it_arrived(about: &Extensions, name: &str) -> bool {
    let address = name.parse::<IpAddr>().ok();
    let arrived = about.get::<Arrived>();
    arrived.is_some_and(|arrived| Some(arrived.0.to_canonical()) == address)
}

fn is_loopback(name: &str) -> bool {
    let address = name.parse::<IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Refuses what is not for us before anything looks at it: a page of another
/// name that resolves to this host could otherwise read ours.
pub async fn address(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (uri, headers) = (request.uri(), request.headers());
    if uri
        .path_and_query()
        .is_some_and(|path| path.as_str().len() > LONGEST)
    {
        return Error::LongAddress.into_response();
    }
    // Two hosts, or one that contradicts the address: somebody plays a trick.
    let hosts = headers.get_all(HOST).iter().count();
    let is_said_twice = match (uri.authority(), headers.get(HOST)) {
        (Some(authority), Some(host)) => authority.as_str().as_bytes() != host.as_bytes(),
        _ => false,
    };
    let said = host(uri, headers).filter(|_| hosts <= 1 && !is_said_twice);
    if !said.is_some_and(|host| is_ours(&site, request.extensions(), host)) {
        return Error::NotOurs.into_response();
    }
    next.run(request).await
}
