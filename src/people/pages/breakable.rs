//! An answer that breaks off when whoever it is for is shut out: with an error,
//! so that nobody takes what came until then for the whole.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// Ready when the answer has to stop.
pub(super) type Told = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Breakable {
    /// `None`: it is over, one way or the other.
    body: Option<Body>,
    told: Told,
}

/// The answer, watched while it is sent. What is in memory whole is as good as
/// sent and stays as it is.
pub(super) fn breakable(answer: Response, told: Told) -> Response {
    answer.map(|body| {
        if body.size_hint().exact().is_some() {
            return body;
        }
        Body::new(Breakable {
            body: Some(body),
            told,
        })
    })
}

impl HttpBody for Breakable {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let next = Pin::new(body).poll_frame(context);
        if matches!(next, Poll::Ready(None)) {
            self.body = None;
            return next;
        }
        if self.told.as_mut().poll(context).is_ready() {
            // Whatever makes the rest sees its end go, and stops.
            self.body = None;
            let why = io::Error::other("whoever this is for was shut out");
            return Poll::Ready(Some(Err(axum::Error::new(why))));
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::BodyExt;
    use tokio::sync::oneshot;

    use super::*;

    fn pieces() -> Response {
        let piece = || Ok::<_, io::Error>(Bytes::from_static(b"row\n"));
        let pieces = stream::repeat_with(piece);
        Response::new(Body::from_stream(pieces))
    }

    #[tokio::test]
    async fn an_answer_under_way_breaks_off_with_an_error() {
        let (tell, told) = oneshot::channel::<()>();
        let told = Box::pin(async move {
            let _ = told.await;
        });
        let mut body = breakable(pieces(), told).into_body();
        assert!(body.frame().await.unwrap().is_ok());
        assert!(body.frame().await.unwrap().is_ok());

        tell.send(()).unwrap();

        assert!(body.frame().await.unwrap().is_err());
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn an_answer_that_is_whole_is_not_watched() {
        let told = Box::pin(async {});
        let body = breakable(Response::new(Body::from("all of it")), told).into_body();
        assert_eq!(body.collect().await.unwrap().to_bytes(), "all of it");
    }
}
