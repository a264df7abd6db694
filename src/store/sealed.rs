//! A file of bytes that rest encrypted: written once from front to back, then
//! read from anywhere. AES-256-GCM in chunks, each bound to its place.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::Key;

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

fn sealing_key(key: &Key) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.bytes()).expect("a key has 32 bytes"))
}

/// Each file has a key of its own and is written once, so a chunk's number is
/// a nonce that never comes again. The last chunk is marked, so that a file cut
/// short is noticed.
fn nonce(chunk: u64, is_last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&chunk.to_be_bytes());
    bytes[11] = u8::from(is_last);
    Nonce::assume_unique_for_key(bytes)
}

/// Takes bytes from front to back.
pub struct SealedWriter {
    file: File,
    key: LessSafeKey,
    chunk: u64,
    waiting: Vec<u8>,
    length: u64,
}

impl SealedWriter {
    /// Makes the file; `key` must never have sealed another.
    pub fn create(path: &Path, key: &Key) -> io::Result<SealedWriter> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        Ok(SealedWriter {
            file,
            key: sealing_key(key),
            chunk: 0,
            waiting: Vec::with_capacity(CHUNK + TAG),
            length: 0,
        })
    }

    pub fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.waiting.len() == CHUNK {
                self.seal(false)?;
            }
            let take = bytes.len().min(CHUNK - self.waiting.len());
            self.waiting.extend_from_slice(&bytes[..take]);
            self.length += take as u64;
            bytes = &bytes[take..];
        }
        Ok(())
    }

    /// Seals what is left and waits for the disk. Gives the number of bytes.
    pub fn finish(mut self) -> io::Result<u64> {
        self.seal(true)?;
        self.file.sync_all()?;
        Ok(self.length)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        self.key
            .seal_in_place_append_tag(nonce(self.chunk, is_last), Aad::empty(), &mut self.waiting)
            .map_err(|_unspecified| io::Error::other("a chunk could not be sealed"))?;
        self.file.write_all(&self.waiting)?;
        self.waiting.clear();
        self.chunk += 1;
        Ok(())
    }
}

/// Reads the bytes back, from anywhere.
pub struct SealedReader {
    file: File,
    key: LessSafeKey,
    chunks: u64,
    length: u64,
    at: u64,
    open: Option<u64>,
    plain: Vec<u8>,
}

impl SealedReader {
    pub fn open(path: &Path, key: &Key) -> io::Result<SealedReader> {
        SealedReader::of(File::open(path)?, key)
    }

    /// Reads a file that is whole, whether it has a name or not.
    pub fn of(file: File, key: &Key) -> io::Result<SealedReader> {
        let sealed = file.metadata()?.len();
        let chunks = sealed.div_ceil((CHUNK + TAG) as u64);
        let length = sealed.checked_sub(chunks * TAG as u64).ok_or_else(broken)?;
        Ok(SealedReader {
            file,
            key: sealing_key(key),
            chunks,
            length,
            at: 0,
            open: None,
            plain: Vec::new(),
        })
    }

    fn load(&mut self, chunk: u64) -> io::Result<()> {
        if self.open == Some(chunk) {
            return Ok(());
        }
        let is_last = chunk + 1 == self.chunks;
        let start = chunk * (CHUNK + TAG) as u64;
        let plain = (self.length - chunk * CHUNK as u64).min(CHUNK as u64);
        let size = usize::try_from(plain).map_err(io::Error::other)? + TAG;
        self.open = None;
        self.plain.resize(size, 0);
        self.file.read_exact_at(&mut self.plain, start)?;
        self.key
            .open_in_place(nonce(chunk, is_last), Aad::empty(), &mut self.plain)
            .map_err(|_unspecified| broken())?;
        self.plain.truncate(size - TAG);
        self.open = Some(chunk);
        Ok(())
    }
}

fn broken() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the stored upload is damaged: upload the file again",
    )
}

impl Read for SealedReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        self.load(self.at / CHUNK as u64)?;
        let within = usize::try_from(self.at % CHUNK as u64).map_err(io::Error::other)?;
        let given = (self.plain.len() - within).min(into.len());
        into[..given].copy_from_slice(&self.plain[within..within + given]);
        self.at += given as u64;
        Ok(given)
    }
}

impl Seek for SealedReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf, Key) {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("upload"), Key::random().unwrap());
        let mut writer = SealedWriter::create(&path, &key).unwrap();
        for piece in bytes.chunks(10_000) {
            writer.append(piece).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), bytes.len() as u64);
        (folder, path, key)
    }

    #[test]
    fn what_was_sealed_is_read_back_from_anywhere() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let (_folder, path, key) = seal(&bytes);
            let mut reader = SealedReader::open(&path, &key).unwrap();
            let mut back = Vec::new();
            reader.read_to_end(&mut back).unwrap();
            assert!(back == bytes, "{length} bytes");
            reader.seek(SeekFrom::Start(length as u64 / 2)).unwrap();
            back.clear();
            reader.read_to_end(&mut back).unwrap();
            assert!(
                back == bytes[length / 2..],
                "{length} bytes from the middle"
            );
        }
    }

    #[test]
    fn a_changed_or_shortened_file_is_noticed() {
        let (_folder, path, key) = seal(&vec![7; 2 * CHUNK]);
        let mut sealed = std::fs::read(&path).unwrap();
        assert!(!sealed.windows(8).any(|piece| piece == [7; 8]));

        sealed[100] ^= 1;
        std::fs::write(&path, &sealed).unwrap();
        let mut reader = SealedReader::open(&path, &key).unwrap();
        assert!(reader.read_to_end(&mut Vec::new()).is_err());

        sealed[100] ^= 1;
        sealed.truncate(CHUNK + TAG);
        std::fs::write(&path, &sealed).unwrap();
        let mut reader = SealedReader::open(&path, &key).unwrap();
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
    }
}
