//! In which encoding a text is written.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::guard::LONGEST;
use super::{Refusal, Upload, newlines, too_long};
use crate::base::text::thousands;

const CHUNK: usize = 64 * 1024;

/// How much of a text that is not UTF-8 the guess is made from.
const GUESSED: usize = 1 << 20;

/// Whether the start of a file can be text at all.
pub(super) fn is_text(head: &[u8]) -> bool {
    if marked(head).is_some() || unmarked_utf_16(head).is_some() {
        return true;
    }
    let controls = head.iter().filter(|byte| is_control(**byte)).count();
    !head.contains(&0) && controls * 100 <= head.len()
}

/// No text uses it: neither a blank nor the end of a line or a page.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a)
}

fn marked(head: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(head).map(|(encoding, _)| encoding)
}

/// Every other byte of mostly Latin text is zero in UTF-16.
fn unmarked_utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len().min(4096) / 2;
    let zeros = |at: usize| head.iter().take(pairs * 2).skip(at).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, high) if high * 2 > pairs => Some(UTF_16LE),
        (low, 0) if low * 2 > pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// Looks at every byte: one word in another encoding may stand anywhere.
pub(super) fn find(upload: &Upload<'_>) -> Result<&'static Encoding, Refusal> {
    let head = upload.head(CHUNK as u64)?;
    if let Some(encoding) = marked(&head).filter(|encoding| *encoding != UTF_8) {
        return Ok(encoding);
    }
    if let Some(encoding) = unmarked_utf_16(&head) {
        return Ok(encoding);
    }
    let mut look = Look::default();
    let mut source = upload.source()?;
    let mut chunk = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let got = source.read(&mut chunk[kept..])?;
        if got == 0 {
            break;
        }
        look.lines(&chunk[kept..kept + got])?;
        let whole = &chunk[..kept + got];
        let valid = Encoding::utf8_valid_up_to(whole);
        let cut = whole.len() - valid;
        // A character may be cut in two by the end of the chunk.
        if cut > 3 || (cut > 0 && !is_start(&whole[valid..])) {
            return guess(whole, source);
        }
        chunk.copy_within(valid..kept + got, 0);
        kept = cut;
    }
    Ok(if kept == 0 { UTF_8 } else { WINDOWS_1252 })
}

/// The bytes may be the start of one character.
fn is_start(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// What the bytes from the first that is not UTF-8 look like.
fn guess(first: &[u8], source: impl Read) -> Result<&'static Encoding, Refusal> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut rest = Vec::new();
    source.take(GUESSED as u64).read_to_end(&mut rest)?;
    detector.feed(first, false);
    detector.feed(&rest, true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

/// Where in the text we are, and how long ago the last line ended.
#[derive(Default)]
struct Look {
    byte: u64,
    line_start: u64,
    lines: u64,
}

impl Look {
    /// Refuses what no table has: zero bytes, and lines without an end.
    fn lines(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.contains(&0) {
            let before = bytes.iter().take_while(|byte| **byte != 0).count();
            return Err(Refusal::file(format!(
                "byte {} of the file is zero, which no text has: send a CSV file, or the workbook itself",
                thousands(self.byte + before as u64 + 1)
            )));
        }
        self.lines += newlines(bytes);
        let end = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        self.byte += bytes.len() as u64;
        if let Some(end) = end {
            self.line_start = self.byte - bytes.len() as u64 + end as u64 + 1;
        }
        if self.byte - self.line_start > LONGEST {
            return Err(too_long(self.lines + 1, self.line_start + 1));
        }
        Ok(())
    }
}
