//! Requests to a place over HTTPS, with bodies of any length: each on a connection of its
//! own, nothing is followed.

use std::io::{self, Read};

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::task::spawn_blocking;

use super::{Error, Step, at};
use crate::egress::{Client, Egress, Purpose};
use crate::journal::hex;

/// Bytes that are read and sent together.
const PIECE: usize = 64 << 10;

/// The machine a place lies on.
pub(super) struct Server {
    pub(super) egress: Egress,
    pub(super) purpose: Purpose,
    pub(super) client: Client,
    pub(super) host: String,
    pub(super) port: u16,
    /// For people who read what went wrong.
    pub(super) shown: String,
}

impl Server {
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, Error> {
        let broke = |error: &dyn std::fmt::Display| at(Step::Write, &self.shown, error);
        let stream = self.egress.connect(&self.host, self.port, self.purpose);
        let stream = self.egress.secure(stream.await?, &self.host, &self.client);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream.await?))
            .await
            .map_err(|error| broke(&error))?;
        // Ends by itself when the answer is read; what breaks is told there.
        tokio::spawn(connection);
        let sent = sender.send_request(request).await;
        sent.map_err(|error| broke(&error))
    }
}

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

pub(super) fn nothing() -> Body {
    Full::default()
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A body that is read while it is sent.
pub(super) fn streamed(source: Box<dyn Read + Send>) -> Body {
    let pieces = stream::try_unfold(source, |mut source| async move {
        let read = spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let read = source.read(&mut piece)?;
            piece.truncate(read);
            Ok::<_, io::Error>((piece, source))
        });
        let (piece, source) = read.await.map_err(io::Error::other)??;
        let is_more = !piece.is_empty();
        Ok::<_, io::Error>(is_more.then(|| (Frame::data(Bytes::from(piece)), source)))
    });
    StreamBody::new(Box::pin(pieces)).boxed_unsync()
}

/// Host and port as requests name them.
pub(super) fn authority(host: &str, port: u16) -> String {
    match port {
        443 => host.to_owned(),
        port => format!("{host}:{port}"),
    }
}

/// As an address carries it: what is no letter, digit or `-_.~` in hexadecimal;
/// slashes stay where `slashes` says so.
pub(super) fn escape(text: &str, slashes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b'/' if slashes => out.push('/'),
            byte => {
                out.push('%');
                out.push_str(&hex(&[byte]).to_uppercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_escaped_as_s3_wants_it() {
        assert_eq!(escape("points/a b+c~ü", true), "points/a%20b%2Bc~%C3%BC");
        assert_eq!(escape("a/b", false), "a%2Fb");
    }
}
