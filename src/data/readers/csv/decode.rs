//! Text in any encoding, read as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};

use super::Refusal;

/// What is decoded at once.
const CHUNK: usize = 32 * 1024;

/// Reads UTF-8 out of whatever the source holds, without the mark in front.
pub(super) enum Decode<R> {
    /// Nothing to do; the first bytes, which may be a mark, were looked at.
    Plain { inner: R, first: Vec<u8> },
    Coded(Box<Coded<R>>),
}

pub(super) struct Coded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Which of the raw bytes wait to be decoded.
    waiting: std::ops::Range<usize>,
    is_end: bool,
    text: Vec<u8>,
    /// Which of the decoded bytes wait to be read.
    ready: std::ops::Range<usize>,
}

impl<R: Read> Decode<R> {
    pub(super) fn new(mut inner: R, encoding: &str) -> Result<Decode<R>, Refusal> {
        let Some(encoding) = Encoding::for_label(encoding.as_bytes()) else {
            return Err(Refusal::file(format!(
                "there is no encoding “{encoding}”: choose utf-8, windows-1252 or another name the web knows"
            )));
        };
        if encoding == UTF_8 {
            let mut first = Vec::new();
            inner.by_ref().take(3).read_to_end(&mut first)?;
            if first == b"\xef\xbb\xbf" {
                first.clear();
            }
            return Ok(Decode::Plain { inner, first });
        }
        Ok(Decode::Coded(Box::new(Coded {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            waiting: 0..0,
            is_end: false,
            text: vec![0; CHUNK * 3],
            ready: 0..0,
        })))
    }
}

impl<R: Read> Read for Decode<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Decode::Plain { inner, first } if first.is_empty() => inner.read(into),
            Decode::Plain { first, .. } => {
                let len = first.len().min(into.len());
                into[..len].copy_from_slice(&first[..len]);
                first.drain(..len);
                Ok(len)
            }
            Decode::Coded(coded) => coded.read(into),
        }
    }
}

impl<R: Read> Coded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            if self.waiting.is_empty() {
                if self.is_end {
                    return Ok(0);
                }
                let got = self.inner.read(&mut self.raw)?;
                self.waiting = 0..got;
                self.is_end = got == 0;
            }
            let raw = &self.raw[self.waiting.clone()];
            let (_, read, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.text, self.is_end);
            self.waiting.start += read;
            self.ready = 0..written;
        }
        let len = self.ready.len().min(into.len());
        let start = self.ready.start;
        into[..len].copy_from_slice(&self.text[start..start + len]);
        self.ready.start += len;
        Ok(len)
    }
}
