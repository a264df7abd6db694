//! HTTP/1.1 by hand, so that the client takes as little of the processor as it can: what is
//! measured shares two cores with it.

use std::io::Write;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::Result;
use crate::line::Answer;

trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// A connection that is asked one thing after the other.
pub struct Older {
    stream: Box<dyn Stream>,
    authority: String,
    out: Vec<u8>,
    buffer: Vec<u8>,
    is_over: bool,
}

impl Older {
    pub fn new(stream: impl AsyncRead + AsyncWrite + Unpin + 'static, authority: &str) -> Older {
        Older {
            stream: Box::new(stream),
            authority: authority.to_owned(),
            out: Vec::with_capacity(1024),
            buffer: Vec::with_capacity(4096),
            is_over: false,
        }
    }

    pub fn is_over(&self) -> bool {
        self.is_over
    }

    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        (kind, body): (&str, &str),
    ) -> Result<Answer> {
        self.out.clear();
        write!(
            self.out,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n",
            self.authority
        )?;
        if !body.is_empty() {
            write!(
                self.out,
                "content-type: {kind}\r\ncontent-length: {}\r\n",
                body.len()
            )?;
        }
        write!(self.out, "\r\n{body}")?;
        self.stream.write_all(&self.out).await?;
        self.stream.flush().await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer> {
        self.buffer.clear();
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = Head::of(std::str::from_utf8(&self.buffer[..end])?)?;
        while self.buffer.len() < end + head.length {
            self.more().await?;
        }
        self.is_over = head.is_last;
        Ok(Answer {
            status: head.status,
            location: head.location,
            retry_after: head.retry_after,
            body: self.buffer[end..end + head.length].to_vec().into(),
        })
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            self.is_over = true;
            return Err("the server ended the connection".into());
        }
        Ok(())
    }
}

struct Head {
    status: u16,
    length: usize,
    location: String,
    retry_after: Option<u64>,
    is_last: bool,
}

impl Head {
    fn of(text: &str) -> Result<Head> {
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = first.split(' ').nth(1).unwrap_or_default().parse()?;
        let mut head = Head {
            status,
            length: 0,
            location: String::new(),
            retry_after: None,
            is_last: false,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("content-length") {
                head.length = value.parse()?;
            } else if name.eq_ignore_ascii_case("location") {
                value.clone_into(&mut head.location);
            } else if name.eq_ignore_ascii_case("retry-after") {
                head.retry_after = value.parse().ok();
            } else if name.eq_ignore_ascii_case("connection") {
                head.is_last = value.eq_ignore_ascii_case("close");
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(format!("an answer without its length: {text}").into());
            }
        }
        Ok(head)
    }
}
