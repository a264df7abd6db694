//! The content of a sealed file: pieces of 64 KiB, each bound to its place, the
//! last one marked.

use std::io::{self, Read, Seek, SeekFrom, Write};

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::{Error, Identity, Recipient, header};

const PIECE: usize = 64 << 10;
const TAG: usize = 16;

fn nonce(piece: u64, is_last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&piece.to_be_bytes());
    bytes[11] = u8::from(is_last);
    Nonce::assume_unique_for_key(bytes)
}

/// Seals what is written to it.
pub(in crate::backup) struct Sealer<W: Write> {
    to: W,
    key: LessSafeKey,
    piece: u64,
    waiting: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    pub(in crate::backup) fn new(mut to: W, recipients: &[Recipient]) -> Result<Sealer<W>, Error> {
        if recipients.is_empty() {
            return Err(Error::BadRecipient);
        }
        let (mut key, mut salt) = (Zeroizing::new([0; 16]), [0; 16]);
        rand::fill(key.as_mut_slice()).map_err(|_unspecified| Error::NoRandomness)?;
        rand::fill(&mut salt).map_err(|_unspecified| Error::NoRandomness)?;
        to.write_all(&header::write(recipients, &key)?)?;
        to.write_all(&salt)?;
        Ok(Sealer {
            to,
            key: header::payload_key(&key, &salt).ok_or(Error::NoRandomness)?,
            piece: 0,
            waiting: Vec::with_capacity(PIECE + TAG),
        })
    }

    /// Marks the end, without which the file is cut short. Gives what was
    /// written to.
    pub(in crate::backup) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let nonce = nonce(self.piece, is_last);
        self.key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut self.waiting)
            .map_err(|_unspecified| io::Error::other("a piece could not be sealed"))?;
        self.to.write_all(&self.waiting)?;
        self.waiting.clear();
        self.piece += 1;
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits until more comes: it might be the last.
        if self.waiting.len() == PIECE {
            self.seal(false)?;
        }
        let taken = bytes.len().min(PIECE - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Reads what was sealed, from anywhere in it.
pub(in crate::backup) struct Opener<R> {
    from: R,
    key: LessSafeKey,
    /// Where the first piece begins.
    start: u64,
    pieces: u64,
    length: u64,
    at: u64,
    open: Option<u64>,
    plain: Vec<u8>,
}

impl<R: Read + Seek> Opener<R> {
    pub(in crate::backup) fn new(mut from: R, ours: &[Identity]) -> Result<Opener<R>, Error> {
        let end = from.seek(SeekFrom::End(0))?;
        from.seek(SeekFrom::Start(0))?;
        let (key, length) = {
            let mut front = io::BufReader::new(&mut from);
            header::read(&mut front, ours)?
        };
        from.seek(SeekFrom::Start(length))?;
        let mut salt = [0; 16];
        from.read_exact(&mut salt)
            .map_err(|_short| Error::Damaged)?;
        let start = length + 16;
        let sealed = end.checked_sub(start).ok_or(Error::Damaged)?;
        let pieces = sealed.div_ceil((PIECE + TAG) as u64).max(1);
        let length = sealed.checked_sub(pieces * TAG as u64);
        let mut opener = Opener {
            from,
            key: header::payload_key(&key, &salt).ok_or(Error::Damaged)?,
            start,
            pieces,
            length: length.ok_or(Error::Damaged)?,
            at: 0,
            open: None,
            plain: Vec::new(),
        };
        // Cut at a border between pieces, the last one does not open.
        opener.load(pieces - 1)?;
        Ok(opener)
    }

    fn load(&mut self, piece: u64) -> Result<(), Error> {
        if self.open == Some(piece) {
            return Ok(());
        }
        let is_last = piece + 1 == self.pieces;
        let before = piece * PIECE as u64;
        let left = self.length.checked_sub(before).ok_or(Error::Damaged)?;
        let plain = left.min(PIECE as u64);
        let size = usize::try_from(plain).map_err(|_large| Error::Damaged)? + TAG;
        self.open = None;
        self.plain.resize(size, 0);
        let place = self.start + piece * (PIECE + TAG) as u64;
        self.from.seek(SeekFrom::Start(place))?;
        self.from
            .read_exact(&mut self.plain)
            .map_err(|_short| Error::Damaged)?;
        self.key
            .open_in_place(nonce(piece, is_last), Aad::empty(), &mut self.plain)
            .map_err(|_unspecified| Error::Damaged)?;
        self.plain.truncate(size - TAG);
        self.open = Some(piece);
        Ok(())
    }
}

impl<R: Read + Seek> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        self.load(self.at / PIECE as u64)?;
        let within = usize::try_from(self.at % PIECE as u64).map_err(io::Error::other)?;
        let given = (self.plain.len() - within).min(into.len());
        into[..given].copy_from_slice(&self.plain[within..within + given]);
        self.at += given as u64;
        Ok(given)
    }
}

impl<R> Opener<R> {
    /// Goes on from that byte of the content.
    pub(in crate::backup) fn go_to(&mut self, at: u64) {
        self.at = at;
    }
}
