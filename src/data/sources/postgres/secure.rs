//! TLS for the driver: made by `egress`, over a connection of `egress`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_rustls::client::TlsStream as Secured;

use crate::data::sources::model::{Guard, Trouble, Way};
use crate::egress::{Client, Egress, Error, Trust};

/// How connections to one server are secured.
#[derive(Clone)]
pub(super) struct Secure {
    egress: Egress,
    host: String,
    client: Client,
}

/// A stream as the driver wants it.
pub(super) struct Stream(Secured<TcpStream>);

impl Secure {
    pub(super) fn of(way: &Way) -> Result<Secure, Trouble> {
        let trust = match way.place.guard {
            // Nothing is secured with it where there is no TLS.
            Guard::Require | Guard::Off => Ok(Trust::anybody()),
            Guard::Verify => Trust::new(""),
            Guard::Ca => Trust::new(&way.place.ca),
        };
        let client = trust.and_then(|trust| trust.client());
        Ok(Secure {
            egress: way.egress.clone(),
            host: way.place.host.clone(),
            client: client.map_err(|error| Trouble::of(&error))?,
        })
    }
}

impl TlsConnect<TcpStream> for Secure {
    type Stream = Stream;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Stream, Error>>;

    fn connect(self, stream: TcpStream) -> Self::Future {
        Box::pin(async move {
            let secured = self.egress.secure(stream, &self.host, &self.client);
            Ok(Stream(secured.await?))
        })
    }
}

impl TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
