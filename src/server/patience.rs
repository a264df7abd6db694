//! An end to slow readers and slow senders: whoever moves less than a little in
//! a while holds a place for nothing.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::seats::Seat;

/// What must move within the patience: 4 KiB in 30 s is slower than any modem.
const ENOUGH: usize = 4 << 10;
/// Of a body on its way in; forms are small.
const ENOUGH_IN: usize = 1 << 10;

/// Time that runs only while the other side is waited for.
struct Waiting {
    patience: Duration,
    enough: usize,
    moved: usize,
    end: Option<Pin<Box<Sleep>>>,
}

impl Waiting {
    fn new(patience: Duration, enough: usize) -> Waiting {
        Waiting {
            patience,
            enough,
            moved: 0,
            end: None,
        }
    }

    /// Something moved; enough of it starts the time anew.
    fn moved(&mut self, count: usize) {
        self.moved = self.moved.saturating_add(count);
        if self.moved >= self.enough {
            self.all_moved();
        }
    }

    fn all_moved(&mut self) {
        self.moved = 0;
        self.end = None;
    }

    /// Nothing moves now: ready when patience has ended.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.patience;
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(end.as_mut().poll(cx));
        Poll::Ready(io::Error::new(
            io::ErrorKind::TimedOut,
            "the other side was too slow",
        ))
    }
}

/// A connection that is given up when its reader takes too little.
pub(super) struct Patience<T> {
    io: T,
    writing: Waiting,
    /// Given back when the stream is.
    _seat: Option<Seat>,
}

impl<T> Patience<T> {
    pub(super) fn new(io: T, patience: Duration) -> Patience<T> {
        Patience {
            io,
            writing: Waiting::new(patience, ENOUGH),
            _seat: None,
        }
    }

    pub(super) fn holding(self, seat: Seat) -> Patience<T> {
        Patience {
            _seat: Some(seat),
            ..self
        }
    }
}

impl<T: AsyncWrite + Unpin> Patience<T> {
    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Pending => self.writing.poll(cx).map(Err),
            Poll::Ready(Ok(count)) => {
                self.writing.moved(count);
                Poll::Ready(Ok(count))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }

    fn ended(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        match done {
            Poll::Pending => self.writing.poll(cx).map(Err),
            done @ Poll::Ready(_) => {
                self.writing.all_moved();
                done
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patience<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_flush(cx);
        self.ended(cx, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_shutdown(cx);
        self.ended(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, pieces);
        self.wrote(cx, written)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patience<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

/// A request's body that fails when its sender is too slow.
pub(super) struct Steady<B> {
    body: B,
    reading: Waiting,
}

impl<B> Steady<B> {
    pub(super) fn new(body: B, patience: Duration) -> Steady<B> {
        Steady {
            body,
            reading: Waiting::new(patience, ENOUGH_IN),
        }
    }
}

impl<B> Body for Steady<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending => self.reading.poll(cx).map(|slow| Some(Err(slow.into()))),
            Poll::Ready(Some(Ok(frame))) => {
                self.reading.moved(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::seats::Seats;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_takes_nothing_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(1024);
        let mut patient = Patience::new(ours, PATIENCE);
        let failed = patient.write_all(&[0; 4096]).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_seat_is_taken_for_as_long_as_there_is_the_stream() {
        let seats = Seats::new(8, 8);
        let place = seats.place().await.unwrap();
        let seat = seats.seat(place, [192, 0, 2, 1].into(), false).unwrap();
        let (ours, _theirs) = tokio::io::duplex(1024);

        let patient = Patience::new(ours, PATIENCE).holding(seat);

        assert_eq!(seats.taken(), 1);
        drop(patient);
        assert_eq!(seats.taken(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trickle_is_no_progress_and_a_slow_reader_is_no_attacker() {
        let read_by = async |piece: usize| {
            let (ours, mut theirs) = tokio::io::duplex(1024);
            let mut patient = Patience::new(ours, PATIENCE);
            let reader = tokio::spawn(async move {
                let mut room = vec![0; piece];
                while theirs.read_exact(&mut room).await.is_ok() {
                    sleep(Duration::from_secs(5)).await;
                }
            });
            let written = patient.write_all(&vec![0; 64 << 10]).await;
            reader.abort();
            written
        };
        assert!(read_by(100).await.is_err());
        assert!(read_by(1024).await.is_ok());
    }
}
