//! One question to another machine by HTTPS, and its answer: nothing is followed, nothing is
//! remembered, and no more is read than whoever asks says, or a megabyte.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT,
};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::{Client, Egress, Error, Host, Purpose};
use crate::base::Secret;

/// What is read of an answer, where whoever asks says nothing else.
const LARGEST: usize = 1 << 20;
const WHOLE: Duration = Duration::from_secs(20);

/// A question.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub url: &'a str,
    pub purpose: Purpose,
    /// Sent by POST as a form; a GET without.
    pub form: Option<Secret>,
    /// What stands after `Authorization:`.
    pub authorization: Option<Secret>,
}

/// A message that is handed over by POST as JSON.
#[derive(Clone, Debug)]
pub struct Post<'a> {
    pub url: &'a str,
    pub purpose: Purpose,
    pub json: String,
    /// Names and values of headers besides.
    pub headers: &'a [(&'static str, String)],
}

/// A question to a machine that a survey names: what is sent, how long it may take, and how
/// much of its answer is read.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub url: &'a str,
    pub purpose: Purpose,
    /// Sent by POST; a GET without.
    pub json: Option<String>,
    /// Names and values of headers besides.
    pub headers: &'a [(String, Secret)],
    pub within: Duration,
    pub largest: usize,
}

/// What is asked for at a machine by GET, where host and port stand fast and nothing that
/// was written below them can name another.
#[derive(Clone, Debug)]
pub struct Get<'a> {
    pub host: &'a str,
    pub port: u16,
    /// Path and query, with the first `/`.
    pub path: &'a str,
    pub purpose: Purpose,
    /// A header besides.
    pub header: Option<(&'a str, &'a Secret)>,
    /// Bytes that are read of the answer.
    pub largest: usize,
}

/// Headers that the carrier sets.
const OWN: [&str; 11] = [
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "accept-encoding",
    "user-agent",
];

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// The seconds after which the other side wants to be asked again, if it says so.
    pub retry_after: Option<u32>,
    pub body: Bytes,
}

/// The parts of an address that is fit to be called.
struct Place {
    host: String,
    port: u16,
    authority: String,
    path: String,
}

impl Place {
    fn parse(url: &str) -> Result<Place, Error> {
        let bad = || Error::BadAddress(url.to_owned());
        let uri: Uri = url.parse().map_err(|_not_uri| bad())?;
        let authority = uri.authority().ok_or_else(bad)?;
        if uri.scheme_str() != Some("https")
            || authority.as_str().contains('@')
            || url.contains('#')
        {
            return Err(bad());
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Place {
            host: uri.host().ok_or_else(bad)?.to_owned(),
            port: uri.port_u16().unwrap_or(443),
            authority: authority.to_string(),
            path: path.to_owned(),
        })
    }
}

impl Egress {
    /// Whether a header of that name is set here and by nobody else.
    pub fn sets_header(name: &str) -> bool {
        OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Host and port of an address on the web, if it is one that may be called.
    pub fn place(url: &str) -> Result<(String, u16), Error> {
        let place = Place::parse(url)?;
        Ok((place.host, place.port))
    }

    /// Why nobody is ever sent to that address, where it is one of numbers; a name is
    /// looked up when it is called.
    pub fn never(&self, url: &str) -> Option<String> {
        let (host, port) = Egress::place(url).ok()?;
        self.refusal(&host, port)
    }

    pub async fn ask(&self, client: &Client, ask: Ask<'_>) -> Result<Answer, Error> {
        let place = Place::parse(ask.url)?;
        let request = request(&place, &ask);
        self.within(client, &place, (ask.purpose, request)).await
    }

    /// Asks as a survey says it.
    pub async fn call(&self, client: &Client, call: Call<'_>) -> Result<Answer, Error> {
        let place = Place::parse(call.url)?;
        let request = called(&place, &call);
        let exchange = self.exchange(Some(client), &place, (call.purpose, request), call.largest);
        let whole = timeout(call.within, exchange).await;
        whole.map_err(|_elapsed| Error::TimedOut(place.authority.clone()))?
    }

    /// Asks by GET; without a `client` everybody on the way reads along. Whoever asks says
    /// how long it may take.
    pub async fn get(&self, client: Option<&Client>, get: Get<'_>) -> Result<Answer, Error> {
        let host = Host::parse(get.host)?;
        let usual = if client.is_some() { 443 } else { 80 };
        let authority = if get.port == usual {
            host.to_string()
        } else {
            format!("{host}:{}", get.port)
        };
        let place = Place {
            host: host.to_string(),
            port: get.port,
            authority,
            path: get.path.to_owned(),
        };
        let request = got(&place, &get);
        self.exchange(client, &place, (get.purpose, request), get.largest)
            .await
    }

    /// Hands a message over. What the other side answers is read and no more.
    pub async fn post(&self, client: &Client, post: Post<'_>) -> Result<Answer, Error> {
        let place = Place::parse(post.url)?;
        let mut request = head(&place)
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in post.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::from(post.json));
        self.within(client, &place, (post.purpose, request)).await
    }

    async fn within(
        &self,
        client: &Client,
        place: &Place,
        (purpose, request): (Purpose, Made),
    ) -> Result<Answer, Error> {
        let exchange = self.exchange(Some(client), place, (purpose, request), LARGEST);
        let whole = timeout(WHOLE, exchange).await;
        whole.map_err(|_elapsed| Error::TimedOut(place.authority.clone()))?
    }

    async fn exchange(
        &self,
        client: Option<&Client>,
        place: &Place,
        (purpose, request): (Purpose, Made),
        largest: usize,
    ) -> Result<Answer, Error> {
        let stream = self.connect(&place.host, place.port, purpose).await?;
        let Some(client) = client else {
            return talk(stream, (place, request), largest).await;
        };
        let stream = self.secure(stream, &place.host, client).await?;
        talk(stream, (place, request), largest).await
    }
}

/// One question and its answer.
async fn talk<S>(
    stream: S,
    (place, request): (&Place, Made),
    largest: usize,
) -> Result<Answer, Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broke =
        |error: &dyn std::fmt::Display| Error::Broke(place.authority.clone(), error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broke(&error))?;
    // Ends by itself when the sender is dropped; what breaks is told there.
    let driver = tokio::spawn(connection);
    let request = request.map_err(|error| broke(&error))?;
    let answer = sender
        .send_request(request)
        .await
        .map_err(|error| broke(&error))?;
    let status = answer.status().as_u16();
    let retry_after = seconds(answer.headers());
    let read = Limited::new(answer.into_body(), largest).collect().await;
    driver.abort();
    let body = read.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            Error::TooLarge(place.authority.clone(), largest >> 10)
        } else {
            broke(&error)
        }
    })?;
    Ok(Answer {
        status,
        retry_after,
        body: body.to_bytes(),
    })
}

type Made = Result<Request<Full<Bytes>>, hyper::http::Error>;

/// What `Retry-After` says in seconds; a date there is not read.
fn seconds(headers: &HeaderMap) -> Option<u32> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

fn head(place: &Place) -> hyper::http::request::Builder {
    Request::builder()
        .uri(&place.path)
        .header(HOST, &place.authority)
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, "Onsight")
}

fn request(place: &Place, ask: &Ask<'_>) -> Made {
    let mut request = head(place);
    if let Some(words) = &ask.authorization {
        let mut value = HeaderValue::from_str(words.reveal())?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    match &ask.form {
        None => request.method(Method::GET).body(Full::default()),
        Some(form) => request
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form.reveal().to_owned())),
    }
}

fn got(place: &Place, get: &Get<'_>) -> Made {
    let mut request = head(place).method(Method::GET);
    if let Some((name, words)) = get.header {
        let mut value = HeaderValue::from_str(words.reveal())?;
        value.set_sensitive(true);
        request = request.header(name, value);
    }
    request.body(Full::default())
}

fn called(place: &Place, call: &Call<'_>) -> Made {
    let mut request = head(place);
    for (name, value) in call.headers {
        let mut value = HeaderValue::from_str(value.reveal())?;
        value.set_sensitive(true);
        request = request.header(name.as_str(), value);
    }
    match &call.json {
        None => request.method(Method::GET).body(Full::default()),
        Some(json) => request
            .method(Method::POST)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(json.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_called_is_https_and_says_no_user() {
        assert_eq!(
            Egress::place("https://idp.corp/realms/x?y=1").unwrap(),
            ("idp.corp".to_owned(), 443)
        );
        assert_eq!(
            Egress::place("https://[::1]:8443").unwrap(),
            ("[::1]".to_owned(), 8443)
        );
        for wrong in [
            "http://idp.corp/",
            "ftp://idp.corp/",
            "file:///etc/passwd",
            "//idp.corp/",
            "idp.corp",
            "https://",
            "https:///x",
            "https://good.corp@evil.example/",
            "https://user:word@idp.corp/",
            "https://idp.corp/#x",
            "https://idp.corp\r\nX: y/",
            "javascript:alert(1)",
            "",
        ] {
            assert!(Egress::place(wrong).is_err(), "{wrong}");
        }
    }
}
